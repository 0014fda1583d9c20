// @ts-check
// The feed-forward net whole: one column per hidden unit, from its weights down to what it adds to each digit.

import { button, h, onTheme, write } from "../html.js";
import { ample, largest, rowsOf } from "../insides/arithmetic.js";
import { diverging, palette } from "../insides/colours.js";
import { weightsFor } from "../insides/facts.js";
import { DIGITS, figure, UNITS, wholeOf, wordsOf } from "../insides/feed-forward.js";
import { legend } from "../insides/legend.js";
import { numbersButton } from "../insides/numbers.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { t } from "../texts.js";
import { percent } from "../words.js";

/** @import { Weights } from "../insides/facts.js" */
/** @import { Traced, Whole } from "../insides/feed-forward.js" */
/** @import { PanelState, Update } from "../panels.js" */

export const needsLayers = ["ff"];

const SIDE = 28;
const TINT = 0.42; // of full colour behind figures, so that they stay legible

/**
 * @param {HTMLElement} element
 * @returns {Update}
 */
export function mount(element) {
  const pictures = ["weights", "weighted"].map((row) => ({ row, canvases: UNITS.map(() => matrixCanvas()) }));
  const steps = ["sum", "bias", "value"].map((row) => ({
    row,
    cells: UNITS.map(() => h("td", { class: "figure" })),
  }));
  const rows = DIGITS.map(() => ({
    cells: [...UNITS, 8].map(() => h("td", { class: "figure" })),
    logit: h("td", { class: "figure total" }),
    probability: h("td", { class: "figure" }),
  }));
  const words = h("p", { class: "trace", role: "log" }, t("ff.hint"));
  const scale = legend();
  const input = matrixCanvas();
  const heads = UNITS.map((unit) => tracer({ unit }, t("ff.unit", { unit: unit + 1 })));
  const digits = DIGITS.map((digit) => tracer({ digit }, String(digit)));
  const table = build();
  element.append(
    h("div", { class: "trace-bar" }, words, scale.element),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("ff.table") }, table),
  );

  /** @type {PanelState | null} */
  let state = null;
  /** @type {Whole | null} */
  let whole = null;
  /** @type {Weights | null} */
  let painted = null;
  /** @type {Traced | null} */
  let pinned = null;

  function build() {
    const room = h("td", { class: "beside", colspan: "3", rowspan: "5" }, input, t("ff.input"));
    const tops = pictures.map(({ row, canvases }, index) => {
      const title = t(`ff.${row}`);
      const open = numbersButton(title, () => matrices(row, title), 3);
      const cells = canvases.map((canvas) => h("td", {}, canvas));
      return h("tr", {}, h("th", { scope: "row" }, title, open), ...cells, ...(index === 0 ? [room] : []));
    });
    const middles = steps.map(({ row, cells }) =>
      h("tr", { class: `step-${row}` }, h("th", { scope: "row" }, t(`ff.${row}`)), ...cells),
    );
    const ends = ["outputBias", "logit", "probability"].map((name) =>
      h("th", { scope: "col" }, t(`ff.${name}`)),
    );
    const between = h(
      "tr",
      { class: "between" },
      h("th", { scope: "row" }, t("ff.adds")),
      ...UNITS.map((unit) => h("td", {}, `↓ ${unit + 1}`)),
      ...ends,
    );
    const bottoms = rows.map(({ cells, logit, probability }, digit) =>
      h("tr", {}, h("th", { scope: "row" }, digits[digit] ?? ""), ...cells, logit, probability),
    );
    return h(
      "table",
      { class: "whole" },
      h("caption", { class: "visually-hidden" }, t("ff.table")),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("td", {}),
          ...heads.map((head) => h("th", { scope: "col" }, head)),
          h("td", { colspan: "3" }),
        ),
      ),
      h("tbody", {}, ...tops, ...middles),
      h("tbody", { class: "contributions" }, between, ...bottoms),
    );
  }

  /**
   * @param {Traced} traced
   * @param {string} text
   */
  function tracer(traced, text) {
    const pin = () => {
      pinned = same(pinned, traced) ? null : traced;
      trace(pinned);
    };
    const made = button(text, pin, { class: "tracer", "aria-pressed": "false" });
    made.addEventListener("pointerenter", () => trace(traced));
    made.addEventListener("focus", () => trace(traced));
    made.addEventListener("pointerleave", () => trace(pinned));
    made.addEventListener("blur", () => trace(pinned));
    return made;
  }

  /** @param {Traced | null} traced */
  function trace(traced) {
    const unit = traced && "unit" in traced ? traced.unit : null;
    const digit = traced && "digit" in traced ? traced.digit : null;
    for (const index of UNITS) {
      const column = [
        heads[index]?.parentElement,
        ...pictures.map(({ canvases }) => canvases[index]?.parentElement),
        ...steps.map(({ cells }) => cells[index]),
        ...rows.map(({ cells }) => cells[index]),
      ];
      for (const cell of column) cell?.classList.toggle("is-traced", index === unit);
      heads[index]?.setAttribute("aria-pressed", String(same(pinned, { unit: index })));
    }
    for (const index of DIGITS) {
      rows[index]?.logit.parentElement?.classList.toggle("is-traced", index === digit);
      digits[index]?.setAttribute("aria-pressed", String(same(pinned, { digit: index })));
    }
    table.classList.toggle("is-tracing", unit !== null);
    write(words, whole && traced ? wordsOf(whole, traced) : t("ff.hint"));
  }

  /**
   * @param {string} row
   * @param {string} title
   */
  function matrices(row, title) {
    const values = whole ? (row === "weights" ? whole.weights : whole.weighted) : [];
    return UNITS.flatMap((unit) => {
      const own = values[unit];
      return own ? [{ title: `${title}: ${t("ff.unit", { unit: unit + 1 })}`, rows: rowsOf(own, SIDE) }] : [];
    });
  }

  function show() {
    if (!state) return;
    const { inspection, settings } = state;
    const weights = weightsFor("ff", state, show);
    if (!weights) return; // they come, and call this again
    whole = wholeOf(weights, inspection);
    const colours = palette();
    if (weights !== painted) paintWeights(whole.weights);
    painted = weights;
    const mostWeighted = Math.max(...whole.weighted.map(largest), 1e-6);
    const pixels = inspection?.frame?.flat() ?? new Float32Array(SIDE * SIDE);
    paintMatrix(input, { values: pixels, columns: SIDE, most: 1, signed: false, label: t("ff.input") });
    for (const unit of UNITS) {
      const name = t("ff.unit", { unit: unit + 1 });
      const off = settings.off.includes(`ff.2.${unit}`);
      heads[unit]?.parentElement?.classList.toggle("is-off", off);
      paint(1, unit, whole.weighted[unit], mostWeighted, `${t("ff.weighted")}, ${name}`);
      for (const [index, values] of [whole.sums, whole.biases, whole.values].entries()) {
        const cell = steps[index]?.cells[unit];
        if (cell) write(cell, figure(values[unit]));
      }
    }
    const mostShare = Math.max(...whole.shares.flat().map(Math.abs), 1e-6);
    for (const digit of DIGITS) {
      const row = rows[digit];
      const shares = whole.shares[digit];
      for (const [index, cell] of (row?.cells ?? []).entries()) {
        write(cell, figure(shares?.[index]));
        const [red, green, blue] = diverging((shares?.[index] ?? 0) * TINT, mostShare, colours);
        cell.style.backgroundColor = `rgb(${red} ${green} ${blue})`;
      }
      if (!row) continue;
      write(row.logit, figure(whole.logits[digit]));
      const probability = whole.probabilities[digit];
      write(row.probability, probability === undefined ? "–" : `${percent(probability)} %`);
      row.logit.parentElement?.classList.toggle("is-best", digit === inspection?.networks.ff?.digit);
    }
    trace(pinned);
  }

  /** @param {readonly Float32Array[]} weights of each unit */
  function paintWeights(weights) {
    const most = Math.max(...weights.map(ample));
    scale.update(most);
    for (const unit of UNITS) {
      paint(0, unit, weights[unit], most, `${t("ff.weights")}, ${t("ff.unit", { unit: unit + 1 })}`);
    }
  }

  /**
   * @param {number} row
   * @param {number} unit
   * @param {ArrayLike<number> | undefined} values
   * @param {number} most
   * @param {string} label
   */
  function paint(row, unit, values, most, label) {
    const canvas = pictures[row]?.canvases[unit];
    if (canvas)
      paintMatrix(canvas, { values: values ?? new Float32Array(SIDE * SIDE), columns: SIDE, most, label });
  }

  onTheme(() => {
    painted = null;
    show();
  });
  return (next) => {
    const changed = next.inspection !== state?.inspection || next.settings !== state.settings;
    state = next;
    if (changed) show();
  };
}

/**
 * @param {Traced | null} one
 * @param {Traced} other
 */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
