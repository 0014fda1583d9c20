// @ts-check
// From strokes to shapes: smoothing, bounding box and the crop that is sent. Pure.

/** @import { Ink, Point, Stroke } from "./strokes.js" */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */
/** @typedef {{ control: Point, end: Point }} Bend  one quadratic curve, from where the last one ended */
/**
 * @typedef {object} Crop
 * @property {number} width px
 * @property {number} height px
 * @property {number} scale px per side of the pad
 * @property {number} x px to move the scaled drawing by
 * @property {number} y px to move the scaled drawing by
 * @property {number} pen stroke width in units of the pad's side
 */

export const FRAME = 28; // px, side of the picture that the networks see
export const WHOLE = 10 * FRAME; // px, side of the whole pad where it is sent, and of a picture cut out for it

const CROP = 2 * FRAME; // px, longest side of the digit: more than twice the box it is brought to
const MARGIN = 3; // px of paper all around: the server tells ink from paper by the border
const TINY = 1e-6; // px, what arithmetic adds to a whole number
const NEAR = 0.002; // of the pad's side; points closer than this add nothing
const THINNEST = 1.7 / 20; // of the digit's longest side: what the server brings strokes to (ink.STROKE), but a
const THICKEST = 2.2 / 20; // line drawn thinner keeps what one made thinner has lost
const BLOB = 1.5; // pen widths; a drawing shorter than this is a dot, whatever its hand's tremor

/**
 * @param {number} value
 * @param {number} [low]
 * @param {number} [high]
 */
export const clamp = (value, low = 0, high = 1) => Math.min(high, Math.max(low, value));

/**
 * @param {Point} from
 * @param {Point} to
 * @returns {Point}
 */
const midpoint = (from, to) => [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];

/**
 * The point under a pointer, kept on the pad: what cannot be seen is not sent either.
 *
 * @param {number} x px
 * @param {number} y px
 * @param {{ left: number, top: number, width: number, height: number }} area px
 * @returns {Point}
 */
export function pointIn(x, y, area) {
  return [fraction(x - area.left, area.width), fraction(y - area.top, area.height)];
}

/**
 * @param {number} part
 * @param {number} whole
 */
function fraction(part, whole) {
  const value = whole > 0 ? part / whole : 0;
  return Math.round(clamp(value) * 10_000) / 10_000;
}

/**
 * Leaves out points that hardly differ from the one before.
 *
 * @param {Point | undefined} last
 * @param {readonly Point[]} points
 * @returns {Point[]}
 */
export function apart(last, points) {
  /** @type {Point[]} */
  const kept = [];
  let before = last;
  for (const point of points) {
    if (before && Math.hypot(point[0] - before[0], point[1] - before[1]) < NEAR) continue;
    kept.push(point);
    before = point;
  }
  return kept;
}

/**
 * Smooths a stroke: each point bends the line from one midpoint to the next, so corners of the
 * sampling vanish and the stroke still begins and ends where the pen did.
 *
 * @param {Stroke} stroke
 * @returns {Bend[]}
 */
export function smooth(stroke) {
  const last = stroke.at(-1);
  return stroke.slice(1).map((point, index) => {
    const next = stroke[index + 2];
    return { control: point, end: next ? midpoint(point, next) : (last ?? point) };
  });
}

/**
 * @param {Ink} ink
 * @returns {Box | null} of the pen's path, without its width
 */
export function boundingBox(ink) {
  const points = ink.flat();
  if (points.length === 0) return null;
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of points) {
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

/**
 * The stroke width to send. A hairline would fade on its way to 28×28, and a tiny digit drawn with a broad
 * pen would close up, so both are brought to the widths MNIST has; a dot stays as it is.
 *
 * @param {number} length longest side of the pen's path
 * @param {number} pen
 */
export function legiblePen(length, pen) {
  if (length < BLOB * pen) return pen;
  const within = (/** @type {number} */ share) => (length * share) / (1 - share);
  return clamp(pen, within(THINNEST), within(THICKEST));
}

/**
 * Where the drawing goes in the picture that is sent; null without ink.
 *
 * @param {Ink} ink
 * @param {number} wanted stroke width in units of the pad's side
 * @returns {Crop | null}
 */
export function cropOf(ink, wanted) {
  const box = boundingBox(ink);
  if (!box) return null;
  const [across, down] = [box.right - box.left, box.bottom - box.top];
  const pen = legiblePen(Math.max(across, down), wanted);
  const scale = CROP / (Math.max(across, down) + pen);
  return {
    width: Math.ceil((across + pen) * scale - TINY) + 2 * MARGIN,
    height: Math.ceil((down + pen) * scale - TINY) + 2 * MARGIN,
    scale,
    x: MARGIN - (box.left - pen / 2) * scale,
    y: MARGIN - (box.top - pen / 2) * scale,
    pen,
  };
}
