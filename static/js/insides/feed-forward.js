// @ts-check
// The feed-forward net in numbers: what each unit sums up, and what it adds to each digit. Pure.

import { number, t } from "../texts.js";
import { percent } from "../words.js";
import { addingUp, contributions, products, rowOf, sum } from "./arithmetic.js";

/** @import { Inspection } from "../client.js" */
/** @import { Weights } from "./facts.js" */
/** @typedef {{ unit: number } | { digit: number }} Traced */
/**
 * @typedef {object} Whole everything the panel shows, in numbers
 * @property {Float32Array[]} weights of each unit (784,)
 * @property {number[][]} weighted weight times input, of each unit (784,)
 * @property {number[]} sums
 * @property {number[]} biases
 * @property {number[]} values after ReLU
 * @property {number[][]} shares of each digit: one per unit, then the bias; they add up to the logit as shown
 * @property {number[]} logits
 * @property {readonly number[]} probabilities
 */

export const UNITS = Array.from({ length: 8 }, (_, unit) => unit);
export const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

const DECIMALS = 2;

/** @param {number | undefined} value */
export const figure = (value) => (value === undefined ? "–" : number(value, DECIMALS));

/**
 * @param {Weights} weights
 * @param {Inspection | null} inspection
 * @returns {Whole}
 */
export function wholeOf(weights, inspection) {
  const tensor = (/** @type {string} */ name) => {
    const found = weights.get(name);
    if (!found) throw new Error(`The weights have no ${name}.`);
    return found;
  };
  const [first, second] = [tensor("layers.1.weight"), tensor("layers.3.weight")];
  const own = UNITS.map((unit) => rowOf(first, unit));
  const layers = inspection?.networks.ff?.layers ?? [];
  const [pixels, before, values, logits] = [0, 1, 2, 3].map((index) => layers[index]?.values);
  if (!pixels || !before || !values || !logits) {
    return {
      weights: own,
      weighted: [],
      sums: [],
      biases: [],
      values: [],
      shares: [],
      logits: [],
      probabilities: [],
    };
  }
  const biases = Array.from(tensor("layers.1.bias").values);
  const weighted = own.map((weight) => products(weight, pixels));
  const shown = weighted.map((one, unit) =>
    addingUp([sum(one), biases[unit] ?? 0], before[unit] ?? 0, DECIMALS),
  );
  const outputBiases = tensor("layers.3.bias").values;
  const shares = contributions(second, [...values]).map((parts, digit) =>
    addingUp([...parts, outputBiases[digit] ?? 0], logits[digit] ?? 0, DECIMALS),
  );
  return {
    weights: own,
    weighted,
    sums: shown.map(([added = 0]) => added),
    biases: shown.map(([, bias = 0]) => bias),
    values: [...values],
    shares,
    logits: [...logits],
    probabilities: inspection?.networks.ff?.probabilities ?? [],
  };
}

/**
 * @param {Whole} whole
 * @param {Traced} traced
 */
export function wordsOf(whole, traced) {
  if (whole.logits.length === 0) return t("ff.draw");
  if ("digit" in traced) {
    const { digit } = traced;
    const terms = (whole.shares[digit] ?? []).map(figure).join(" + ").replaceAll("+ -", "− ");
    const probability = percent(whole.probabilities[digit] ?? 0);
    return t("ff.traceDigit", { digit, terms, logit: figure(whole.logits[digit]), percent: probability });
  }
  const { unit } = traced;
  const shares = whole.shares.map((row) => row[unit] ?? 0);
  const [most, least] = [Math.max(...shares), Math.min(...shares)];
  return t((whole.values[unit] ?? 0) > 0 ? "ff.traceUnit" : "ff.traceSilent", {
    unit: unit + 1,
    sum: figure(whole.sums[unit]),
    bias: figure(whole.biases[unit]),
    value: figure(whole.values[unit]),
    for: shares.indexOf(most),
    most: figure(most),
    against: shares.indexOf(least),
    least: figure(least),
  });
}
