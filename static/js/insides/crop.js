// @ts-check
// A dialog that cuts a square out of a picture: drag it, zoom it, turn it, by pointer or by key.

import { button, h } from "../html.js";
import { dataUrl } from "../paint.js";
import { opened, paperOf, pictureOf } from "../picture.js";
import { t } from "../texts.js";
import { openDialog } from "./numbers.js";

/** @import { Picture } from "../strokes.js" */
/** @typedef {{ zoom: number, x: number, y: number, quarter: number }} View  x, y: the square's centre in the picture, 0 … 1 */

const SIDE = 280; // px, of the square that is cut out
const LONGEST = 1600; // px, that a picture is worked on with: a phone's photo has three times as many
const FARTHEST = 1; // the whole picture fits
const NEAREST = 12;
const STEP = 0.03; // of the square, per key
const PALE = 150; // mean level from which what is visible of a transparent picture needs dark paper

/**
 * Where the picture is painted, in a square of side 1.
 *
 * @param {View} view
 * @param {{ width: number, height: number }} size px
 */
export function placed({ zoom, x, y }, { width, height }) {
  const fit = zoom / Math.max(width, height); // of the square, per px
  return {
    left: 0.5 - x * width * fit,
    top: 0.5 - y * height * fit,
    width: width * fit,
    height: height * fit,
  };
}

/**
 * A view moved by parts of the square; the centre stays in the picture.
 *
 * @param {View} view
 * @param {{ width: number, height: number }} size px
 * @param {number} across
 * @param {number} down
 * @returns {View}
 */
export function panned(view, size, across, down) {
  const { width, height } = placed(view, size);
  const within = (/** @type {number} */ value) => Math.min(1, Math.max(0, value));
  return { ...view, x: within(view.x - across / width), y: within(view.y - down / height) };
}

/**
 * @param {ImageBitmap | HTMLImageElement} bitmap
 * @param {string} name
 * @param {(picture: Picture) => void} onCut
 */
export function openCrop(bitmap, name, onCut) {
  let upright = paintable(bitmap, 0);
  /** @type {View} */
  let view = { zoom: 1, x: 0.5, y: 0.5, quarter: 0 };
  const paper = paperFor(upright);
  const canvas = h("canvas", {
    width: String(SIDE),
    height: String(SIDE),
    tabindex: "0",
    role: "application",
    "aria-label": t("crop.view"),
    class: "crop-view",
  });
  const zoom = h("input", {
    type: "range",
    min: String(FARTHEST),
    max: String(NEAREST),
    step: "0.05",
    value: "1",
    "aria-label": t("crop.zoom"),
  });
  const use = button(t("crop.use"), cut, { class: "button primary" });
  const turn = button(t("crop.turn"), () => {
    upright = paintable(bitmap, view.quarter + 1);
    change({ ...view, quarter: view.quarter + 1, x: 1 - view.y, y: view.x });
  });
  const dialog = openDialog(
    t("crop.title"),
    h("p", { class: "small" }, t("crop.help")),
    canvas,
    h("label", { class: "row" }, t("crop.zoom"), zoom),
    h("div", { class: "row" }, turn, use),
  );

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
    const context = canvas.getContext("2d");
    if (context) paint(context);
  }

  async function cut() {
    const url = dataUrl(SIDE, SIDE, paint);
    const context = canvas.getContext("2d");
    const border = context ? paperOf(context.getImageData(0, 0, SIDE, SIDE)) : paper;
    const picture = pictureOf(url, SIDE, border, name);
    await opened(picture);
    dialog.close();
    onCut(picture);
  }

  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const { width, height } = canvas.getBoundingClientRect();
    change(panned(view, upright, event.movementX / width, event.movementY / height));
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    change({
      ...view,
      zoom: Math.min(NEAREST, Math.max(FARTHEST, view.zoom * 1.1 ** -Math.sign(event.deltaY))),
    });
  });
  canvas.addEventListener("keydown", (event) => {
    const [across, down] =
      { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] }[
        event.key
      ] ?? [];
    if (across === undefined || down === undefined) return;
    event.preventDefault();
    change(panned(view, upright, across, down));
  });
  zoom.addEventListener("input", () => change({ ...view, zoom: zoom.valueAsNumber }));
  change(view);
}

/**
 * @param {ImageBitmap | HTMLImageElement} bitmap
 * @param {number} quarter turns, clockwise
 */
function paintable(bitmap, quarter) {
  const canvas = document.createElement("canvas");
  const across = quarter % 2 === 0;
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  canvas.width = Math.max(1, Math.round(across ? width : height));
  canvas.height = Math.max(1, Math.round(across ? height : width));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.translate(canvas.width / 2, canvas.height / 2);
  context?.rotate((quarter * Math.PI) / 2);
  context?.drawImage(bitmap, -width / 2, -height / 2, width, height);
  return canvas;
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
