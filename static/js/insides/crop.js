// @ts-check
// A dialog that cuts a square out of a picture: drag it, zoom it, turn it, by pointer, by finger or by key.

import { WHOLE as SIDE } from "../geometry.js";
import { button, h, keyOf, pointOn, write } from "../html.js";
import { dataUrl, painted } from "../paint.js";
import { opened, paperOf, pictureOf, release } from "../picture.js";
import { number, t } from "../texts.js";
import { FARTHEST, NEAREST, panned, pinched, placed, WHOLE, zoomed } from "./crop-view.js";
import { openDialog } from "./dialog.js";

/** @import { Picture, Point } from "../strokes.js" */
/** @import { View } from "./crop-view.js" */

const LONGEST = 1600; // px, that a picture is worked on with: a phone's photo has three times as many
const STEP = 0.03; // of the square, per key
const NOTCH = 1.1; // zoom, per notch of the wheel
const PALE = 150; // mean level from which what is visible of a transparent picture needs dark paper
const MOVES = /** @type {Readonly<Record<string, Point>>} */ ({
  ArrowLeft: [STEP, 0],
  ArrowRight: [-STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
});

/**
 * @param {ImageBitmap | HTMLImageElement} bitmap
 * @param {string} name
 * @param {(picture: Picture) => void} onCut
 * @returns {HTMLDialogElement}
 */
export function openCrop(bitmap, name, onCut) {
  let upright = paintable(bitmap, 0);
  let view = WHOLE;
  const paper = paperFor(upright);
  const { canvas, zoom, where, dialog } = build({ turn, cut });

  /** @param {CanvasRenderingContext2D} context */
  function paint(context) {
    const { left, top, width, height } = placed(view, upright);
    context.fillStyle = paper;
    context.fillRect(0, 0, SIDE, SIDE);
    context.imageSmoothingQuality = "high";
    context.drawImage(upright, left * SIDE, top * SIDE, width * SIDE, height * SIDE);
  }

  /** @param {View} next */
  function change(next) {
    view = next;
    zoom.value = String(view.zoom);
    zoom.setAttribute("aria-valuetext", t("crop.times", { factor: number(view.zoom, 1) }));
    const context = canvas.getContext("2d");
    if (context) paint(context);
  }

  function turn() {
    upright = paintable(bitmap, view.quarter + 1);
    change({ ...view, quarter: view.quarter + 1, x: 1 - view.y, y: view.x });
  }

  async function cut() {
    const context = canvas.getContext("2d");
    const border = context ? paperOf(context.getImageData(0, 0, SIDE, SIDE)) : paper;
    const picture = pictureOf(dataUrl(SIDE, SIDE, paint), SIDE, border, name);
    await opened(picture);
    if (!dialog.open) return; // another picture has taken its place
    dialog.close();
    onCut(picture);
  }

  followPointers(canvas, {
    pan: (across, down) => change(panned(view, upright, across, down)),
    pinch: (before, now) => change(pinched(view, upright, before, now)),
    zoom: (factor, at) => change(zoomed(view, upright, factor, at)),
  });
  canvas.addEventListener("keydown", (event) => {
    const move = MOVES[keyOf(event)];
    if (!move) return;
    event.preventDefault();
    change(panned(view, upright, ...move));
    write(where, t("crop.moved", { across: number(100 * view.x), down: number(100 * view.y) }));
  });
  dialog.addEventListener("close", () => release(bitmap));
  zoom.addEventListener("input", () => change({ ...view, zoom: zoom.valueAsNumber }));
  change(view);
  return dialog;
}

/** @param {{ turn: () => void, cut: () => void }} ways */
function build({ turn, cut }) {
  const canvas = h("canvas", {
    class: "crop-view",
    width: String(SIDE),
    height: String(SIDE),
    tabindex: "0",
    role: "application",
    "aria-label": t("crop.view"),
  });
  const zoom = h("input", {
    type: "range",
    id: "crop-zoom",
    min: String(FARTHEST),
    max: String(NEAREST),
    step: "0.05",
  });
  const where = h("p", { class: "visually-hidden", role: "status" });
  const dialog = openDialog(
    t("crop.title"),
    h("p", { class: "small" }, t("crop.help")),
    canvas,
    h("div", { class: "crop-zoom" }, h("label", { for: "crop-zoom" }, t("crop.zoom")), zoom),
    h(
      "div",
      { class: "row" },
      button(t("crop.turn"), turn),
      button(t("crop.use"), cut, { class: "button primary" }),
    ),
    where,
  );
  dialog.classList.add("crop");
  canvas.focus({ preventScroll: true });
  return { canvas, zoom, where, dialog };
}

/**
 * One pointer moves the picture, two zoom it, and so does the wheel.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {object} ways
 * @param {(across: number, down: number) => void} ways.pan
 * @param {(before: [Point, Point], now: [Point, Point]) => void} ways.pinch
 * @param {(factor: number, at: Point) => void} ways.zoom
 */
function followPointers(canvas, { pan, pinch, zoom }) {
  /** @type {Map<number, Point>} where each pointer is, in the square */
  const down = new Map();
  const at = (/** @type {MouseEvent} */ event) => pointOn(canvas, event);
  canvas.addEventListener("pointerdown", (event) => {
    if (down.size === 2) return;
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, now);
    if (other) pinch([before, other], [now, other]);
    else pan(now[0] - before[0], now[1] - before[1]);
  });
  canvas.addEventListener("lostpointercapture", (event) => down.delete(event.pointerId));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(NOTCH ** -Math.sign(event.deltaY), at(event));
  });
}

/**
 * @param {ImageBitmap | HTMLImageElement} bitmap
 * @param {number} quarter turns, clockwise
 */
function paintable(bitmap, quarter) {
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  const upright = quarter % 2 === 0;
  const [across = 1, down = 1] = (upright ? [width, height] : [height, width]).map((side) =>
    Math.max(1, Math.round(side)),
  );
  const context = painted(across, down, (picture) => {
    picture.translate(across / 2, down / 2);
    picture.rotate((quarter * Math.PI) / 2);
    picture.drawImage(bitmap, -width / 2, -height / 2, width, height);
  });
  return context.canvas;
}

/**
 * The paper under a picture: its own where it has one, else white, or black under pale ink.
 *
 * @param {HTMLCanvasElement} picture
 */
function paperFor(picture) {
  const pixels = picture.getContext("2d")?.getImageData(0, 0, picture.width, picture.height);
  if (!pixels) return "#ffffff";
  let [weight, sum] = [0, 0];
  for (let at = 0; at < pixels.data.length; at += 4) {
    const alpha = pixels.data[at + 3] ?? 255;
    weight += alpha;
    sum += (alpha * ((pixels.data[at] ?? 0) + (pixels.data[at + 1] ?? 0) + (pixels.data[at + 2] ?? 0))) / 3;
  }
  const opaque = weight >= (pixels.data.length / 4) * 254;
  if (opaque) return paperOf(pixels);
  return sum / Math.max(weight, 1) > PALE ? "#000000" : "#ffffff";
}
