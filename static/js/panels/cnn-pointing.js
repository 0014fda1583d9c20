// @ts-check
// Which cell of the convolutional net is looked at: the one under the pointer, or one chosen by a click or the keys.

import { keyOf } from "../html.js";
import { isSame, neighbour } from "../insides/convolution.js";

/** @import { Cell } from "../insides/convolution.js" */
/** @import { Cells } from "./cnn-cells.js" */
/** @import { Strip } from "./cnn-stages.js" */

/** Elsewhere what a cell came from is shown below its stage: were it shown while pointing, it would push maps away. */
const ROOMY = "(min-width: 40rem) and (pointer: fine)";
const ARROWS = /** @type {const} */ (["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

/**
 * @param {{ cells: readonly Cells[], strips: readonly Strip[] }} stages
 * @param {object} on
 * @param {(cell: Cell) => void} on.point another cell is looked at
 * @param {(cell: Cell) => void} on.choose it is to stay
 */
export function mountPointing({ cells: all, strips }, { point, choose }) {
  const roomy = matchMedia(ROOMY);
  /** @type {Cell} where the keyboard is */
  let focused = { stage: 0, map: 0, row: 7, column: 7 };
  /** @type {Cell | null} */
  let chosen = null;

  /** @param {Cells} cells */
  function listen({ canvas, cellAt, isOn }) {
    canvas.addEventListener("pointermove", (event) => {
      if (roomy.matches || isOn(chosen)) point(cellAt(event));
    });
    canvas.addEventListener("pointerdown", (event) => {
      focused = cellAt(event);
    });
    canvas.addEventListener("click", (event) => choose(cellAt(event)));
    canvas.addEventListener("focus", () => {
      if (roomy.matches || canvas.matches(":focus-visible")) point(focused); // else a click follows
    });
    canvas.addEventListener("keydown", (event) => {
      const key = ARROWS.find((arrow) => arrow === keyOf(event));
      if (!key) return;
      event.preventDefault();
      choose(neighbour(focused, key));
      all.find((cells) => cells.isOn(focused))?.canvas.focus();
    });
  }

  for (const cells of all) listen(cells);
  for (const { stage, list } of strips) {
    list.addEventListener("click", ({ target }) => {
      const column = target instanceof Element ? target.closest("li")?.dataset.column : undefined;
      if (column !== undefined) choose({ stage, map: 0, row: 0, column: Number(column) });
    });
  }
  all[0]?.canvas.setAttribute("tabindex", "0");

  return {
    /**
     * The cell that was chosen, here or before a reload; null leaves the keyboard where it is.
     *
     * @param {Cell | null} cell
     */
    update(cell) {
      if (isSame(chosen, cell)) return;
      chosen = cell;
      for (const cells of all) cells.holder.parentElement?.classList.toggle("is-chosen", cells.isOn(cell));
      if (!cell) return;
      focused = cell;
      for (const cells of all) cells.canvas.tabIndex = cells.isOn(cell) ? 0 : -1;
      point(cell);
    },
  };
}
