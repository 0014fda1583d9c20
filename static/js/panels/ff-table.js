// @ts-check
// The feed-forward net's table, built once: a column per hidden unit, then what the units add to each digit.

import { h } from "../html.js";
import { legend } from "../insides/legend.js";
import { numbersButton } from "../insides/numbers.js";
import { matrixCanvas } from "../insides/picture-grid.js";
import { DIGITS, EIGHT, upTo } from "../insides/ranges.js";
import { t } from "../texts.js";

/** @import { Numbers } from "../insides/numbers.js" */
/** @typedef {ReturnType<typeof buildTable>} Table */
/** @typedef {ReturnType<typeof buildKey>} Key */

const STEPS = ["sum", "bias", "value"];
const ENDS = ["outputBias", "logit", "probability"];

/**
 * @param {(row: "weights" | "weighted", title: string) => readonly Numbers[]} numbers of a row of pictures
 */
export function buildTable(numbers) {
  const heads = EIGHT.map((unit) => tracer(String(unit + 1), h("span", { class: "off-word" })));
  const digits = DIGITS.map((digit) => tracer(String(digit)));
  const pictures = [0, 1].map(() => EIGHT.map(() => matrixCanvas()));
  const steps = STEPS.map(() => EIGHT.map(() => figureCell()));
  const rows = DIGITS.map((digit) => ({
    cells: upTo(EIGHT.length + 1).map(() => figureCell()),
    logit: figureCell("total"),
    probability: figureCell("probability"),
    element: h("tr", { "data-digit": String(digit) }),
  }));
  const head = h("tr", {}, rowHead(t("ff.units")), ...heads.map((one) => colHead(one)));
  const tops = /** @type {const} */ (["weights", "weighted"]).map((row, index) => {
    const title = t(`ff.${row}`);
    const open = numbersButton(title, () => numbers(row, title), 3);
    return h("tr", {}, rowHead(title, open), ...(pictures[index] ?? []).map((one) => h("td", {}, one)));
  });
  const middles = STEPS.map((step, index) =>
    h("tr", { class: `step-${step}` }, rowHead(t(`ff.${step}`)), ...(steps[index] ?? [])),
  );
  const arrows = EIGHT.map((unit) => h("td", {}, `↓ ${unit + 1}`));
  const ends = ENDS.map((name) => colHead(t(`ff.${name}`)));
  const between = h("tr", { class: "between" }, rowHead(t("ff.adds")), ...arrows, ...ends);
  for (const [digit, { element, cells, logit, probability }] of rows.entries())
    element.append(rowHead(digits[digit] ?? ""), ...cells, logit, probability);
  const element = h(
    "table",
    { class: "whole", role: "grid" },
    h("caption", { class: "visually-hidden" }, t("ff.table")),
    h("thead", {}, head),
    h("tbody", {}, ...tops, ...middles),
    h("tbody", { class: "contributions" }, between, ...rows.map((row) => row.element)),
  );
  const crossing = [head, ...tops, ...middles, between, ...rows.map((row) => row.element)];
  const columns = EIGHT.map((unit) => crossing.flatMap((row) => row.cells[unit + 1] ?? []));
  return { element, heads, digits, pictures, steps, rows, columns };
}

/** The picture that goes in, and what the colours of each kind of picture stand for. */
export function buildKey() {
  const input = matrixCanvas();
  const legends = {
    weights: legend(t("ff.weights")),
    weighted: legend(t("ff.weighted")),
    shares: legend(t("ff.adds"), "pale"),
  };
  const element = h(
    "div",
    { class: "ff-key" },
    h("figure", {}, input, h("figcaption", { class: "small" }, t("ff.input"))),
    h("div", { class: "legends" }, ...Object.values(legends).map((one) => one.element)),
  );
  return { element, input, legends };
}

/**
 * @param {HTMLTableCellElement} cell
 * @returns {HTMLElement | null} what takes the focus
 */
export const stopOf = (cell) =>
  cell.querySelector(".tracer") ?? (cell.classList.contains("figure") ? cell : null);

/** @param {string} [kind] */
const figureCell = (kind = "") => h("td", { class: `figure ${kind}`.trim() });

/** @param {...(Node | string)} content */
const rowHead = (...content) => h("th", { scope: "row" }, ...content);

/** @param {...(Node | string)} content */
const colHead = (...content) => h("th", { scope: "col" }, ...content);

/**
 * @param {string} text
 * @param {...Node} more
 */
const tracer = (text, ...more) =>
  h("button", { type: "button", class: "tracer", "aria-pressed": "false" }, text, ...more);
