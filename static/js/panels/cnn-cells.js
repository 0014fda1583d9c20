// @ts-check
// One picture of cells that can be pointed at: a map, or a strip of units.

import { clamp } from "../geometry.js";
import { h, pointOn } from "../html.js";
import { sizeOf } from "../insides/convolution.js";
import { matrixCanvas } from "../insides/picture-grid.js";

/** @import { Cell } from "../insides/convolution.js" */
/** @typedef {ReturnType<typeof buildCells>} Cells */

/**
 * @param {number} stage
 * @param {number} map
 */
export function buildCells(stage, map) {
  const { rows, columns } = sizeOf(stage);
  const canvas = matrixCanvas("matrix cells");
  canvas.setAttribute("role", "application");
  canvas.tabIndex = -1;
  const marker = h("span", { class: "cell-marker", hidden: true });
  const holder = h("div", { class: "map-room" }, canvas, marker);

  /**
   * @param {PointerEvent} event
   * @returns {Cell}
   */
  function cellAt(event) {
    const [x, y] = pointOn(canvas, event);
    const at = (/** @type {number} */ part, /** @type {number} */ count) =>
      clamp(Math.floor(part * count), 0, count - 1);
    return { stage, map, row: at(y, rows), column: at(x, columns) };
  }

  /** @param {Cell | null} cell */
  const isOn = (cell) => cell?.stage === stage && cell.map === map;

  /** @param {Cell | null} cell that is pointed at, on whichever picture */
  function mark(cell) {
    const here = isOn(cell);
    marker.hidden = !here;
    if (!cell || !here) return;
    const share = (/** @type {number} */ part) => `${100 * part}%`;
    const [top, left] = [cell.row / rows, cell.column / columns];
    marker.style.inset = [top, 1 - left - 1 / columns, 1 - top - 1 / rows, left].map(share).join(" ");
  }

  return { stage, map, canvas, holder, cellAt, isOn, mark };
}
