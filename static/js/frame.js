// @ts-check
// The 28×28 picture the networks got, pixel for pixel; blank paper where they got none.

import { frameWords } from "./words.js";

/** @import { Frame } from "./client.js" */

const SIDE = 28;

/** @param {HTMLCanvasElement} canvas */
export function mountFrame(canvas) {
  /** @type {Frame | undefined} */
  let shown;

  /** @param {{ frame: Frame }} state */
  return ({ frame }) => {
    if (frame === shown) return;
    shown = frame;
    canvas.setAttribute("aria-label", frameWords(frame));
    const context = canvas.getContext("2d");
    if (!context) return;
    if (!frame) {
      context.clearRect(0, 0, SIDE, SIDE);
      return;
    }
    const picture = context.createImageData(SIDE, SIDE);
    for (let index = 0; index < SIDE * SIDE; index++) {
      const level = 255 * (frame[Math.floor(index / SIDE)]?.[index % SIDE] ?? 0);
      picture.data.set([level, level, level, 255], 4 * index);
    }
    context.putImageData(picture, 0, 0);
  };
}
