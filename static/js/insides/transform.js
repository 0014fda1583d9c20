// @ts-check
// Moving, scaling and turning a sheet. Pure.

import { boundingBox, clamp } from "../geometry.js";
import { isBlank, UNMOVED } from "../strokes.js";

/** @import { Box } from "../geometry.js" */
/** @import { Ink, Matrix, Point, Sheet } from "../strokes.js" */

const SMALLEST = 0.08; // of the pad's side: a drawing can always be grasped again
const EDGE = 0.005; // of the pad's side, that a drawing keeps to the pad's border

/**
 * First `inner`, then `outer`.
 *
 * @param {Matrix} outer
 * @param {Matrix} inner
 * @returns {Matrix}
 */
export function after(outer, inner) {
  const [a, b, c, d, e, f] = outer;
  const [p, q, r, s, u, v] = inner;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * u + c * v + e, b * u + d * v + f];
}

/**
 * @param {Matrix} matrix
 * @param {Point} point
 * @returns {Point}
 */
export const map = ([a, b, c, d, e, f], [x, y]) => [a * x + c * y + e, b * x + d * y + f];

/**
 * @param {number} x
 * @param {number} y
 * @returns {Matrix}
 */
export const moving = (x, y) => [1, 0, 0, 1, x, y];

/**
 * @param {number} factor
 * @param {number} angle radians, clockwise as seen on a screen
 * @param {Point} centre stays where it is
 * @returns {Matrix}
 */
export function turning(factor, angle, [x, y]) {
  const [cos, sin] = [factor * Math.cos(angle), factor * Math.sin(angle)];
  return after(moving(x, y), after([cos, sin, -sin, cos, 0, 0], moving(-x, -y)));
}

/**
 * The box around everything on a sheet; null where it is blank.
 *
 * @param {Sheet} sheet
 * @returns {Box | null}
 */
export function extent({ ink, picture }) {
  if (isBlank({ ink, picture })) return null;
  const corners = picture
    ? [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ].map(([x = 0, y = 0]) => map(picture.place, [x, y]))
    : [];
  return boundingBox([...ink, ...(picture ? [corners] : [])]);
}

/** @param {Box} box */
export const middle = (box) =>
  /** @type {Point} */ ([(box.left + box.right) / 2, (box.top + box.bottom) / 2]);

/**
 * The sheet after a change.
 *
 * @template {Sheet} T
 * @param {T} sheet
 * @param {Matrix} matrix
 * @returns {T}
 */
export const transformed = (sheet, matrix) => applied(sheet, fitted(sheet, matrix));

/**
 * A change that keeps the ink on the pad: what would leave it is brought back, for ink out of sight is not sent.
 *
 * @param {Sheet} sheet
 * @param {Matrix} matrix
 * @returns {Matrix}
 */
export function fitted({ ink }, matrix) {
  const box = boxAfter(ink, matrix);
  if (!box) return matrix;
  const [across, down] = [box.right - box.left, box.bottom - box.top];
  const room = 1 - 2 * EDGE;
  const shrink = Math.min(1, room / Math.max(across, down, room));
  const smaller = shrink < 1 ? after(turning(shrink, 0, middle(box)), matrix) : matrix;
  const inside = boxAfter(ink, smaller) ?? box;
  const back = (/** @type {number} */ low, /** @type {number} */ high) =>
    Math.max(0, EDGE - low) - Math.max(0, high - 1 + EDGE);
  return after(moving(back(inside.left, inside.right), back(inside.top, inside.bottom)), smaller);
}

/**
 * @param {Ink} ink
 * @param {Matrix} matrix
 */
const boxAfter = (ink, matrix) => boundingBox(ink.map((stroke) => stroke.map((point) => map(matrix, point))));

/**
 * @template {Sheet} T
 * @param {T} sheet
 * @param {Matrix} matrix
 * @returns {T}
 */
function applied(sheet, matrix) {
  if (matrix.every((value, index) => value === UNMOVED[index])) return sheet;
  const ink = sheet.ink.map((stroke) => stroke.map((point) => kept(map(matrix, point))));
  const picture = sheet.picture && { ...sheet.picture, place: after(matrix, sheet.picture.place) };
  return { ...sheet, ink, picture };
}

/**
 * @param {Point} point
 * @returns {Point}
 */
const kept = ([x, y]) => [Math.round(x * 1e6) / 1e6, Math.round(y * 1e6) / 1e6];

/**
 * How much a drawing of this extent may be scaled at once.
 *
 * @param {Box} box
 * @param {number} wanted
 */
export function scaleWithin(box, wanted) {
  const side = Math.max(box.right - box.left, box.bottom - box.top, 1e-3);
  return Math.max(Math.min(1, SMALLEST / side), Math.min(wanted, Math.max(1, 1 / side)));
}

/** @typedef {"move" | "scale" | "turn"} Kind */

/**
 * What dragging a handle does.
 *
 * @param {Kind} kind
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
 * A box moved, scaled and turned as a whole, its corners with it.
 *
 * @param {Box} box
 * @param {Matrix} matrix
 * @returns {{ centre: Point, width: number, height: number, angle: number }} angle: radians, clockwise
 */
export function placedBox(box, matrix) {
  const scale = Math.hypot(matrix[0], matrix[1]);
  return {
    centre: map(matrix, middle(box)),
    width: (box.right - box.left) * scale,
    height: (box.bottom - box.top) * scale,
    angle: Math.atan2(matrix[1], matrix[0]),
  };
}

/**
 * The box with the pen's width around it, as far as the pad goes.
 *
 * @param {Box} box
 * @param {number} pen
 * @returns {Box}
 */
export function grown({ left, top, right, bottom }, pen) {
  return {
    left: clamp(left - pen / 2),
    top: clamp(top - pen / 2),
    right: clamp(right + pen / 2),
    bottom: clamp(bottom + pen / 2),
  };
}
