// @ts-check
// The feed-forward net's numbers, painted and written into its table.

import { clamp, FRAME } from "../geometry.js";
import { write } from "../html.js";
import { diverging, PALE, palette, scaleOf } from "../insides/colours.js";
import { isSame } from "../insides/feed-forward.js";
import { figure } from "../insides/figures.js";
import { paintMatrix } from "../insides/picture-grid.js";
import { DIGITS, EIGHT } from "../insides/ranges.js";
import { t } from "../texts.js";
import { finePercent } from "../words.js";

/** @import { Inspection } from "../client.js" */
/** @import { Traced, Whole } from "../insides/feed-forward.js" */
/** @import { Key, Table } from "./ff-table.js" */

/**
 * @param {Table} table
 * @param {Key} key
 * @param {ArrayLike<number>} weights of all units
 * @param {Whole} whole
 */
export function paintWeights(table, key, weights, whole) {
  const scale = scaleOf(weights);
  key.legends.weights.update(scale.most, scale);
  paintRow(table.pictures[0] ?? [], whole.weights, scale.most, t("ff.weights"));
}

/**
 * @param {Table} table
 * @param {Key} key
 * @param {Whole} whole
 * @param {Inspection | null} inspection
 */
export function paintAnswer(table, key, whole, inspection) {
  const values = inspection?.frame?.flat() ?? new Float32Array(FRAME * FRAME);
  paintMatrix(key.input, { values, columns: FRAME, most: 1, signed: false, label: t("ff.input") });
  const scale = scaleOf(whole.weighted.flat());
  key.legends.weighted.update(scale.most, scale);
  paintRow(table.pictures[1] ?? [], whole.weighted, scale.most, t("ff.weighted"));
  for (const [index, row] of [whole.sums, whole.biases, whole.values].entries())
    for (const [unit, cell] of (table.steps[index] ?? []).entries()) write(cell, figure(row[unit]));
  writeShares(table, key, whole);
  for (const [digit, row] of table.rows.entries()) {
    write(row.logit, figure(whole.logits[digit]));
    const probability = whole.probabilities[digit];
    write(row.probability, probability === undefined ? "–" : `${finePercent(probability)} %`);
    row.element.classList.toggle("is-best", digit === inspection?.networks.ff?.digit);
  }
  markOff(table, whole.off);
}

/**
 * @param {readonly HTMLCanvasElement[]} canvases
 * @param {readonly ArrayLike<number>[]} values of each unit
 * @param {number} most
 * @param {string} title
 */
function paintRow(canvases, values, most, title) {
  for (const [unit, canvas] of canvases.entries()) {
    const label = `${title}, ${t("ff.unit", { unit: unit + 1 })}`;
    const own = values[unit] ?? new Float32Array(FRAME * FRAME);
    paintMatrix(canvas, { values: own, columns: FRAME, most, label });
  }
}

/**
 * @param {Table} table
 * @param {Key} key
 * @param {Whole} whole
 */
function writeShares(table, key, whole) {
  const scale = scaleOf(whole.shares.flat());
  key.legends.shares.update(scale.most, scale);
  const colours = palette();
  for (const [digit, { cells }] of table.rows.entries()) {
    for (const [index, cell] of cells.entries()) {
      const share = whole.shares[digit]?.[index];
      write(cell, figure(share));
      const within = clamp(share ?? 0, -scale.most, scale.most);
      cell.style.backgroundColor = `rgb(${diverging(PALE * within, scale.most, colours).join(" ")})`;
    }
  }
}

/**
 * @param {Table} table
 * @param {readonly boolean[]} off
 */
function markOff(table, off) {
  for (const unit of EIGHT) {
    const isOff = off[unit] ?? false;
    for (const cell of table.columns[unit] ?? []) cell.classList.toggle("is-off", isOff);
    const head = table.heads[unit];
    if (!head) continue;
    head.setAttribute("aria-label", t(isOff ? "ff.unitOff" : "ff.unit", { unit: unit + 1 }));
    const word = head.querySelector(".off-word");
    if (word) write(word, isOff ? t("ff.off") : "");
  }
}

/**
 * @param {Table} table
 * @param {Traced | null} pinned
 */
export function markPinned(table, pinned) {
  const isPinned = (/** @type {Traced} */ one) => String(pinned !== null && isSame(one, pinned));
  for (const [unit, head] of table.heads.entries()) head.setAttribute("aria-pressed", isPinned({ unit }));
  for (const [digit, { cells }] of table.rows.entries()) {
    table.digits[digit]?.setAttribute("aria-pressed", isPinned({ digit }));
    for (const unit of EIGHT) cells[unit]?.setAttribute("aria-selected", isPinned({ unit, digit }));
  }
}

/**
 * @param {Table} table
 * @param {Traced | null} traced
 */
export function markTrace(table, traced) {
  for (const unit of EIGHT) {
    for (const cell of table.columns[unit] ?? []) cell.classList.toggle("is-traced", unit === traced?.unit);
  }
  for (const digit of DIGITS) {
    table.rows[digit]?.element.classList.toggle("is-traced", digit === traced?.digit);
  }
  table.element.classList.toggle("is-tracing", traced?.unit !== undefined);
}
