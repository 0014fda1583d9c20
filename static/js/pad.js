// @ts-check
// The drawing as it is, painted for the eye.

import { paint, paintPicture } from "./paint.js";
import { imageOf, opened } from "./picture.js";
import { onTheme } from "./theme.js";

/** @import { Ink, Picture } from "./strokes.js" */

/** @param {HTMLCanvasElement} pad */
export function mountPad(pad) {
  /** @type {{ ink: Ink, picture: Picture | null, pen: number }} */
  let shown = { ink: [], picture: null, pen: 0 };

  function redraw() {
    const context = pad.getContext("2d");
    if (!context) return;
    const { width, height } = pad;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(width, 0, 0, height, 0, 0);
    context.fillStyle = context.strokeStyle = getComputedStyle(pad).color;
    if (shown.picture) paintPicture(context, shown.picture);
    paint(context, shown.ink, shown.pen);
  }

  function fit() {
    const { width, height } = pad.getBoundingClientRect();
    const density = globalThis.devicePixelRatio || 1;
    const size = [Math.max(1, Math.round(width * density)), Math.max(1, Math.round(height * density))];
    if (pad.width === size[0] && pad.height === size[1]) return;
    [pad.width = 1, pad.height = 1] = size;
    redraw();
  }

  new ResizeObserver(fit).observe(pad);
  onTheme(redraw);
  matchMedia("print").addEventListener("change", redraw);
  globalThis.addEventListener("resize", fit); // zooming changes the density, not the size
  fit();

  /** @param {{ ink: Ink, picture: Picture | null, pen: number }} state */
  return ({ ink, picture, pen }) => {
    if (ink === shown.ink && picture === shown.picture && pen === shown.pen) return;
    shown = { ink, picture, pen };
    redraw();
    if (picture && !imageOf(picture)) opened(picture).then(redraw);
  };
}
