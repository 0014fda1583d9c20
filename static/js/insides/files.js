// @ts-check
// What is on the page, as files.

import { h } from "../html.js";
import { dataUrl, wholePng } from "../paint.js";

/** @import { Frame } from "../client.js" */
/** @import { Sheet } from "../strokes.js" */

const SIDE = 28; // px, of a frame
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
  const url = dataUrl(SIDE, SIDE, (context) => {
    const pixels = context.createImageData(SIDE, SIDE);
    for (const [pixel, value] of frame.flat().entries()) {
      pixels.data.set([255 * value, 255 * value, 255 * value, 255], 4 * pixel);
    }
    context.putImageData(pixels, 0, 0);
  });
  save("frame.png", url);
}

/**
 * @param {string} name
 * @param {string} url
 */
function save(name, url) {
  h("a", { href: url, download: name }).click();
}
