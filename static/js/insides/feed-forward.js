// @ts-check
// The feed-forward net in numbers: what each unit sums up, and what it adds to each digit. Pure.

import { unitName } from "../settings.js";
import { number, t } from "../texts.js";
import { finePercent } from "../words.js";
import { addingUp, contributions, products, rounded, rowOf, sum } from "./arithmetic.js";
import { tensorOf } from "./facts.js";
import { DECIMALS, figure } from "./figures.js";
import { DIGITS, EIGHT } from "./ranges.js";

/** @import { Inspection } from "../client.js" */
/** @import { Weights } from "./facts.js" */
/** @typedef {{ unit?: number, digit?: number }} Traced  both: what that unit adds to that digit */
/**
 * @typedef {object} Whole everything the panel shows, in numbers
 * @property {Float32Array[]} weights of each unit (784,)
 * @property {boolean[]} off whether each unit is switched off
 * @property {number[][]} weighted weight times input, of each unit (784,)
 * @property {number[]} sums
 * @property {number[]} biases
 * @property {number[]} before sum and bias: what ReLU gets
 * @property {number[]} values what is handed on, as shown in the table
 * @property {readonly number[]} handed the same, not rounded
 * @property {Float32Array[]} factors of each digit: the weight of each unit
 * @property {number[][]} shares of each digit: one per unit, then the bias; they add up to the logit as shown
 * @property {number[]} logits
 * @property {readonly number[]} probabilities
 */

const HIDDEN = 2; // the layer that hands on the units' values
const FINE = 4; // decimals, of numbers that are multiplied

/**
 * @param {Weights} weights
 * @param {Inspection | null} inspection
 * @param {readonly string[]} [off] units switched off, as in the settings
 * @returns {Whole}
 */
export function wholeOf(weights, inspection, off = []) {
  const [first, second] = [tensorOf(weights, "layers.1.weight"), tensorOf(weights, "layers.3.weight")];
  const known = {
    weights: EIGHT.map((unit) => rowOf(first, unit)),
    off: EIGHT.map((unit) => off.includes(unitName("ff", HIDDEN, unit))),
    factors: DIGITS.map((digit) => rowOf(second, digit)),
  };
  const layers = inspection?.networks.ff?.layers ?? [];
  const [pixels, before, values, logits] = [0, 1, 2, 3].map((index) => layers[index]?.values);
  if (!pixels || !before || !values || !logits) {
    const nothing = { weighted: [], sums: [], biases: [], before: [], values: [], handed: [], shares: [] };
    return { ...known, ...nothing, logits: [], probabilities: [] };
  }
  const plain = (/** @type {ArrayLike<number>} */ own) =>
    Array.from(own, (value) => rounded(value, DECIMALS));
  const [biases, outputBiases] = [1, 3].map((layer) => tensorOf(weights, `layers.${layer}.bias`).values);
  const weighted = known.weights.map((weight) => products(weight, pixels));
  const sums = weighted.flatMap((one, unit) =>
    addingUp([sum(one)], biases?.[unit] ?? 0, before[unit] ?? 0, DECIMALS),
  );
  const shares = contributions(second, [...values]).map((parts, digit) => {
    const bias = outputBiases?.[digit] ?? 0;
    return [...addingUp(parts, bias, logits[digit] ?? 0, DECIMALS), rounded(bias, DECIMALS)];
  });
  return {
    ...known,
    weighted,
    sums,
    biases: plain(biases ?? []),
    before: plain(before),
    values: plain(values),
    handed: values,
    shares,
    logits: plain(logits),
    probabilities: inspection?.networks.ff?.probabilities ?? [],
  };
}

/**
 * What is to be traced from a cell of the table.
 *
 * @param {number} column 0 are the heads of the rows, then come the units
 * @param {number | undefined} digit of its row
 * @returns {Traced | null}
 */
export function tracedAt(column, digit) {
  const unit = EIGHT.includes(column - 1) ? column - 1 : undefined;
  if (unit === undefined) return digit === undefined ? null : { digit };
  return digit === undefined ? { unit } : { unit, digit };
}

/**
 * @param {Traced | null} one
 * @param {Traced | null} other
 */
export const isSame = (one, other) => one?.unit === other?.unit && one?.digit === other?.digit;

/** @param {Traced} traced for the settings: unit.digit, either may be left out */
export const textOf = ({ unit, digit }) => `${unit ?? ""}.${digit ?? ""}`;

/**
 * @param {string} text
 * @returns {Traced | null} null where there is nothing of it
 */
export function tracedOf(text) {
  const [, unit, digit] = /^([0-7]?)\.([0-9]?)$/.exec(text) ?? [];
  return tracedAt(unit ? Number(unit) + 1 : 0, digit ? Number(digit) : undefined);
}

/**
 * @param {Whole} whole
 * @param {Traced} traced
 */
export function wordsOf(whole, { unit, digit }) {
  if (whole.logits.length === 0) return t("ff.draw");
  if (unit === undefined) return digit === undefined ? "" : wordsOfDigit(whole, digit);
  return digit === undefined ? wordsOfUnit(whole, unit) : wordsOfShare(whole, unit, digit);
}

/**
 * @param {Whole} whole
 * @param {number} digit
 */
function wordsOfDigit(whole, digit) {
  const terms = (whole.shares[digit] ?? []).map(figure).join(" + ").replaceAll("+ -", "- ");
  const probability = finePercent(whole.probabilities[digit] ?? 0);
  return t("ff.traceDigit", { digit, terms, logit: figure(whole.logits[digit]), percent: probability });
}

/**
 * @param {Whole} whole
 * @param {number} unit
 */
function wordsOfUnit(whole, unit) {
  const shares = whole.shares.map((row) => row[unit] ?? 0);
  const [most, least] = [Math.max(...shares), Math.min(...shares)];
  const silent = (whole.values[unit] ?? 0) > 0 ? "ff.traceUnit" : "ff.traceSilent";
  return t(whole.off[unit] ? "ff.traceOff" : silent, {
    unit: unit + 1,
    sum: figure(whole.sums[unit]),
    bias: figure(whole.biases[unit]),
    before: figure(whole.before[unit]),
    value: figure(whole.values[unit]),
    for: shares.indexOf(most),
    most: figure(most),
    against: shares.indexOf(least),
    least: figure(least),
  });
}

/**
 * With more decimals than the table, and the product of the numbers as shown: whoever multiplies gets the same.
 *
 * @param {Whole} whole
 * @param {number} unit
 * @param {number} digit
 */
function wordsOfShare(whole, unit, digit) {
  const off = whole.off[unit] ?? false;
  const [value, weight] = [whole.handed[unit], whole.factors[digit]?.[unit]].map((one) =>
    rounded(one ?? 0, FINE),
  );
  return t(off ? "ff.traceShareOff" : "ff.traceShare", {
    unit: unit + 1,
    digit,
    value: number(value ?? 0, FINE),
    weight: number(weight ?? 0, FINE),
    share: off ? figure(0) : number((value ?? 0) * (weight ?? 0), FINE - 1),
    logit: figure(whole.logits[digit]),
  });
}
