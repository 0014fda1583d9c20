// @ts-check
// Where one number of the convolutional net came from: its patch of the drawing, and the sum.

import { mountFrame } from "../frame.js";
import { FRAME } from "../geometry.js";
import { h, write } from "../html.js";
import { KERNEL, largest, products, rounded } from "../insides/arithmetic.js";
import { HIDDEN, OUTPUTS } from "../insides/convolution.js";
import { DECIMALS, figure } from "../insides/figures.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { t } from "../texts.js";
import { finePercent } from "../words.js";

/** @import { Frame } from "../client.js" */
/** @import { Cell, Taken, Term } from "../insides/convolution.js" */

/**
 * @typedef {object} Origin
 * @property {Frame} frame
 * @property {Cell | null} cell that is pointed at
 * @property {Taken | null} taken what it was added up from
 * @property {boolean} off whether its map or unit is switched off
 * @property {number} probability of the digit, where the cell is an output
 */

export function mountOrigin() {
  const canvas = h("canvas", { class: "matrix", role: "img" });
  const patch = h("span", { class: "patch", hidden: true });
  const title = h("h3", {}, t("cnn.origin"));
  const brief = h("p", { class: "brief", hidden: true });
  const words = h("p", { role: "log" }, t("cnn.hint"));
  const { table, fill } = mountTerms();
  const element = h(
    "aside",
    { class: "origin", "aria-label": t("cnn.origin"), tabindex: "0" },
    h("div", { class: "origin-frame" }, canvas, patch),
    h("div", { class: "origin-words" }, title, brief, words),
    table,
  );
  const updateFrame = mountFrame(canvas);

  return { element, brief, update };

  /** @param {Origin} state */
  function update({ frame, cell, taken, off, probability }) {
    updateFrame({ frame });
    for (const part of [patch, brief, table]) part.hidden = !taken;
    if (!cell || !taken) {
      write(title, t("cnn.origin"));
      write(words, frame ? t("cnn.hint") : t("cnn.draw"));
      return;
    }
    const { top, left, bottom, right } = taken.patch;
    const share = (/** @type {number} */ at) => `${(100 * at) / FRAME}%`;
    patch.style.inset = `${share(top)} ${share(FRAME - 1 - right)} ${share(FRAME - 1 - bottom)} ${share(left)}`;
    write(title, titleOf(cell));
    write(brief, briefOf(taken));
    write(words, wordsOf(cell, taken, off, probability));
    fill(cell, taken);
  }
}

/** What each channel adds; the heads say what full colour stands for in the pictures under them. */
function mountTerms() {
  const body = h("tbody", {});
  const ends = () => h("span", { class: "ends" });
  const scales = { weights: ends(), inputs: ends(), product: ends() };
  const heads = [
    h("th", { scope: "col" }, t("cnn.channel")),
    ...Object.entries(scales).map(([name, scale]) => h("th", { scope: "col" }, t(`cnn.${name}`), " ", scale)),
    h("th", { scope: "col" }, t("cnn.sum")),
  ];
  const table = h("table", { class: "terms", hidden: true }, h("thead", {}, h("tr", {}, ...heads)), body);

  /**
   * @param {Cell} cell
   * @param {Taken} taken
   */
  function fill(cell, { terms, bias, total }) {
    const most = {
      weights: Math.max(...terms.map((term) => largest(term.weights))),
      inputs: Math.max(...terms.map((term) => largest(term.inputs))),
      product: Math.max(...terms.map((term) => largest(products(term.weights, term.inputs)))),
    };
    write(scales.weights, `± ${figure(most.weights)}`);
    write(scales.inputs, `0 … ${figure(most.inputs)}`);
    write(scales.product, `± ${figure(most.product)}`);
    const rows = terms.map((term, index) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, nameOf(cell, index)),
        ...pictures(term, most),
        h("td", { class: "figure" }, figure(term.sum)),
      ),
    );
    const line = (/** @type {string} */ name, /** @type {number} */ value) =>
      h(
        "tr",
        { class: `term-${name}` },
        h("th", { scope: "row", colspan: "4" }, t(`cnn.${name}`)),
        h("td", { class: "figure" }, figure(value)),
      );
    body.replaceChildren(...rows, line("bias", bias), line("total", total));
  }

  return { table, fill };
}

/**
 * @param {Term} term
 * @param {{ weights: number, inputs: number, product: number }} most
 */
function pictures({ weights, inputs, columns }, most) {
  const wide = columns > KERNEL ? "matrix wide" : "matrix";
  return [
    { values: weights, most: most.weights, signed: true, label: t("cnn.weights") },
    { values: inputs, most: most.inputs, signed: false, label: t("cnn.inputs") },
    { values: products(weights, inputs), most: most.product, signed: true, label: t("cnn.product") },
  ].map((picture) => {
    const canvas = matrixCanvas(wide);
    paintMatrix(canvas, { ...picture, columns });
    return h("td", {}, canvas);
  });
}

/**
 * @param {Cell} cell
 * @param {number} index
 */
function nameOf({ stage }, index) {
  if (stage === 0) return t("cnn.frame");
  return stage === OUTPUTS ? t("cnn.hiddenShort") : t("cnn.mapShort", { map: index + 1 });
}

/** @param {Cell} cell */
function titleOf({ stage, map, row, column }) {
  if (stage === HIDDEN) return t("cnn.titleHidden", { unit: column + 1 });
  if (stage === OUTPUTS) return t("cnn.titleOutput", { digit: column });
  return t("cnn.titleCell", { stage: stage + 1, map: map + 1, row: row + 1, column: column + 1 });
}

/** @param {Taken} taken */
const briefOf = ({ bias, total }) =>
  t("cnn.brief", {
    parts: figure(rounded(total - bias, DECIMALS)),
    bias: figure(bias),
    total: figure(total),
  });

/**
 * @param {Cell} cell
 * @param {Taken} taken
 * @param {boolean} off
 * @param {number} probability
 */
function wordsOf({ stage }, { patch, pooled, total, value }, off, probability) {
  const sum = { total: figure(total) };
  if (stage === OUTPUTS) return t("cnn.wordsOutput", { ...sum, percent: finePercent(probability) });
  const switchedOff = stage === HIDDEN ? "cnn.handedUnitOff" : "cnn.handedMapOff";
  const handed = t(off ? switchedOff : "cnn.handed", { value: figure(value) });
  if (stage === HIDDEN) return t("cnn.wordsHidden", { ...sum, handed });
  return t(pooled.length > 1 ? "cnn.wordsCell" : "cnn.wordsEdge", {
    ...sum,
    handed,
    rows: patch.bottom - patch.top + 1,
    columns: patch.right - patch.left + 1,
    count: pooled.length,
    pooled: pooled.map(figure).join("; "),
  });
}
