// @ts-check
// What a network's answers cost while it learnt, and where that lies in a chart. Pure.

/** @import { Facts } from "./facts.js" */
/**
 * @typedef {object} Cost
 * @property {number} images seen until then
 * @property {number} training
 * @property {number} validation
 * @property {boolean} joined whether a line may lead here from the one before: not over a gap that nothing is known of
 */
/**
 * @typedef {object} Span
 * @property {{ low: number, high: number }} range of costs
 * @property {number} base the cost of guessing
 * @property {number} most images seen
 */
/** @typedef {{ training_cost: number, validation_cost: number }} Measured */

export const GUESSING = Math.log(10); // nats: what it costs to give each of the ten digits the same

const EARLY = 1000; // images: up to here the axis is linear, beyond it logarithmic
const STEPS = [1, 2, 5];
const DECADES = [-4, -3, -2, -1, 0, 1];
const DOT = "m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0m1.5 0";
const CROWD = 7; // levels; more are no help to the eye

/**
 * Costs by how many images had been seen: at each moment of the history where that was measured, else after each epoch.
 *
 * @param {Facts} facts
 * @returns {Cost[]}
 */
export function costsOf(facts) {
  const count = facts.data?.training?.count ?? 0;
  /** @type {(Measured & { images: number })[]} */
  const moments = facts.moments ?? [];
  /** @type {(Measured & { epoch: number })[]} */
  const epochs = facts.epochs ?? [];
  if (moments.length > 0) return moments.map((at) => ({ ...costOf(at), images: at.images, joined: true }));
  return epochs.map((at) => ({ ...costOf(at), images: at.epoch * count, joined: at.epoch > 1 }));
}

/**
 * The cost of guessing, as the facts have it.
 *
 * @param {readonly Facts[]} known
 * @returns {number}
 */
export const baseOf = (known) => known.map(({ base_cost }) => base_cost).find(Boolean) ?? GUESSING;

/** @param {Measured} measured */
const costOf = ({ training_cost, validation_cost }) => ({
  training: training_cost,
  validation: validation_cost,
});

/**
 * What the axes of several charts have in common, so that what is lower in one has cost less than in another.
 *
 * @param {readonly (readonly Cost[])[]} all of each chart
 * @param {number} base the cost of guessing
 * @returns {Span}
 */
export function spanOf(all, base) {
  const costs = all.flat().flatMap(({ training, validation }) => [training, validation]);
  return {
    range: { low: Math.min(base, ...costs) * 0.8, high: Math.max(base, ...costs) * 1.15 },
    base,
    most: Math.max(1, ...all.flat().map(({ images }) => images)),
  };
}

/**
 * Where a number of images lies on the axis, 0 … 1: early moments are spread, late ones drawn together.
 *
 * @param {number} images
 * @param {number} most
 */
export const along = (images, most) => Math.log1p(images / EARLY) / Math.log1p(most / EARLY);

/**
 * @param {number} cost
 * @param {{ low: number, high: number }} range
 * @returns {number} 0 … 1 from the lowest to the highest, on a logarithmic scale
 */
export const up = (cost, { low, high }) => Math.log(Math.max(cost, low) / low) / Math.log(high / low);

/**
 * The costs to name on the axis: as many as can be told apart.
 *
 * @param {{ low: number, high: number }} range
 * @returns {number[]}
 */
export function levelsIn({ low, high }) {
  const within = (/** @type {readonly number[]} */ steps) =>
    DECADES.flatMap((decade) => steps.map((step) => Number(`${step}e${decade}`))).filter(
      (level) => level > low && level < high,
    );
  const all = within(STEPS);
  return all.length > CROWD ? within([1]) : all;
}

/**
 * A line through points; a dot where none leads to it.
 *
 * @param {readonly { x: number, y: number, joined: boolean }[]} points
 * @returns {string} the d of an SVG path
 */
export const pathThrough = (points) =>
  points
    .map(({ x, y, joined }, index) => {
      const place = `${x.toFixed(1)} ${y.toFixed(1)}`;
      return joined ? `${index > 0 ? "L" : "M"}${place}` : `M${place}${DOT}`;
    })
    .join("");
