// @ts-check
// Pictures that are not drawn: decoded once, and kept ready to be painted.

import { UNMOVED } from "./strokes.js";

/** @import { Picture } from "./strokes.js" */

/** @type {Map<string, HTMLImageElement>} by URL; the few that are on the sheet or in its history */
const images = new Map();

/**
 * @param {Picture} picture
 * @returns {Promise<HTMLImageElement>}
 */
export async function opened({ url }) {
  const known = images.get(url);
  if (known) return known;
  const image = new Image();
  image.src = url;
  await image.decode();
  images.set(url, image);
  return image;
}

/**
 * @param {Picture} picture
 * @returns {HTMLImageElement | undefined} once it was opened
 */
export const imageOf = ({ url }) => images.get(url);

/**
 * Frees at once what a decoded photo takes, 48 MB.
 *
 * @param {ImageBitmap | HTMLImageElement | null} bitmap
 */
export function release(bitmap) {
  if (bitmap && "close" in bitmap) bitmap.close();
}

/**
 * How light a colour is, as Pillow has it for the server.
 *
 * @param {number} red
 * @param {number} green
 * @param {number} blue
 */
export const luma = (red, green, blue) => 0.299 * red + 0.587 * green + 0.114 * blue;

/**
 * The ink that shows on a paper.
 *
 * @param {string} paper #rrggbb
 */
export function inkOn(paper) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(paper.slice(at, at + 2), 16));
  return luma(red, green, blue) > 110 ? "#000000" : "#ffffff";
}

/**
 * The colour that most of a picture's border has, channel by channel.
 *
 * @param {{ width: number, height: number, data: ArrayLike<number> }} pixels RGBA
 * @returns {string} #rrggbb
 */
export function paperOf({ width, height, data }) {
  /** @type {number[]} */
  const edge = [];
  for (let x = 0; x < width; x++) edge.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) edge.push(y * width, y * width + width - 1);
  const channels = [0, 1, 2].map((channel) => {
    const levels = edge.map((pixel) => data[4 * pixel + channel] ?? 255).sort((a, b) => a - b);
    return levels[levels.length >> 1] ?? 255;
  });
  return `#${channels.map((level) => level.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * @param {string} url a PNG as a data URL
 * @param {number} side px
 * @param {string} paper
 * @param {string} label
 * @returns {Picture}
 */
export const pictureOf = (url, side, paper, label) => ({ url, side, paper, place: UNMOVED, label });
