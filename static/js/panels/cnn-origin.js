// @ts-check
// Where one number of the convolutional net came from: its patch of the drawing, and the sum.

import { mountFrame } from "../frame.js";
import { h, write } from "../html.js";
import { largest, products } from "../insides/arithmetic.js";
import { DECIMALS, HIDDEN, OUTPUTS, STAGES } from "../insides/convolution.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { number, t } from "../texts.js";

/** @import { Frame } from "../client.js" */
/** @import { Cell, Taken, Term } from "../insides/convolution.js" */

const SIDE = 28;

export function mountOrigin() {
  const canvas = h("canvas", { width: String(SIDE), height: String(SIDE), role: "img", class: "matrix" });
  const patch = h("span", { class: "patch", hidden: true });
  const title = h("h3", {}, t("cnn.origin"));
  const words = h("p", { role: "log" }, t("cnn.hint"));
  const body = h("tbody", {});
  const heads = ["channel", "weights", "inputs", "product", "sum"].map((name) =>
    h("th", { scope: "col" }, t(`cnn.${name}`)),
  );
  const table = h("table", { class: "terms", hidden: true }, h("thead", {}, h("tr", {}, ...heads)), body);
  const element = h(
    "aside",
    { class: "origin", "aria-label": t("cnn.origin"), tabindex: "0" },
    h("div", { class: "origin-frame" }, canvas, patch),
    h("div", { class: "origin-words" }, title, words),
    table,
  );
  const updateFrame = mountFrame(canvas);

  /** @param {{ frame: Frame, cell: Cell | null, taken: Taken | null }} state */
  function update({ frame, cell, taken }) {
    updateFrame({ frame });
    patch.hidden = !taken;
    table.hidden = !taken;
    if (!cell || !taken) {
      write(title, t("cnn.origin"));
      write(words, frame ? t("cnn.hint") : t("cnn.draw"));
      return;
    }
    const { top, left, bottom, right } = taken.patch;
    const share = (/** @type {number} */ at) => `${(100 * at) / SIDE}%`;
    patch.style.inset = `${share(top)} ${share(SIDE - 1 - right)} ${share(SIDE - 1 - bottom)} ${share(left)}`;
    write(title, titleOf(cell));
    write(words, wordsOf(cell, taken));
    fill(cell, taken);
  }

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
    const rows = terms.map((term, index) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, nameOf(cell, index)),
        ...pictures(term, most),
        h("td", { class: "figure" }, number(term.sum, DECIMALS)),
      ),
    );
    const line = (/** @type {string} */ name, /** @type {number} */ value) =>
      h(
        "tr",
        { class: `term-${name}` },
        h("th", { scope: "row", colspan: "4" }, t(`cnn.${name}`)),
        h("td", { class: "figure" }, number(value, DECIMALS)),
      );
    body.replaceChildren(...rows, line("bias", bias), line("total", total));
  }

  return { element, update };
}

/**
 * @param {Term} term
 * @param {{ weights: number, inputs: number, product: number }} most
 */
function pictures({ weights, inputs, columns }, most) {
  const wide = columns > 5 ? "matrix wide" : "matrix";
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

/**
 * @param {Cell} cell
 * @param {Taken} taken
 */
function wordsOf({ stage }, { patch, pooled, total, value }) {
  const figure = (/** @type {number} */ one) => number(one, DECIMALS);
  if (stage === OUTPUTS) return t("cnn.wordsOutput", { total: figure(total) });
  if (stage === HIDDEN) return t("cnn.wordsHidden", { total: figure(total), value: figure(value) });
  return t(stage < STAGES && pooled.length > 1 ? "cnn.wordsCell" : "cnn.wordsEdge", {
    rows: patch.bottom - patch.top + 1,
    columns: patch.right - patch.left + 1,
    pooled: pooled.map(figure).join(", "),
    total: figure(total),
    value: figure(value),
  });
}
