// @ts-check
// Numbers -> colours, by the tokens of the theme.

import { themeNow } from "../theme.js";
import { ample } from "./arithmetic.js";

/** @import { Colour } from "../pixels.js" */
/** @typedef {{ plus: Colour, zero: Colour, minus: Colour }} Palette */
/** @typedef {{ most: number, under: boolean, over: boolean }} Scale  the value of full colour; whether numbers lie beyond */

/**
 * @param {string} hex #rrggbb
 * @returns {Colour}
 */
const colourOf = (hex) => {
  const at = (/** @type {number} */ index) => Number.parseInt(hex.slice(index, index + 2), 16) || 0;
  return [at(1), at(3), at(5)];
};

export const PALE = 0.42; // of full colour, behind figures, so that they stay legible

/** @type {Map<string, Palette>} by theme: to ask the page's style again for each picture takes longer than to paint it */
const known = new Map();

/** @returns {Palette} of the theme that is on */
export function palette() {
  const theme = themeNow();
  const found = known.get(theme) ?? read();
  known.set(theme, found);
  return found;
}

/** @returns {Palette} */
function read() {
  const style = getComputedStyle(document.documentElement);
  const token = (/** @type {string} */ name) => colourOf(style.getPropertyValue(name).trim());
  return { plus: token("--plus"), zero: token("--zero"), minus: token("--minus") };
}

/**
 * What full colour stands for in pictures of these numbers: the same numbers have the same colours in every panel.
 *
 * @param {ArrayLike<number>} values of all the pictures that are to be compared
 * @returns {Scale}
 */
export function scaleOf(values) {
  const most = ample(values);
  const numbers = Array.from(values);
  return { most, under: numbers.some((value) => value < -most), over: numbers.some((value) => value > most) };
}

/**
 * @param {number} value
 * @param {number} most its largest absolute value: full colour
 * @param {Palette} colours
 * @returns {Colour}
 */
export function diverging(value, most, { plus, zero, minus }) {
  const share = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
  const end = value < 0 ? minus : plus;
  const mixed = (/** @type {0 | 1 | 2} */ at) => Math.round(zero[at] + (end[at] - zero[at]) * share);
  return [mixed(0), mixed(1), mixed(2)];
}
