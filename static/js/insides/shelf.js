// @ts-check
// Which of MNIST's digits there are to look at. Pure.

import { clamp } from "../geometry.js";

/** @typedef {"train" | "test"} Split */
/** @typedef {{ split: Split, index: number }} Place */

/**
 * The nearest digit that there is.
 *
 * @param {Place} wanted
 * @param {Readonly<Record<string, number>>} counts how many there are of each part
 * @returns {Place}
 */
export function nearest({ split, index }, counts) {
  const last = Math.max(0, (counts[split] ?? 0) - 1);
  const whole = Number.isFinite(index) ? Math.trunc(index) : 0;
  return { split, index: clamp(whole, 0, last) };
}

/**
 * The next one, or the one before; beyond the last comes the first.
 *
 * @param {Place} place
 * @param {number} by
 * @param {Readonly<Record<string, number>>} counts
 * @returns {Place}
 */
export function stepped({ split, index }, by, counts) {
  const count = Math.max(1, counts[split] ?? 1);
  return { split, index: (((index + by) % count) + count) % count };
}

/**
 * As settings keep it: test.77
 *
 * @param {Place} place
 */
export const nameOf = ({ split, index }) => `${split}.${index}`;

/**
 * @param {string} name
 * @returns {Place}
 */
export function placeOf(name) {
  const [split, index] = name.split(".");
  return { split: split === "train" ? "train" : "test", index: Number(index) || 0 };
}
