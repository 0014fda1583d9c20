// @ts-check
// Mouse, touch and pen on the pad -> strokes.

import { emit } from "./actions.js";
import { pointIn } from "./geometry.js";

/** @param {HTMLElement} pad */
export function mountPointer(pad) {
  /** @type {number | null} */
  let active = null; // the one pointer that draws; a second finger is ignored
  let penMode = false; // once a pen was seen, touch is the palm beside it

  /** @param {PointerEvent} event */
  function onDown(event) {
    if (event.pointerType === "pen") penMode = true;
    const palm = penMode && event.pointerType === "touch";
    if (palm || active !== null || event.button !== 0) return;
    active = event.pointerId;
    capture(pad, event.pointerId);
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

  pad.addEventListener("pointerdown", onDown);
  pad.addEventListener("pointermove", onMove);
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) pad.addEventListener(end, onEnd);
  pad.addEventListener("contextmenu", (event) => event.preventDefault());
  // Else a tap soon after a quick stroke ends the fling that Chromium takes it for, and clicks nothing.
  pad.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
}

/**
 * @param {Element} pad
 * @param {number} pointerId
 */
function capture(pad, pointerId) {
  try {
    pad.setPointerCapture(pointerId);
  } catch {
    // The pointer is gone already: a tap shorter than this handler. Its dot stays.
  }
}
