// @ts-check
// A picture small enough for a link: its levels of grey, no more than the networks could make use of.

import { dataUrl } from "./paint.js";
import { imageOf } from "./picture.js";

/** @import { Matrix, Picture } from "./strokes.js" */
/**
 * @typedef {object} Grey
 * @property {number} side px
 * @property {readonly number[]} levels row by row, 0 … 255
 * @property {string} paper #rrggbb
 * @property {Matrix} place
 * @property {string} label
 */

const LARGEST = 56; // px: a digit in it is still larger than in the frame

/**
 * @param {Picture} picture
 * @returns {Grey | null} null as long as it is not opened
 */
export function greyOf(picture) {
  const image = imageOf(picture);
  if (!image) return null;
  const side = Math.min(picture.side, LARGEST);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.fillStyle = picture.paper;
  context.fillRect(0, 0, side, side);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  const levels = Array.from({ length: side * side }, (_, pixel) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(4 * pixel, 4 * pixel + 3);
    return Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  });
  const { paper, place, label } = picture;
  return { side, levels, paper, place, label };
}

/**
 * @param {Grey} grey
 * @returns {Picture}
 */
export function pictureFrom({ side, levels, ...rest }) {
  const url = dataUrl(side, side, (context) => {
    const pixels = context.createImageData(side, side);
    for (const [pixel, level] of levels.entries()) pixels.data.set([level, level, level, 255], 4 * pixel);
    context.putImageData(pixels, 0, 0);
  });
  return { url, side, ...rest };
}
