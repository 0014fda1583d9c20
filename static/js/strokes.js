// @ts-check
// The drawing as pure state: strokes and their history. No pixels here; every picture is a view of this.

/** @typedef {readonly [number, number]} Point  x and y in units of the pad's side, 0 … 1 */
/** @typedef {readonly Point[]} Stroke */
/** @typedef {readonly Stroke[]} Ink */
/** @typedef {{ past: readonly Ink[], ink: Ink, future: readonly Ink[] }} Drawing */

/** @type {Drawing} */
export const EMPTY = { past: [], ink: [], future: [] };

const LIMIT = 20_000; // points; more than anybody draws, little enough to store

/**
 * Any other ink in one step of the history.
 *
 * @param {Drawing} drawing
 * @param {Ink} ink
 * @returns {Drawing}
 */
export const replace = (drawing, ink) => ({ past: [...drawing.past, drawing.ink], ink, future: [] });

/**
 * @param {Drawing} drawing
 * @param {Point} point
 */
export const begin = (drawing, point) => replace(drawing, [...drawing.ink, [point]]);

/**
 * Lengthens the newest stroke; a stroke is one step of the history, however many points it has.
 *
 * @param {Drawing} drawing
 * @param {readonly Point[]} points
 * @returns {Drawing}
 */
export function extend(drawing, points) {
  const newest = drawing.ink.at(-1);
  if (!newest || points.length === 0) return drawing;
  return { ...drawing, ink: [...drawing.ink.slice(0, -1), [...newest, ...points]] };
}

/** @param {Drawing} drawing */
export const clear = (drawing) => (drawing.ink.length === 0 ? drawing : replace(drawing, []));

/** @param {Drawing} drawing */
export const canUndo = (drawing) => drawing.past.length > 0;

/** @param {Drawing} drawing */
export const canRedo = (drawing) => drawing.future.length > 0;

/**
 * @param {Drawing} drawing
 * @returns {Drawing}
 */
export function undo(drawing) {
  const ink = drawing.past.at(-1);
  if (!ink) return drawing;
  return { past: drawing.past.slice(0, -1), ink, future: [drawing.ink, ...drawing.future] };
}

/**
 * @param {Drawing} drawing
 * @returns {Drawing}
 */
export function redo(drawing) {
  const [ink, ...future] = drawing.future;
  if (!ink) return drawing;
  return { past: [...drawing.past, drawing.ink], ink, future };
}

/**
 * A drawing from stored ink, with one step of history per stroke: it can be undone after a reload as well.
 *
 * @param {Ink} ink
 * @returns {Drawing}
 */
export const restore = (ink) => ({ past: ink.map((_, count) => ink.slice(0, count)), ink, future: [] });

/**
 * Tells ink from anything else that may lie in storage.
 *
 * @param {unknown} value
 * @returns {value is Ink}
 */
export function isInk(value) {
  const strokes = Array.isArray(value) ? value : [null];
  if (!strokes.every((stroke) => Array.isArray(stroke) && stroke.length > 0)) return false;
  const points = strokes.flat();
  return points.length <= LIMIT && points.every(isPoint);
}

/** @param {unknown} value */
function isPoint(value) {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((part) => typeof part === "number" && part >= 0 && part <= 1)
  );
}
