// @ts-check
// What each network takes for what: a table to walk through, with a sentence for the cell that is looked at.

import { h, keyOf, write } from "../html.js";
import { t } from "../texts.js";

/** @import { Facts } from "../insides/facts.js" */
/** @typedef {{ name: string, title: string, facts: Facts }} Known */
/** @typedef {{ label: number, said: number }} Cell */

const LAST = 9;
const MOVES = {
  ArrowUp: { label: -1, said: 0 },
  ArrowDown: { label: 1, said: 0 },
  ArrowLeft: { label: 0, said: -1 },
  ArrowRight: { label: 0, said: 1 },
};

/** @param {readonly Known[]} known */
export const confusions = (known) =>
  h("div", { class: "columns" }, ...known.filter(({ facts }) => facts.test?.confusion).map(confusion));

/**
 * The cell that a key leads to; the table's edges stop it.
 *
 * @param {Cell} cell
 * @param {string} key
 * @returns {Cell | null} null for any other key
 */
export function neighbourOf({ label, said }, key) {
  if (key === "Home") return { label, said: 0 };
  if (key === "End") return { label, said: LAST };
  const move = /** @type {Record<string, Cell>} */ (MOVES)[key];
  const within = (/** @type {number} */ at) => Math.min(LAST, Math.max(0, at));
  return move ? { label: within(label + move.label), said: within(said + move.said) } : null;
}

/** @param {Known} known */
function confusion({ name, title, facts }) {
  /** @type {number[][]} */
  const counts = facts.test.confusion;
  const most = Math.max(...counts.flatMap((row, label) => row.filter((_, said) => said !== label)), 1);
  const cells = counts.map((row, label) => row.map((count, said) => cellOf(count, most, { label, said })));
  const heads = cells.map((_, said) => h("th", { scope: "col" }, String(said)));
  const rows = cells.map((row, label) => h("tr", {}, h("th", { scope: "row" }, String(label)), ...row));
  const table = h(
    "table",
    { class: `facts-table confusion accent-${name}`, role: "grid", "aria-label": title },
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, h("td", {}), ...heads)),
    h("tbody", {}, ...rows),
  );
  const words = h("p", { class: "confused" });
  followLooks(table, cells, words);
  return h("div", {}, h("div", { class: "scroll" }, table), words);
}

/**
 * @param {number} count
 * @param {number} most of all that are misread
 * @param {Cell} cell
 */
function cellOf(count, most, { label, said }) {
  const right = label === said;
  const words = t(right ? "evidence.rightly" : "evidence.wrongly", { count, label, said });
  const attributes = { class: right ? "is-right" : "", tabindex: "-1", "aria-label": words };
  const cell = h("td", attributes, count === 0 ? "·" : String(count));
  cell.style.setProperty("--share", String(right ? 0 : count / most));
  return cell;
}

/**
 * One stop of the Tab key; from there the arrow keys lead on. Pointer, finger and focus all show the cell's sentence.
 *
 * @param {HTMLTableElement} table
 * @param {readonly (readonly HTMLTableCellElement[])[]} cells
 * @param {HTMLElement} words
 */
function followLooks(table, cells, words) {
  const places = new Map(cells.flatMap((row, label) => row.map((cell, said) => [cell, { label, said }])));
  let at = cells[0]?.[0];
  const look = (/** @type {Event} */ { target }) => {
    const cell = target instanceof HTMLTableCellElement && places.has(target) ? target : null;
    if (cell) write(words, cell.getAttribute("aria-label") ?? "");
    return cell;
  };
  for (const kind of ["pointerover", "click"]) table.addEventListener(kind, look);
  table.addEventListener("focusin", (event) => {
    at?.setAttribute("tabindex", "-1");
    at = look(event) ?? at;
    at?.setAttribute("tabindex", "0");
  });
  table.addEventListener("keydown", (event) => {
    const place = at && places.get(at);
    const next = place && neighbourOf(place, keyOf(event));
    if (!next) return;
    event.preventDefault();
    cells[next.label]?.[next.said]?.focus();
  });
  at?.setAttribute("tabindex", "0");
}
