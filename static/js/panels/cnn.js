// @ts-check
// The convolutional net as pictures, from the frame to the ten outputs; pointing at a cell shows where it came from.

import { emit } from "../actions.js";
import { h } from "../html.js";
import { channelOf, KERNEL, rowOf, rowsOf } from "../insides/arithmetic.js";
import {
  cellOf,
  HIDDEN,
  handedOn,
  isOff,
  isSame,
  layersOf,
  OUTPUTS,
  STAGES,
  takenApart,
  textOf,
  unitOf,
} from "../insides/convolution.js";
import { factsOfAll, tensorOf } from "../insides/facts.js";
import { EIGHT } from "../insides/ranges.js";
import { t } from "../texts.js";
import { mountOrigin } from "./cnn-origin.js";
import { paintKernels, paintMaps, paintStrip, writeAtAll } from "./cnn-paint.js";
import { mountPointing } from "./cnn-pointing.js";
import { buildStages } from "./cnn-stages.js";
import { mountNetwork } from "./network.js";

/** @import { Answer, Inside, Layer } from "../client.js" */
/** @import { Cell } from "../insides/convolution.js" */
/** @import { Tensor, Weights } from "../insides/facts.js" */
/** @import { PanelState, Update } from "../panels.js" */
/** @import { Strip } from "./cnn-stages.js" */

export const needsLayers = ["cnn"];

/**
 * @param {HTMLElement} element
 * @returns {Update}
 */
export function mount(element) {
  const stages = buildStages((stage) => numbersOf(layers(), weights, stage));
  const origin = mountOrigin();
  const room = h("div", { class: "cnn" }, origin.element, h("div", { class: "stages" }, ...stages.elements));
  element.append(room);

  /** @type {PanelState | null} */
  let state = null;
  /** @type {Weights | null} */
  let weights = null;
  /** @type {Cell | null} */
  let pointed = null;

  const answer = () => state?.inspection?.networks.cnn;
  const layers = () => answer()?.layers ?? [];

  const pointing = mountPointing(stages, {
    point(cell) {
      if (isSame(pointed, cell)) return;
      pointed = cell;
      showOrigin();
    },
    choose(cell) {
      emit(element, "settings", { cell: textOf(cell) });
      const canvas = stages.cells.find((cells) => cells.isOn(cell))?.canvas;
      for (const part of [origin.brief, canvas]) part?.scrollIntoView({ block: "nearest" });
    },
  });

  function showOrigin() {
    for (const cells of stages.cells) cells.mark(pointed);
    const inspection = state?.inspection ?? null;
    const taken = pointed && inspection && weights ? takenApart(weights, inspection, pointed) : null;
    const off = pointed !== null && isOff(state?.settings.off ?? [], pointed.stage, unitOf(pointed));
    const probability = answer()?.probabilities[pointed?.column ?? 0] ?? 0;
    origin.update({ frame: inspection?.frame ?? null, cell: pointed, taken, off, probability });
  }

  return mountNetwork("cnn", element, (next, found, repaint) => {
    state = next;
    weights = found;
    const { cell, off } = next.settings;
    if (weights && repaint) paintKernels(stages.convolutions, weights);
    for (const convolution of stages.convolutions) paintMaps(convolution, layers(), off);
    for (const strip of stages.strips) paintStrip(strip, answer(), off);
    const chosen = cellOf(cell);
    room.style.setProperty("--chosen", String(chosen?.stage ?? -1));
    pointing.update(chosen);
    showOrigin();
    showAtAll(stages.strips, answer);
  });
}

/**
 * The facts are kept until other weights are served: mostly they are here at once.
 *
 * @param {readonly Strip[]} strips
 * @param {() => (Answer & Inside) | undefined} answer the newest
 */
async function showAtAll(strips, answer) {
  const facts = await factsOfAll().catch(() => null); // without them the line is left out
  const judges = facts?.cnn?.judge === true;
  for (const strip of strips) if (strip.stage === OUTPUTS) writeAtAll(strip, answer(), judges);
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
    return [
      stage === HIDDEN
        ? { title: t("cnn.hidden"), rows: [[...layer.values]] }
        : { title: t("cnn.outputs"), rows: [[...layer.values]], signed: true },
    ];
  const weight = weights && tensorOf(weights, `layers.${layersOf(stage).sums}.weight`);
  return EIGHT.flatMap((map) => {
    const at = { stage: stage + 1, map: map + 1 };
    const rows = rowsOf(channelOf(layer, map), layer.shape[2] ?? 1);
    return [{ title: t("cnn.map", at), rows }, ...(weight ? [kernelsOf(weight, stage, map)] : [])];
  });
}

/**
 * @param {Tensor} weight of a stage
 * @param {number} stage
 * @param {number} map
 */
function kernelsOf(weight, stage, map) {
  const title = t("cnn.kernels", { stage: stage + 1, map: map + 1 });
  const parts = stage > 0 ? EIGHT.map((below) => t("cnn.fromMap", { map: below + 1 })) : [];
  return { title, rows: rowsOf(rowOf(weight, map), KERNEL), signed: true, parts };
}
