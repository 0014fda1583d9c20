// @ts-check
// The 28×28 picture the networks got, pixel for pixel; blank paper where they got none.

import { t } from "./texts.js";
import { frameWords } from "./words.js";

/** @import { Frame } from "./client.js" */

const SIDE = 28;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLButtonElement} [numbers] opens a table of the 784 numbers
 */
export function mountFrame(canvas, numbers) {
  /** @type {Frame | undefined} */
  let shown;

  numbers?.addEventListener("click", async () => {
    const { openNumbers } = await import("./insides/numbers.js");
    openNumbers(t("frame.title"), shown ? [{ title: t("frame.numbers"), rows: shown }] : [], 2);
  });

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
