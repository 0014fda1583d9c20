// @ts-check
// One picture of cells that can be pointed at: a map, or a strip of units.

import { h } from "../html.js";
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
  function cellAt({ clientX, clientY }) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const [row, column] = [((clientY - top) / height) * rows, ((clientX - left) / width) * columns];
    return { stage, map, row: within(row, rows), column: within(column, columns) };
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

/**
 * @param {number} at
 * @param {number} count
 */
const within = (at, count) => Math.min(count - 1, Math.max(0, Math.floor(at)));
