// @ts-check
// Strokes onto a canvas, for the eye and for the networks alike.

import { cropOf, smooth } from "./geometry.js";

/** @import { Crop } from "./geometry.js" */
/** @import { Ink, Stroke } from "./strokes.js" */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

/**
 * Paints in units of the pad's side: the caller sets transform and colour.
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
 * The drawing alone as a small PNG, black on white.
 *
 * @param {Ink} ink
 * @param {number} pen
 * @returns {Promise<Blob>}
 */
export async function cropPng(ink, pen) {
  const crop = cropOf(ink, pen);
  if (!crop) throw new RangeError("There is no ink to crop.");
  if (typeof OffscreenCanvas === "function") {
    const canvas = new OffscreenCanvas(crop.width, crop.height);
    const context = canvas.getContext("2d");
    if (context) {
      paintCrop(context, ink, crop);
      return canvas.convertToBlob({ type: "image/png" });
    }
  }
  return cropByDataUrl(ink, crop);
}

/**
 * For browsers without OffscreenCanvas. Not toBlob: it waits until the browser is idle, a second at worst.
 *
 * @param {Ink} ink
 * @param {Crop} crop
 */
function cropByDataUrl(ink, crop) {
  const canvas = document.createElement("canvas");
  canvas.width = crop.width;
  canvas.height = crop.height;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser cannot draw on a canvas.");
  paintCrop(context, ink, crop);
  const base64 = canvas.toDataURL("image/png").split(",")[1] ?? "";
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: "image/png" });
}

/**
 * @param {Context} context
 * @param {Ink} ink
 * @param {Crop} crop
 */
function paintCrop(context, ink, crop) {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, crop.width, crop.height);
  context.setTransform(crop.scale, 0, 0, crop.scale, crop.x, crop.y);
  context.fillStyle = "#000";
  context.strokeStyle = "#000";
  paint(context, ink, crop.pen);
}
