// @ts-check
// What part of a picture a square shows: moved, zoomed, pinched. Pure.

import { clamp } from "../geometry.js";

/** @import { Point } from "../strokes.js" */
/** @typedef {{ zoom: number, x: number, y: number, quarter: number }} View  x, y: the square's centre in the picture, 0 … 1 */
/** @typedef {{ width: number, height: number }} Size  px */

export const FARTHEST = 1; // the whole picture fits
export const NEAREST = 12;

/** @type {View} */
export const WHOLE = { zoom: FARTHEST, x: 0.5, y: 0.5, quarter: 0 };

/**
 * Where the picture is painted, in a square of side 1.
 *
 * @param {View} view
 * @param {Size} size
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
 * @param {Size} size
 * @param {number} across
 * @param {number} down
 * @returns {View}
 */
export function panned(view, size, across, down) {
  const { width, height } = placed(view, size);
  return { ...view, x: clamp(view.x - across / width), y: clamp(view.y - down / height) };
}

/**
 * A view from nearer or farther; what lies under a point of the square stays there.
 *
 * @param {View} view
 * @param {Size} size
 * @param {number} factor
 * @param {Point} [at] in the square
 * @returns {View}
 */
export function zoomed(view, size, factor, [x, y] = [0.5, 0.5]) {
  const zoom = clamp(view.zoom * factor, FARTHEST, NEAREST);
  const stay = 1 - view.zoom / zoom; // of the way from the centre to that point
  const { width, height } = placed(view, size);
  return {
    ...view,
    zoom,
    x: clamp(view.x + ((x - 0.5) / width) * stay),
    y: clamp(view.y + ((y - 0.5) / height) * stay),
  };
}

/**
 * A view under two fingers: what lay under each stays under it, but for turning.
 *
 * @param {View} view
 * @param {Size} size
 * @param {readonly [Point, Point]} before in the square
 * @param {readonly [Point, Point]} now
 * @returns {View}
 */
export function pinched(view, size, before, now) {
  const [from, to] = [midway(before), midway(now)];
  const factor = apart(now) / Math.max(apart(before), 1e-3);
  return zoomed(panned(view, size, to[0] - from[0], to[1] - from[1]), size, factor, to);
}

/**
 * @param {readonly [Point, Point]} points
 * @returns {Point}
 */
const midway = ([[a, b], [c, d]]) => [(a + c) / 2, (b + d) / 2];

/** @param {readonly [Point, Point]} points */
const apart = ([[a, b], [c, d]]) => Math.hypot(a - c, b - d);
