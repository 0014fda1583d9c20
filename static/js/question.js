// @ts-check
// What the page asks the server: a picture, and how it wants it to be looked at.

import { FRAME } from "./geometry.js";
import { cropPng, exactPng, wholePng } from "./paint.js";
import { UNMOVED } from "./strokes.js";

/** @import { Question } from "./client.js" */
/** @import { Png } from "./png.js" */
/** @import { Settings } from "./settings.js" */
/** @import { Sheet } from "./strokes.js" */

/**
 * An untouched digit of MNIST is sent as its own pixels: painting it anew could only blur it.
 *
 * @param {Sheet} sheet
 */
export function isExact({ ink, picture }) {
  if (!picture || ink.length > 0 || picture.side !== FRAME) return false;
  return picture.place.every((value, index) => value === UNMOVED[index]);
}

/**
 * @param {Settings} settings
 * @param {readonly string[]} layers the networks whose layers' values are wanted
 * @returns {string} the query of POST /inspect
 */
export function queryOf({ raw, checkpoint, off }, layers) {
  const query = new URLSearchParams();
  if (layers.length === 0) query.set("layers", "false");
  for (const name of layers) query.append("layers_of", name);
  if (raw) query.set("normalize", "false");
  if (checkpoint !== null) query.set("checkpoint", String(checkpoint));
  for (const unit of off) query.append("off", unit);
  return query.toString();
}

/**
 * @param {Settings} settings
 * @param {readonly string[]} layers
 */
export const urlOf = (settings, layers) => new URL(`inspect?${queryOf(settings, layers)}`, document.baseURI);

/**
 * @param {Sheet} sheet
 * @param {number} pen
 * @param {Settings} settings
 * @returns {Png | Promise<Png>} the very PNG that is asked about
 */
export function pngOf(sheet, pen, { raw }) {
  if (isExact(sheet) && sheet.picture) return exactPng(sheet.picture);
  return raw || sheet.picture ? wholePng(sheet, pen) : cropPng(sheet.ink, pen);
}

/**
 * @param {Sheet} sheet
 * @param {number} pen
 * @param {Settings} settings
 * @param {readonly string[]} layers
 * @returns {Promise<Question>}
 */
export async function questionOf(sheet, pen, settings, layers) {
  return { url: urlOf(settings, layers), body: await pngOf(sheet, pen, settings) };
}
