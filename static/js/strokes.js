// @ts-check
// The drawing as pure state: strokes, the picture under them, and their history. No pixels here; all else is a view.

/** @typedef {readonly [number, number]} Point  x and y in units of the pad's side, 0 … 1 */
/** @typedef {readonly Point[]} Stroke */
/** @typedef {readonly Stroke[]} Ink */
/** @typedef {readonly [number, number, number, number, number, number]} Matrix  a b c d e f, as canvases have it */
/**
 * @typedef {object} Picture a square picture, pasted, dropped, chosen or taken from MNIST
 * @property {string} url a PNG as a data URL
 * @property {number} side px
 * @property {string} paper its background, as #rrggbb
 * @property {Matrix} place the unit square's way onto the pad
 * @property {string} label what is known about it, for people
 */
/** @typedef {{ ink: Ink, picture: Picture | null }} Sheet */
/** @typedef {Sheet & { past: readonly Sheet[], future: readonly Sheet[] }} Drawing */

/** @type {Drawing} */
export const EMPTY = { past: [], ink: [], picture: null, future: [] };

/** @type {Matrix} */
export const UNMOVED = [1, 0, 0, 1, 0, 0];

const LIMIT = 20_000; // points; more than anybody draws, little enough to store

/** @param {Sheet} sheet */
export const isBlank = ({ ink, picture }) => ink.length === 0 && !picture;

/**
 * Anything else on the sheet, in one step of the history.
 *
 * @param {Drawing} drawing
 * @param {Ink} ink
 * @param {Picture | null} [picture]
 * @returns {Drawing}
 */
export const replace = (drawing, ink, picture = drawing.picture) => ({
  past: [...drawing.past, sheetOf(drawing)],
  ink,
  picture,
  future: [],
});

/**
 * A drawing without its history.
 *
 * @param {Sheet} sheet
 * @returns {Sheet}
 */
export const sheetOf = ({ ink, picture }) => ({ ink, picture });

/** @param {Drawing} drawing */
const roomOn = ({ ink }) => LIMIT - ink.reduce((points, stroke) => points + stroke.length, 0);

/**
 * Begins a stroke, where there is room for one.
 *
 * @param {Drawing} drawing
 * @param {Point} point
 * @returns {Drawing}
 */
export const begin = (drawing, point) =>
  roomOn(drawing) > 0 ? replace(drawing, [...drawing.ink, [point]]) : drawing;

/**
 * Lengthens the newest stroke, as far as there is room; it is one step of the history, however many points it has.
 *
 * @param {Drawing} drawing
 * @param {readonly Point[]} points
 * @returns {Drawing}
 */
export function extend(drawing, points) {
  const newest = drawing.ink.at(-1);
  const kept = points.slice(0, roomOn(drawing));
  if (!newest || kept.length === 0) return drawing;
  return { ...drawing, ink: [...drawing.ink.slice(0, -1), [...newest, ...kept]] };
}

/** @param {Drawing} drawing */
export const clear = (drawing) => (isBlank(drawing) ? drawing : replace(drawing, [], null));

/** @param {Drawing} drawing */
export const canUndo = (drawing) => drawing.past.length > 0;

/** @param {Drawing} drawing */
export const canRedo = (drawing) => drawing.future.length > 0;

/**
 * @param {Drawing} drawing
 * @returns {Drawing}
 */
export function undo(drawing) {
  const sheet = drawing.past.at(-1);
  if (!sheet) return drawing;
  return { past: drawing.past.slice(0, -1), ...sheet, future: [sheetOf(drawing), ...drawing.future] };
}

/**
 * @param {Drawing} drawing
 * @returns {Drawing}
 */
export function redo(drawing) {
  const [sheet, ...future] = drawing.future;
  if (!sheet) return drawing;
  return { past: [...drawing.past, sheetOf(drawing)], ...sheet, future };
}

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

/**
 * Tells a picture from anything else that may lie in storage.
 *
 * @param {any} value
 * @returns {value is Picture}
 */
export function isPicture(value) {
  return (
    typeof value?.url === "string" &&
    value.url.startsWith("data:image/png;base64,") &&
    /^#[0-9a-f]{6}$/.test(value.paper) &&
    Number.isInteger(value.side) &&
    typeof value.label === "string" &&
    Array.isArray(value.place) &&
    value.place.length === 6 &&
    value.place.every(Number.isFinite)
  );
}
