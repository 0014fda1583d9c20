// @ts-check
// A bench for the drawing: handles to move, scale and turn it, by pointer, by key and by button.

import { emit } from "../actions.js";
import { button, h } from "../html.js";
import { extent, middle, moving, scaleWithin, transformed, turning } from "../insides/transform.js";
import { mountPad } from "../pad.js";
import { t } from "../texts.js";

/** @import { Box } from "../geometry.js" */
/** @import { Drawing, Matrix, Point, Sheet } from "../strokes.js" */

const STEP = 1 / 28; // of the pad's side: a pixel of what the networks see in the raw
const FACTOR = 1.1;
const ANGLE = Math.PI / 36; // 5 degrees

/** @type {Readonly<Record<string, (box: Box) => Matrix>>} */
const NUDGES = {
  left: () => moving(-STEP, 0),
  right: () => moving(STEP, 0),
  up: () => moving(0, -STEP),
  down: () => moving(0, STEP),
  smaller: (box) => turning(scaleWithin(box, 1 / FACTOR), 0, middle(box)),
  larger: (box) => turning(scaleWithin(box, FACTOR), 0, middle(box)),
  anticlockwise: (box) => turning(1, -ANGLE, middle(box)),
  clockwise: (box) => turning(1, ANGLE, middle(box)),
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

export function mountBench() {
  const canvas = h("canvas", { role: "img", "aria-label": t("break.drawing") });
  const [move, scale, turn] = /** @type {const} */ (["move", "scale", "turn"]).map((kind) => handle(kind));
  const box = h(
    "div",
    { class: "grip-box", hidden: true },
    .../** @type {HTMLElement[]} */ ([move, scale, turn]),
  );
  const nudges = Object.entries(NUDGES).map(([name, matrix]) =>
    button(
      {
        left: "←",
        right: "→",
        up: "↑",
        down: "↓",
        smaller: "−",
        larger: "+",
        anticlockwise: "↺",
        clockwise: "↻",
      }[name] ?? "",
      () => nudge(matrix),
      {
        class: "button square",
        "aria-label": t(`break.${name}`),
        title: t(`break.${name}`),
      },
    ),
  );
  const pad = h("div", { class: "bench-pad" }, canvas, box);
  const element = h(
    "div",
    { class: "bench" },
    pad,
    h("div", { class: "nudges" }, ...nudges),
    h("p", { class: "small" }, t("break.handles")),
  );
  const updatePad = mountPad(canvas, { draws: false });
  /** @type {Drawing | null} */
  let drawing = null;

  /** @param {(box: Box) => Matrix} matrix */
  function nudge(matrix) {
    const around = drawing && extent(drawing);
    if (!drawing || !around) return;
    emit(element, "grasp", transformed(sheetOf(drawing), matrix(around)));
    emit(element, "drop", null);
  }

  /** @param {"move" | "scale" | "turn"} kind */
  function handle(kind) {
    const made = h("button", {
      type: "button",
      class: `grip grip-${kind}`,
      "aria-label": t(`break.grip.${kind}`),
    });
    made.addEventListener("keydown", (event) => {
      const name = /** @type {Record<string, string>} */ (KEYS[kind])[event.key];
      const matrix = name && NUDGES[name];
      if (!matrix) return;
      event.preventDefault();
      nudge(matrix);
    });
    made.addEventListener("pointerdown", (event) => drag(kind, made, event));
    return made;
  }

  /**
   * @param {"move" | "scale" | "turn"} kind
   * @param {HTMLElement} grip
   * @param {PointerEvent} down
   */
  function drag(kind, grip, down) {
    const from = drawing && extent(drawing);
    if (!drawing || !from || down.button !== 0) return;
    down.preventDefault();
    grip.focus({ preventScroll: true });
    grip.setPointerCapture(down.pointerId);
    const sheet = sheetOf(drawing);
    const area = pad.getBoundingClientRect();
    const at = (/** @type {PointerEvent} */ event) =>
      /** @type {Point} */ ([
        (event.clientX - area.left) / area.width,
        (event.clientY - area.top) / area.height,
      ]);
    const start = at(down);
    let grasped = false;
    const go = (/** @type {PointerEvent} */ event) => {
      const changed = transformed(sheet, dragged(kind, from, start, at(event)));
      emit(element, grasped ? "move" : "grasp", changed);
      grasped = true;
    };
    const stop = () => {
      grip.removeEventListener("pointermove", go);
      if (grasped) emit(element, "drop", null);
    };
    grip.addEventListener("pointermove", go);
    grip.addEventListener("lostpointercapture", stop, { once: true });
  }

  /** @param {{ drawing: Drawing, pen: number }} state */
  function update(state) {
    drawing = state.drawing;
    updatePad({ ink: drawing.ink, picture: drawing.picture, pen: state.pen });
    const around = extent(drawing);
    box.hidden = !around;
    for (const one of nudges) one.disabled = !around;
    if (!around) return;
    const share = (/** @type {number} */ value) => `${100 * Math.min(1, Math.max(0, value))}%`;
    const half = state.pen / 2;
    box.style.inset = `${share(around.top - half)} ${share(1 - around.right - half)} ${share(1 - around.bottom - half)} ${share(around.left - half)}`;
  }
  return { element, update };
}

/**
 * @param {"move" | "scale" | "turn"} kind
 * @param {Box} box before
 * @param {Point} start
 * @param {Point} now
 * @returns {Matrix}
 */
export function dragged(kind, box, start, now) {
  if (kind === "move") return moving(now[0] - start[0], now[1] - start[1]);
  const centre = middle(box);
  const away = (/** @type {Point} */ [x, y]) => /** @type {Point} */ ([x - centre[0], y - centre[1]]);
  const [before, after] = [away(start), away(now)];
  if (kind === "turn")
    return turning(1, Math.atan2(after[1], after[0]) - Math.atan2(before[1], before[0]), centre);
  const factor = Math.hypot(...after) / Math.max(Math.hypot(...before), 1e-3);
  return turning(scaleWithin(box, factor), 0, centre);
}

/**
 * @param {Drawing} drawing
 * @returns {Sheet}
 */
const sheetOf = ({ ink, picture }) => ({ ink, picture });
