// @ts-check
// The drawing surface: mouse, touch and pen in; the strokes as they are, painted for the eye.

import { emit } from "./actions.js";
import { pointIn } from "./geometry.js";
import { onTheme } from "./html.js";
import { paint, paintPicture } from "./paint.js";
import { imageOf, opened } from "./picture.js";

/** @import { Ink, Picture } from "./strokes.js" */

/**
 * @param {HTMLCanvasElement} pad
 * @param {{ draws?: boolean }} [options] draws: false only shows the drawing
 */
export function mountPad(pad, { draws = true } = {}) {
  /** @type {number | null} */
  let active = null; // the one pointer that draws; a second finger is ignored
  let penMode = false; // once a pen was seen, touch is the palm beside it
  /** @type {{ ink: Ink, picture: Picture | null, pen: number }} */
  let shown = { ink: [], picture: null, pen: 0 };

  if (draws) listenToPointers();

  function listenToPointers() {
    pad.addEventListener("pointerdown", onDown);
    pad.addEventListener("pointermove", onMove);
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) pad.addEventListener(end, onEnd);
    pad.addEventListener("contextmenu", (event) => event.preventDefault());
    // Else a tap soon after a quick stroke ends the fling that Chromium takes it for, and clicks nothing.
    pad.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  }

  /** @param {PointerEvent} event */
  function onDown(event) {
    if (event.pointerType === "pen") penMode = true;
    const palm = penMode && event.pointerType === "touch";
    if (palm || active !== null || event.button !== 0) return;
    active = event.pointerId;
    capture(event.pointerId);
    emit(pad, "begin", pointIn(event.clientX, event.clientY, pad.getBoundingClientRect()));
  }

  /** @param {PointerEvent} event */
  function onMove(event) {
    if (event.pointerId !== active) return;
    // Missing on plain http:// in a local network, which is how a phone opens a self-hosted page.
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const area = pad.getBoundingClientRect();
    const moves = coalesced.length > 0 ? coalesced : [event];
    emit(
      pad,
      "extend",
      moves.map(({ clientX, clientY }) => pointIn(clientX, clientY, area)),
    );
  }

  /** @param {Event} event */
  function onEnd(event) {
    if (!(event instanceof PointerEvent) || event.pointerId !== active) return;
    active = null;
    emit(pad, "end", null);
  }

  /** @param {number} pointerId */
  function capture(pointerId) {
    try {
      pad.setPointerCapture(pointerId);
    } catch {
      // The pointer is gone already: a tap shorter than this handler. Its dot stays.
    }
  }

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
