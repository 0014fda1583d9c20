// @ts-check
// A sheet onto a canvas, for the eye and for the networks alike.

import { bytesOf } from "./base64.js";
import { cropOf, FRAME, smooth, WHOLE } from "./geometry.js";
import { imageOf, inkOn, opened } from "./picture.js";
import { grey, putPixels } from "./pixels.js";
import { greyPng } from "./png.js";

/** @import { Crop } from "./geometry.js" */
/** @import { Png } from "./png.js" */
/** @import { Ink, Picture, Sheet, Stroke } from "./strokes.js" */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {(context: Context) => void} Painting */

/**
 * Paints strokes in units of the pad's side: the caller sets transform and colour.
 *
 * @param {Context} context
 * @param {Ink} ink
 * @param {number} pen
 */
export function paint(context, ink, pen) {
  context.lineWidth = pen;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of ink) trace(context, stroke, pen);
}

/**
 * @param {Context} context
 * @param {Stroke} stroke
 * @param {number} pen
 */
function trace(context, stroke, pen) {
  const [first] = stroke;
  if (!first) return;
  context.beginPath();
  if (stroke.length === 1) {
    context.arc(first[0], first[1], pen / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.moveTo(first[0], first[1]);
  for (const { control, end } of smooth(stroke)) {
    context.quadraticCurveTo(control[0], control[1], end[0], end[1]);
  }
  context.stroke();
}

/**
 * Paints a picture on paper of its own colour, and strokes over it in one that shows; all in units of the pad's side.
 *
 * @param {Context} context
 * @param {Picture} picture
 */
export function paintPicture(context, picture) {
  context.fillStyle = picture.paper;
  context.fillRect(0, 0, 1, 1);
  const image = imageOf(picture);
  if (image) {
    context.save();
    context.imageSmoothingEnabled = picture.side > FRAME;
    context.transform(...picture.place);
    context.drawImage(image, 0, 0, 1, 1);
    context.restore();
  }
  context.fillStyle = context.strokeStyle = inkOn(picture.paper);
}

/**
 * The drawing alone as a small PNG, black on white.
 *
 * @param {Ink} ink
 * @param {number} pen
 * @returns {Png}
 */
export function cropPng(ink, pen) {
  const crop = cropOf(ink, pen);
  if (!crop) throw new RangeError("There is no ink to crop.");
  const { width, height } = crop;
  const context = painted(width, height, (paper) => {
    layPaper(paper, crop);
    paint(paper, ink, crop.pen);
  });
  const { data } = context.getImageData(0, 0, width, height);
  const levels = Uint8Array.from({ length: width * height }, (_, pixel) => data[4 * pixel] ?? 0);
  return greyPng(width, height, levels);
}

/**
 * The whole pad as a PNG: black on white, or a picture with what was drawn over it.
 *
 * @param {Sheet} sheet
 * @param {number} pen
 * @returns {Promise<Png>}
 */
export async function wholePng({ ink, picture }, pen) {
  if (picture) await opened(picture);
  return png(WHOLE, WHOLE, (context) => {
    layPaper(context, { width: WHOLE, height: WHOLE, scale: WHOLE, x: 0, y: 0 });
    if (picture) paintPicture(context, picture);
    paint(context, ink, pen);
  });
}

/**
 * A picture pixel for pixel.
 *
 * @param {Picture} picture
 * @returns {Promise<Png>}
 */
export async function exactPng(picture) {
  const image = await opened(picture);
  return png(picture.side, picture.side, (context) => context.drawImage(image, 0, 0));
}

/**
 * @param {number} width px
 * @param {number} height px
 * @param {Painting} painting
 */
const png = (width, height, painting) => bytesOf(dataUrl(width, height, painting).split(",")[1] ?? "");

/**
 * Neither toBlob, which waits until the browser is idle, a second at worst, nor OffscreenCanvas, whose encoder waits for
 * its turn as well: 8 to 35 ms while one draws.
 *
 * @param {number} width px
 * @param {number} height px
 * @param {Painting} painting
 */
export function dataUrl(width, height, painting) {
  return painted(width, height, painting).canvas.toDataURL("image/png");
}

/**
 * A square picture in grey as a data URL.
 *
 * @param {readonly number[]} values row by row
 * @param {number} side px
 * @param {number} most white
 */
export const greyUrl = (values, side, most) =>
  dataUrl(side, side, (context) => putPixels(context, values, side, (value) => grey(value, most)));

/**
 * @param {number} width px
 * @param {number} height px
 * @param {Painting} painting
 */
export function painted(width, height, painting) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser cannot draw on a canvas.");
  painting(context);
  return context;
}

/**
 * White paper, and black ink for what follows in units of the pad's side.
 *
 * @param {Context} context
 * @param {Omit<Crop, "pen">} crop
 */
function layPaper(context, { width, height, scale, x, y }) {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.setTransform(scale, 0, 0, scale, x, y);
  context.fillStyle = context.strokeStyle = "#000";
}
