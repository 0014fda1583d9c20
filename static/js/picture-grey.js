// @ts-check
// A picture small enough for a link: its levels of grey, no more than the networks could make use of.

import { FRAME } from "./geometry.js";
import { greyUrl, painted } from "./paint.js";
import { imageOf, luma } from "./picture.js";

/** @import { Matrix, Picture } from "./strokes.js" */
/**
 * @typedef {object} Grey
 * @property {number} side px
 * @property {readonly number[]} levels row by row, 0 … 255
 * @property {string} paper #rrggbb
 * @property {Matrix} place
 * @property {string} label
 */

const LARGEST = 2 * FRAME; // px: a digit in it is still larger than in the frame
const LIGHTEST = 255;

/**
 * @param {Picture} picture
 * @returns {Grey | null} null as long as it is not opened
 */
export function greyOf(picture) {
  const image = imageOf(picture);
  if (!image) return null;
  const side = Math.min(picture.side, LARGEST);
  const context = painted(side, side, (paper) => {
    paper.fillStyle = picture.paper;
    paper.fillRect(0, 0, side, side);
    paper.imageSmoothingQuality = "high";
    paper.drawImage(image, 0, 0, side, side);
  });
  const { data } = context.getImageData(0, 0, side, side);
  const levels = Array.from({ length: side * side }, (_, pixel) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(4 * pixel, 4 * pixel + 3);
    return Math.round(luma(red, green, blue));
  });
  const { paper, place, label } = picture;
  return { side, levels, paper, place, label };
}

/**
 * @param {Grey} grey
 * @returns {Picture}
 */
export function pictureFrom({ side, levels, ...rest }) {
  return { url: greyUrl(levels, side, LIGHTEST), side, ...rest };
}
