// @ts-check
// The convolutional net as pictures, from the frame to the ten outputs; pointing at a cell shows where it came from.

import { h, onTheme } from "../html.js";
import { channelOf, rowOf, rowsOf } from "../insides/arithmetic.js";
import {
  HIDDEN,
  handedOn,
  isOff,
  isSame,
  layersOf,
  neighbour,
  STAGES,
  takenApart,
  unitOf,
} from "../insides/convolution.js";
import { tensorOf, weightsFor } from "../insides/facts.js";
import { EIGHT } from "../insides/ranges.js";
import { t } from "../texts.js";
import { mountOrigin } from "./cnn-origin.js";
import { paintKernels, paintMaps, paintStrip } from "./cnn-paint.js";
import { buildStages } from "./cnn-stages.js";

/** @import { Layer } from "../client.js" */
/** @import { Cell } from "../insides/convolution.js" */
/** @import { Weights } from "../insides/facts.js" */
/** @import { PanelState, Update } from "../panels.js" */
/** @import { Cells } from "./cnn-cells.js" */

export const needsLayers = ["cnn"];

/** Elsewhere what a cell came from is shown below its stage: were it shown while pointing, it would push maps away. */
const ROOMY = "(min-width: 40rem) and (pointer: fine)";
const ARROWS = /** @type {const} */ (["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

/**
 * @param {HTMLElement} element
 * @returns {Update}
 */
export function mount(element) {
  const stages = buildStages((stage) => numbersOf(layers(), painted, stage));
  const origin = mountOrigin();
  const missing = h("p", { class: "missing", role: "alert", hidden: true }, t("panels.weights"));
  const room = h("div", { class: "cnn" }, origin.element, h("div", { class: "stages" }, ...stages.elements));
  element.append(missing, room);

  /** @type {PanelState | null} */
  let state = null;
  /** @type {Weights | null} */
  let painted = null;
  /** @type {Cell} where the keyboard is */
  let focused = { stage: 0, map: 0, row: 7, column: 7 };
  /** @type {Cell | null} */
  let chosen = null;
  /** @type {Cell | null} */
  let pointed = null;
  const roomy = matchMedia(ROOMY);

  const answer = () => state?.inspection?.networks.cnn;
  const layers = () => answer()?.layers ?? [];

  /** @param {Cell} cell */
  function point(cell) {
    if (isSame(pointed, cell)) return;
    pointed = cell;
    showOrigin();
  }

  /**
   * Stays there, and where there is little room its map is shown large.
   *
   * @param {Cell} cell
   */
  function choose(cell) {
    focused = cell;
    chosen = cell;
    for (const cells of stages.cells) {
      const here = cells.isOn(cell);
      cells.canvas.tabIndex = here ? 0 : -1;
      cells.holder.parentElement?.classList.toggle("is-chosen", here);
    }
    room.style.setProperty("--chosen", String(cell.stage));
    point(cell);
  }

  /** @param {Cells} cells */
  function listen({ canvas, cellAt, isOn }) {
    canvas.addEventListener("pointermove", (event) => {
      if (roomy.matches || isOn(chosen)) point(cellAt(event));
    });
    canvas.addEventListener("pointerdown", (event) => {
      focused = cellAt(event);
    });
    canvas.addEventListener("click", (event) => {
      choose(cellAt(event));
      for (const part of [origin.brief, canvas]) part.scrollIntoView({ block: "nearest" });
    });
    canvas.addEventListener("focus", () => {
      if (roomy.matches || canvas.matches(":focus-visible")) point(focused); // else a click follows
    });
    canvas.addEventListener("keydown", (event) => {
      const key = ARROWS.find((arrow) => arrow === event.key);
      if (!key) return;
      event.preventDefault();
      choose(neighbour(focused, key));
      stages.cells.find((cells) => cells.isOn(focused))?.canvas.focus();
    });
  }

  for (const cells of stages.cells) listen(cells);
  for (const { stage, list } of stages.strips) {
    list.addEventListener("click", ({ target }) => {
      const column = target instanceof Element ? target.closest("li")?.dataset.column : undefined;
      if (column !== undefined) choose({ stage, map: 0, row: 0, column: Number(column) });
    });
  }

  function showOrigin() {
    for (const cells of stages.cells) cells.mark(pointed);
    const inspection = state?.inspection ?? null;
    const taken = pointed && inspection && painted ? takenApart(painted, inspection, pointed) : null;
    const off = pointed !== null && isOff(state?.settings.off ?? [], pointed.stage, unitOf(pointed));
    const probability = answer()?.probabilities[pointed?.column ?? 0] ?? 0;
    origin.update({ frame: inspection?.frame ?? null, cell: pointed, taken, off, probability });
  }

  function show() {
    if (!state) return;
    missing.hidden = true;
    const weights = weightsFor("cnn", state, show, () => {
      missing.hidden = false;
    });
    if (weights && weights !== painted) paintKernels(stages.convolutions, weights);
    painted = weights;
    for (const convolution of stages.convolutions) paintMaps(convolution, layers(), state.settings.off);
    for (const strip of stages.strips) paintStrip(strip, answer(), state.settings.off);
    showOrigin();
  }

  stages.cells[0]?.canvas.setAttribute("tabindex", "0");
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
 * @param {readonly Layer[]} layers
 * @param {Weights | null} weights
 * @param {number} stage
 */
function numbersOf(layers, weights, stage) {
  const layer = handedOn(layers, stage);
  if (!layer) return [];
  if (stage >= STAGES)
    return [{ title: t(stage === HIDDEN ? "cnn.hidden" : "cnn.outputs"), rows: [[...layer.values]] }];
  const weight = weights && tensorOf(weights, `layers.${layersOf(stage).sums}.weight`);
  return EIGHT.flatMap((map) => {
    const at = { stage: stage + 1, map: map + 1 };
    const rows = rowsOf(channelOf(layer, map), layer.shape[2] ?? 1);
    const kernels = weight ? [{ title: t("cnn.kernels", at), rows: rowsOf(rowOf(weight, map), 5) }] : [];
    return [{ title: t("cnn.map", at), rows }, ...kernels];
  });
}
