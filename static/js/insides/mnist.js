// @ts-check
// MNIST's digits, from the server's data folder onto the page and the pad.

import { emit } from "../actions.js";
import { problemOf } from "../client.js";
import { FRAME } from "../geometry.js";
import { greyUrl } from "../paint.js";
import { opened, pictureOf } from "../picture.js";
import { t } from "../texts.js";
import { paintMatrix } from "./picture-grid.js";

/** @import { Picture } from "../strokes.js" */
/** @typedef {{ split: "train" | "test", index: number, label: number, frame: number[][] }} Digit  frame: 0 … 255, full ink */
/** @typedef {Digit & { answer: number }} HardDigit  answer: what the network says it is */
/** @typedef {{ counts: Record<string, number>, missing: string | null }} Shelf */

const FULL = 255; // the level of full ink

/**
 * @template T
 * @param {string} path below data/mnist
 * @returns {Promise<T>} throws an Error that says what is wrong
 */
export async function fromMnist(path) {
  const response = await fetch(new URL(`data/mnist${path}`, document.baseURI));
  if (!response.ok) throw new Error(await problemOf(response));
  return response.json();
}

/** @param {Digit} digit */
export const titleOf = ({ split, index, label }) => t(`data.title.${split}`, { index, label });

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Digit} digit
 * @param {string} label what the canvas is called
 */
export function paintDigit(canvas, { frame }, label) {
  paintMatrix(canvas, { values: frame.flat(), columns: FRAME, most: FULL, signed: false, label });
}

/**
 * Puts a digit on the pad, and shows it there.
 *
 * @param {Element} from
 * @param {Digit} digit
 */
export async function putOnPad(from, digit) {
  emit(from, "picture", await picture(digit));
  document.getElementById("pad")?.scrollIntoView({ block: "center" });
}

/**
 * Black on white, as on paper; the server tells ink from paper by itself.
 *
 * @param {Digit} digit
 * @returns {Promise<Picture>} ready to be painted
 */
async function picture(digit) {
  const levels = digit.frame.flat().map((level) => FULL - level);
  const made = pictureOf(greyUrl(levels, FRAME, FULL), FRAME, "#ffffff", titleOf(digit));
  await opened(made);
  return made;
}
