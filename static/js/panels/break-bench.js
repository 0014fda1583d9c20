// @ts-check
// A bench for the drawing: handles to move, scale and turn it, by pointer, by key and by button.

import { emit } from "../actions.js";
import { FRAME } from "../geometry.js";
import { button, h, keyOf, pointOn } from "../html.js";
import {
  dragged,
  extent,
  fitted,
  grown,
  middle,
  moving,
  placedBox,
  scaleWithin,
  transformed,
  turning,
} from "../insides/transform.js";
import { mountPad } from "../pad.js";
import { sheetOf, UNMOVED } from "../strokes.js";
import { t } from "../texts.js";

/** @import { Box } from "../geometry.js" */
/** @import { Kind } from "../insides/transform.js" */
/** @import { Drawing, Matrix } from "../strokes.js" */

const STEP = 1 / FRAME; // of the pad's side: a pixel of what the networks see in the raw
const FACTOR = 1.1;
const ANGLE = Math.PI / 36; // 5 degrees

/** @type {Readonly<Record<string, { sign: string, matrix: (box: Box) => Matrix }>>} */
const NUDGES = {
  left: { sign: "←", matrix: () => moving(-STEP, 0) },
  right: { sign: "→", matrix: () => moving(STEP, 0) },
  up: { sign: "↑", matrix: () => moving(0, -STEP) },
  down: { sign: "↓", matrix: () => moving(0, STEP) },
  smaller: { sign: "−", matrix: (box) => turning(scaleWithin(box, 1 / FACTOR), 0, middle(box)) },
  larger: { sign: "+", matrix: (box) => turning(scaleWithin(box, FACTOR), 0, middle(box)) },
  anticlockwise: { sign: "↺", matrix: (box) => turning(1, -ANGLE, middle(box)) },
  clockwise: { sign: "↻", matrix: (box) => turning(1, ANGLE, middle(box)) },
};

/** Which nudge a key gives on which handle. */
const KEYS = {
  move: { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" },
  scale: { ArrowLeft: "smaller", ArrowDown: "smaller", ArrowRight: "larger", ArrowUp: "larger" },
  turn: {
    ArrowLeft: "anticlockwise",
    ArrowUp: "anticlockwise",
    ArrowRight: "clockwise",
    ArrowDown: "clockwise",
  },
};
const KINDS = /** @type {const} */ (["move", "scale", "turn"]);

export function mountBench() {
  const { element, area, canvas, box, nudges } = buildBench(nudge, drag);
  const updatePad = mountPad(canvas);
  /** @type {Drawing | null} */
  let drawing = null;
  let pen = 0;
  /** @type {{ box: Box, matrix: Matrix } | null} while it is dragged: turned as a whole, handles stay at the pointer */
  let held = null;

  /** @param {string} name */
  function nudge(name) {
    const around = drawing && extent(drawing);
    const matrix = around && NUDGES[name]?.matrix(around);
    if (!drawing || !matrix) return;
    emit(element, "grasp", transformed(sheetOf(drawing), matrix));
    emit(element, "drop", null);
  }

  /**
   * @param {Kind} kind
   * @param {HTMLElement} grip
   * @param {PointerEvent} down
   */
  function drag(kind, grip, down) {
    const from = drawing && extent(drawing);
    if (!drawing || !from) return;
    const [sheet, around, start] = [sheetOf(drawing), grown(from, pen), pointOn(area, down)];
    const go = (/** @type {PointerEvent} */ event) => {
      const matrix = fitted(sheet, dragged(kind, from, start, pointOn(area, event)));
      const name = held ? "move" : "grasp";
      held = { box: around, matrix };
      emit(element, name, transformed(sheet, matrix));
    };
    const stop = () => {
      grip.removeEventListener("pointermove", go);
      if (!held) return;
      held = null;
      emit(element, "drop", null);
    };
    grip.addEventListener("pointermove", go);
    grip.addEventListener("lostpointercapture", stop, { once: true });
  }

  /** @param {{ drawing: Drawing, pen: number }} state */
  function update(state) {
    ({ drawing, pen } = state);
    updatePad({ ink: drawing.ink, picture: drawing.picture, pen });
    const around = extent(drawing);
    box.hidden = !around;
    for (const one of nudges) one.disabled = !around;
    if (around) place(box, held?.box ?? grown(around, pen), held?.matrix ?? UNMOVED);
  }
  return { element, update };
}

/**
 * @param {(name: string) => void} onNudge
 * @param {(kind: Kind, grip: HTMLElement, event: PointerEvent) => void} onGrasp
 */
function buildBench(onNudge, onGrasp) {
  const canvas = h("canvas", { role: "img", "aria-label": t("break.drawing") });
  const grips = KINDS.map((kind) => gripOf(kind, onNudge, (grip, event) => onGrasp(kind, grip, event)));
  const box = h("div", { class: "grip-box", hidden: true }, ...grips);
  const nudges = Object.entries(NUDGES).map(([name, { sign }]) => {
    const label = t(`break.${name}`);
    return button(sign, () => onNudge(name), { class: "button square", "aria-label": label, title: label });
  });
  const area = h("div", { class: "bench-pad" }, canvas, box);
  const help = h("p", { class: "small" }, t("break.handles"));
  const element = h("div", { class: "bench" }, area, h("div", { class: "nudges" }, ...nudges), help);
  return { element, area, canvas, box, nudges };
}

/**
 * @param {Kind} kind
 * @param {(name: string) => void} onNudge
 * @param {(grip: HTMLElement, event: PointerEvent) => void} onGrasp
 */
function gripOf(kind, onNudge, onGrasp) {
  const label = t(`break.grip.${kind}`);
  const grip = h("button", { type: "button", class: `grip grip-${kind}`, "aria-label": label });
  grip.addEventListener("keydown", (event) => {
    const name = /** @type {Record<string, string>} */ (KEYS[kind])[keyOf(event)];
    if (!name) return;
    event.preventDefault();
    onNudge(name);
  });
  grip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    grip.focus({ preventScroll: true });
    grip.setPointerCapture(event.pointerId);
    onGrasp(grip, event);
  });
  return grip;
}

/**
 * @param {HTMLElement} element on the pad
 * @param {Box} box
 * @param {Matrix} matrix
 */
function place({ style }, box, matrix) {
  const { centre, width, height, angle } = placedBox(box, matrix);
  style.left = `${100 * (centre[0] - width / 2)}%`;
  style.top = `${100 * (centre[1] - height / 2)}%`;
  style.width = `${100 * width}%`;
  style.height = `${100 * height}%`;
  style.rotate = `${angle}rad`;
}
