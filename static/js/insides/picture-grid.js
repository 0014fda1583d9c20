// @ts-check
// A matrix as a picture: one pixel per number.

import { grey, putPixels } from "../pixels.js";
import { diverging, palette } from "./colours.js";

/**
 * @typedef {object} Matrix
 * @property {ArrayLike<number>} values row by row; NaN leaves a gap
 * @property {number} columns
 * @property {number} most the value of full colour
 * @property {boolean} [signed] whether negative numbers mean something
 * @property {string} label what is to be seen, for those who cannot
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Matrix} matrix
 */
export function paintMatrix(canvas, { values, columns, most, signed = true, label }) {
  const rows = values.length / columns;
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
  const context = canvas.getContext("2d");
  if (!context || rows === 0) return;
  const colours = palette();
  putPixels(context, values, columns, (value) =>
    signed ? diverging(value, most, colours) : grey(value, most),
  );
}

/**
 * @param {string} [className]
 * @returns {HTMLCanvasElement} named by what is painted on it
 */
export function matrixCanvas(className = "matrix") {
  const canvas = document.createElement("canvas");
  canvas.className = className;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "–");
  [canvas.width, canvas.height] = [1, 1];
  return canvas;
}
