// @ts-check
// What each network takes for what: a table to walk through, with a sentence for the cell that is looked at.

import { h, write } from "../html.js";
import { mountWalking } from "../insides/walking.js";
import { t } from "../texts.js";

/** @import { Known } from "./evidence.js" */

/** @param {readonly Known[]} known */
export const confusions = (known) =>
  h("div", { class: "columns" }, ...known.filter(({ facts }) => facts.test?.confusion).map(confusion));

/** @param {Known} known */
function confusion({ name, title, facts }) {
  /** @type {number[][]} */
  const counts = facts.test.confusion;
  const most = Math.max(...counts.flatMap((row, label) => row.filter((_, said) => said !== label)), 1);
  const heads = counts.map((_, said) => h("th", { scope: "col" }, String(said)));
  const rows = counts.map((row, label) => {
    const cells = row.map((count, said) => cellOf(count, most, label, said));
    return h("tr", {}, h("th", { scope: "row" }, String(label)), ...cells);
  });
  const table = h(
    "table",
    { class: `facts-table confusion accent-${name}`, role: "grid", "aria-label": title },
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, h("td", {}), ...heads)),
    h("tbody", {}, ...rows),
  );
  const words = h("p", { class: "confused" });
  mountWalking(table, (cell) => (isCount(cell) ? cell : null));
  followLooks(table, words);
  return h("div", {}, h("div", { class: "scroll" }, table), words);
}

/**
 * @param {number} count
 * @param {number} most of all that are misread
 * @param {number} label
 * @param {number} said
 */
function cellOf(count, most, label, said) {
  const right = label === said;
  const words = t(right ? "evidence.rightly" : "evidence.wrongly", { count, label, said });
  const attributes = { class: right ? "is-right" : "", "aria-label": words };
  const cell = h("td", attributes, count === 0 ? "·" : String(count));
  cell.style.setProperty("--share", String(right ? 0 : count / most));
  return cell;
}

/**
 * Pointer, finger and focus all show the cell's sentence.
 *
 * @param {HTMLTableElement} table
 * @param {HTMLElement} words
 */
function followLooks(table, words) {
  const look = (/** @type {Event} */ { target }) => {
    if (target instanceof HTMLTableCellElement && isCount(target))
      write(words, target.getAttribute("aria-label") ?? "");
  };
  for (const kind of ["pointerover", "click", "focusin"]) table.addEventListener(kind, look);
}

/** @param {HTMLTableCellElement} cell */
const isCount = (cell) => cell.matches("tbody td");
