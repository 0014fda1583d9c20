// @ts-check
// What is on the page, as files.

import { FRAME } from "../geometry.js";
import { h } from "../html.js";
import { greyUrl, wholePng } from "../paint.js";

/** @import { Frame } from "../client.js" */
/** @import { Sheet } from "../strokes.js" */

const SOON = 10_000; // ms, by which the browser has taken a file

/**
 * @param {Sheet} sheet
 * @param {number} pen
 */
export async function savePng(sheet, pen) {
  const url = URL.createObjectURL(new Blob([await wholePng(sheet, pen)], { type: "image/png" }));
  save("digit.png", url);
  setTimeout(() => URL.revokeObjectURL(url), SOON);
}

/** @param {NonNullable<Frame>} frame */
export function saveFrame(frame) {
  save("frame.png", greyUrl(frame.flat(), FRAME, 1));
}

/**
 * @param {string} name
 * @param {string} url
 */
function save(name, url) {
  h("a", { href: url, download: name }).click();
}
