// @ts-check
// MNIST's digits, from the server's data folder onto the page and the pad.

import { emit } from "../actions.js";
import { FRAME } from "../geometry.js";
import { h } from "../html.js";
import { greyUrl } from "../paint.js";
import { opened, pictureOf } from "../picture.js";
import { t } from "../texts.js";
import { mountAsking } from "./asking.js";
import { fetched } from "./fetched.js";
import { paintMatrix } from "./picture-grid.js";

/** @import { Picture } from "../strokes.js" */
/** @typedef {{ split: "train" | "test", index: number, label: number, frame: number[][] }} Digit  frame: 0 … 255, full ink */
/** @typedef {Digit & { answer: number }} HardDigit  answer: what the network says it is */
/** @typedef {{ counts: Record<string, number>, missing: string | null }} Shelf */

const FULL = 255; // the level of full ink

/**
 * @template T
 * @param {string} path below data/mnist
 * @returns {Promise<T>}
 */
export async function fromMnist(path) {
  const response = await fetched(`data/mnist${path}`);
  return response.json();
}

/**
 * Shows what needs MNIST, or says that it is not there.
 *
 * @param {HTMLElement} room
 * @param {(counts: Shelf["counts"]) => void} show
 */
export function mountShelf(room, show) {
  mountAsking(room, /** @type {() => Promise<Shelf>} */ (() => fromMnist("")), ({ counts, missing }) => {
    if (missing) room.replaceChildren(h("p", { class: "missing" }, t("data.missing")));
    else show(counts);
  });
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
  emit(from, "look", null);
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
