// @ts-check
// The feed-forward net's table by keyboard: one stop of the Tab key, from which the arrow keys lead to every number.

import { keyOf } from "../html.js";
import { walked } from "../insides/walk.js";

/** @import { Place } from "../insides/walk.js" */

/** @param {HTMLTableElement} table */
export function mountWalking(table) {
  const stops = [...table.rows].map((row) => [...row.cells].map(stopOf));
  /** @type {Map<EventTarget | null, Place>} */
  const places = new Map();
  for (const [row, cells] of stops.entries()) {
    for (const [column, stop] of cells.entries()) {
      if (!stop) continue;
      stop.tabIndex = -1;
      places.set(stop, { row, column });
    }
  }
  let at = stops[0]?.find(Boolean);
  if (at) at.tabIndex = 0;

  table.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement) || !places.has(target)) return;
    if (at) at.tabIndex = -1;
    at = target;
    at.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    const place = places.get(event.target);
    if (!place) return;
    const next = walked(stops, place, keyOf(event));
    const pins = event.target instanceof HTMLTableCellElement && ["Enter", " "].includes(keyOf(event));
    if (!next && !pins) return;
    event.preventDefault();
    if (next) goTo(stops[next.row]?.[next.column]);
    else at?.click();
  });
}

/**
 * Whole into sight: by itself a browser leaves half of it under the columns that stay.
 *
 * @param {HTMLElement | null | undefined} stop
 */
function goTo(stop) {
  stop?.focus({ preventScroll: true });
  stop?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/**
 * @param {HTMLTableCellElement} cell
 * @returns {HTMLElement | null} what takes the focus
 */
const stopOf = (cell) => cell.querySelector(".tracer") ?? (cell.classList.contains("figure") ? cell : null);
