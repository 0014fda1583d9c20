// @ts-check
// The 28×28 picture the networks got, pixel for pixel; blank paper where they got none.

import { emit } from "./actions.js";
import { FRAME } from "./geometry.js";
import { grey, putPixels } from "./pixels.js";
import { t } from "./texts.js";
import { frameWords } from "./words.js";

/** @import { Frame } from "./client.js" */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLButtonElement} [numbers] opens a table of the 784 numbers
 */
export function mountFrame(canvas, numbers) {
  /** @type {Frame | undefined} */
  let shown;
  canvas.width = canvas.height = FRAME;

  numbers?.addEventListener("click", async () => {
    const found = await import("./insides/numbers.js").catch(() => null);
    if (!found) return emit(numbers, "complaint", t("panels.lost"));
    found.openNumbers(t("frame.title"), shown ? [{ title: t("frame.numbers"), rows: shown }] : [], 2);
  });

  /** @param {{ frame: Frame }} state */
  return ({ frame }) => {
    if (frame === shown) return;
    shown = frame;
    canvas.setAttribute("aria-label", frameWords(frame));
    const context = canvas.getContext("2d");
    if (!context) return;
    if (frame) putPixels(context, frame.flat(), FRAME, (value) => grey(value, 1));
    else context.clearRect(0, 0, FRAME, FRAME);
  };
}
