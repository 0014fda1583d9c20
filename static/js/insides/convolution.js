// @ts-check
// One number inside the convolutional net, taken apart: where it came from, and what it was added up from. Pure.

import { FRAME } from "../geometry.js";
import { unitName } from "../settings.js";
import {
  addingUp,
  channelOf,
  convolved,
  KERNEL,
  products,
  receptiveField,
  rounded,
  rowOf,
  sum,
  winner,
} from "./arithmetic.js";
import { tensorOf } from "./facts.js";
import { DECIMALS } from "./figures.js";
import { upTo } from "./ranges.js";

/** @import { Patch } from "./arithmetic.js" */
/** @import { Inspection, Layer } from "../client.js" */
/** @import { Weights } from "./facts.js" */
/** @typedef {{ stage: number, map: number, row: number, column: number }} Cell  stage 0 … 2 a convolution, 3 hidden, 4 outputs */
/** @typedef {{ weights: number[], inputs: number[], columns: number, sum: number }} Term  one channel's part of a sum */
/**
 * @typedef {object} Taken
 * @property {Patch} patch what part of the frame the cell looks at
 * @property {Term[]} terms their sums and the bias add up to `total`, as shown
 * @property {number} bias
 * @property {number} total before pooling and ReLU
 * @property {number[]} pooled the sums that it was the largest of
 * @property {number} value what is handed on
 */

export const STAGES = 3; // convolve, halve, ReLU
export const SIDES = upTo(STAGES + 1).map((stage) => Math.ceil(FRAME / 2 ** stage)); // px, of the frame and after each stage
export const HIDDEN = STAGES; // the stage of the hidden units
export const OUTPUTS = STAGES + 1;

const LAST = SIDES[STAGES] ?? 0; // px, side of each map where the hidden units see it
const WHOLE = { top: 0, left: 0, bottom: FRAME - 1, right: FRAME - 1 };

/**
 * The layers of a stage: the one that adds up, and the one whose values are handed on. Between the last map and the
 * hidden units lies one that lays the maps flat.
 *
 * @param {number} stage
 */
export function layersOf(stage) {
  if (stage < STAGES) return { sums: 3 * stage, given: 3 * stage + 2 };
  const flat = 3 * STAGES;
  return stage === HIDDEN ? { sums: flat + 1, given: flat + 2 } : { sums: flat + 3, given: flat + 3 };
}

/**
 * The layer whose values a stage hands on.
 *
 * @param {readonly Layer[]} layers
 * @param {number} stage
 */
export const handedOn = (layers, stage) => layers[layersOf(stage).given];

/**
 * @param {readonly string[]} off units switched off, as in the settings
 * @param {number} stage
 * @param {number} index of the map or the unit
 */
export const isOff = (off, stage, index) => off.includes(unitName("cnn", layersOf(stage).given, index));

/** @param {Cell} cell */
export const unitOf = ({ stage, map, column }) => (stage < STAGES ? map : column);

/**
 * @param {Cell | null} one
 * @param {Cell | null} other
 */
export const isSame = (one, other) =>
  one?.stage === other?.stage &&
  one?.map === other?.map &&
  one?.row === other?.row &&
  one?.column === other?.column;

/** @param {Cell} cell for the settings: stage.map.row.column */
export const textOf = ({ stage, map, row, column }) => [stage, map, row, column].join(".");

/**
 * @param {string} text
 * @returns {Cell | null} null where there is no such cell
 */
export function cellOf(text) {
  const [stage = -1, map = -1, row = -1, column = -1] = text.split(".").map(Number);
  if (!upTo(OUTPUTS + 1).includes(stage)) return null;
  const { maps, rows, columns } = sizeOf(stage);
  const known = upTo(maps).includes(map) && upTo(rows).includes(row) && upTo(columns).includes(column);
  return known ? { stage, map, row, column } : null;
}

/**
 * @param {Weights} weights
 * @param {Inspection} inspection with layers
 * @param {Cell} cell
 * @returns {Taken | null} null where there are no values
 */
export function takenApart(weights, inspection, cell) {
  const layers = inspection.networks.cnn?.layers ?? [];
  if (!inspection.frame || !handedOn(layers, OUTPUTS)) return null;
  return cell.stage < STAGES
    ? convolution(weights, layers, inspection.frame.flat(), cell)
    : linear(weights, layers, cell);
}

/**
 * @param {Weights} weights
 * @param {readonly Layer[]} layers
 * @param {readonly number[]} frame
 * @param {Cell} cell
 * @returns {Taken}
 */
function convolution(weights, layers, frame, { stage, map, row, column }) {
  const index = layersOf(stage);
  const [sums, given] = [at(layers, index.sums), at(layers, index.given)];
  const side = sums.shape[1] ?? 0;
  const own = channelOf(sums, map);
  const best = winner(own, side, row, column);
  const below = stage === 0 ? null : at(layers, index.sums - 1);
  const channels = below
    ? upTo(below.shape[0] ?? 0).map((channel) => channelOf(below, channel))
    : [[...frame]];
  const weight = tensorOf(weights, `layers.${index.sums}.weight`);
  const terms = convolved(weight, channels, side, map, best.row, best.column).map(
    ({ kernel, patch, sum }) => ({
      weights: kernel,
      inputs: patch,
      columns: KERNEL,
      sum,
    }),
  );
  const kinds = layers.slice(0, index.given).map(({ name }) => name.split(" ")[1] ?? "");
  const cells = [0, 1].flatMap((down) => [0, 1].map((right) => [2 * row + down, 2 * column + right]));
  return {
    patch: receptiveField(kinds, row, column, FRAME),
    ...added(terms, tensorOf(weights, `layers.${index.sums}.bias`).values[map] ?? 0, best.value),
    pooled: cells.flatMap(([y = 0, x = 0]) => (y < side && x < side ? [own[y * side + x] ?? 0] : [])),
    value: channelOf(given, map)[row * (given.shape[2] ?? 1) + column] ?? 0,
  };
}

/**
 * @param {Weights} weights
 * @param {readonly Layer[]} layers
 * @param {Cell} cell
 * @returns {Taken}
 */
function linear(weights, layers, { stage, column }) {
  const index = layersOf(stage);
  const inputs = [...at(layers, index.sums - 1).values];
  const own = Array.from(rowOf(tensorOf(weights, `layers.${index.sums}.weight`), column));
  const size = stage === HIDDEN ? LAST * LAST : inputs.length;
  const terms = upTo(inputs.length / size).map((part) => {
    const range = /** @type {const} */ ([part * size, (part + 1) * size]);
    const [weight, input] = [own.slice(...range), inputs.slice(...range)];
    const columns = stage === HIDDEN ? LAST : size;
    return { weights: weight, inputs: input, columns, sum: sum(products(weight, input)) };
  });
  const bias = tensorOf(weights, `layers.${index.sums}.bias`).values[column] ?? 0;
  return {
    patch: WHOLE,
    ...added(terms, bias, at(layers, index.sums).values[column] ?? 0),
    pooled: [],
    value: at(layers, index.given).values[column] ?? 0,
  };
}

/**
 * @param {readonly Term[]} terms
 * @param {number} bias
 * @param {number} total
 */
function added(terms, bias, total) {
  const parts = terms.map((term) => term.sum);
  const shown = addingUp(parts, bias, total, DECIMALS);
  return {
    terms: terms.map((term, index) => ({ ...term, sum: shown[index] ?? 0 })),
    bias: rounded(bias, DECIMALS),
    total: rounded(total, DECIMALS),
  };
}

/**
 * @param {readonly Layer[]} layers
 * @param {number} index
 */
function at(layers, index) {
  const layer = layers[index];
  if (!layer) throw new RangeError(`There is no layer ${index}.`);
  return layer;
}

/**
 * The kernels of one map side by side, four in a row, with gaps of no number between them.
 *
 * @param {ArrayLike<number>} kernels 25 numbers each
 * @returns {{ values: number[], columns: number }}
 */
export function mosaic(kernels) {
  const [size, step] = [KERNEL * KERNEL, KERNEL + 1];
  const count = kernels.length / size;
  const across = Math.min(4, count);
  const [columns, rows] = [step * across - 1, step * Math.ceil(count / across) - 1];
  const values = Array.from({ length: columns * rows }, (_, index) => {
    const [x, y] = [index % columns, Math.floor(index / columns)];
    if (x % step === KERNEL || y % step === KERNEL) return Number.NaN;
    const kernel = Math.floor(y / step) * across + Math.floor(x / step);
    return kernels[kernel * size + (y % step) * KERNEL + (x % step)] ?? Number.NaN;
  });
  return { values, columns };
}

/**
 * The next cell in a direction: over the edge of a map lies the next map, above and below it the next stage.
 *
 * @param {Cell} cell
 * @param {"ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown"} key
 * @returns {Cell}
 */
export function neighbour({ stage, map, row, column }, key) {
  const { rows, columns, maps } = sizeOf(stage);
  const [down, right] = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
  const [y, x] = [row + (down ?? 0), column + (right ?? 0)];
  if (x < 0) return map > 0 ? { stage, map: map - 1, row, column: columns - 1 } : { stage, map, row, column };
  if (x >= columns)
    return map < maps - 1 ? { stage, map: map + 1, row, column: 0 } : { stage, map, row, column };
  if (y >= 0 && y < rows) return { stage, map, row: y, column: x };
  const to = stage + (y < 0 ? -1 : 1);
  if (to < 0 || to > OUTPUTS) return { stage, map, row, column };
  const next = sizeOf(to);
  const edge = y < 0 ? next.rows - 1 : 0;
  const scaled = Math.floor((column * next.columns) / columns);
  return { stage: to, map: Math.min(map, next.maps - 1), row: edge, column: scaled };
}

/** @param {number} stage */
export function sizeOf(stage) {
  if (stage === HIDDEN) return { rows: 1, columns: 16, maps: 1 };
  if (stage === OUTPUTS) return { rows: 1, columns: 10, maps: 1 };
  const side = SIDES[stage + 1] ?? 0;
  return { rows: side, columns: side, maps: 8 };
}
