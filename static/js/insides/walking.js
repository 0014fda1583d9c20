// @ts-check
// A table by keyboard: one stop of the Tab key, from which the arrow keys lead to every other.

import { keyOf } from "../html.js";
import { walked } from "./walk.js";

/** @import { Place } from "./walk.js" */

/**
 * @param {HTMLTableElement} table
 * @param {(cell: HTMLTableCellElement) => HTMLElement | null} stopOf what takes the focus in a cell, if anything does
 */
export function mountWalking(table, stopOf) {
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
  let at = stops.flat().find(Boolean);
  if (at) at.tabIndex = 0;

  table.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement) || !places.has(target)) return;
    if (at) at.tabIndex = -1;
    at = target;
    at.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    const place = places.get(event.target);
    const next = place && walked(stops, place, keyOf(event));
    if (!next) return;
    event.preventDefault();
    goTo(stops[next.row]?.[next.column]);
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
