// @ts-check
// How numbers are shown that add up to each other.

import { number } from "../texts.js";

export const DECIMALS = 2;

/** @param {number | undefined} value */
export const figure = (value) => (value === undefined ? "–" : number(value, DECIMALS));
