// @ts-check
// A drawing with its history as plain data, and back: strokes and pictures once, however many of its sheets they are on.

import { isInk, isPicture } from "./strokes.js";

/** @import { Drawing, Picture, Sheet, Stroke } from "./strokes.js" */
/** @typedef {[strokes: number[], picture: number]} Page  by their numbers; -1: no picture */
/** @typedef {{ strokes: Stroke[], pictures: Picture[], past: Page[], now: Page, future: Page[] }} Packed */

const STEPS = 30; // to be undone or redone after a reload; there is not room for all

/**
 * @param {Drawing} drawing
 * @param {number} [steps] of its history, at most, on either side
 * @returns {Packed}
 */
export function packed(drawing, steps = STEPS) {
  /** @type {Map<Stroke, number>} */
  const strokes = new Map();
  /** @type {Map<Picture, number>} */
  const pictures = new Map();
  /** @type {(sheet: Sheet) => Page} */
  const pageOf = ({ ink, picture }) => [
    ink.map((stroke) => numberIn(strokes, stroke)),
    picture ? numberIn(pictures, picture) : -1,
  ];
  const pages = {
    past: steps > 0 ? drawing.past.slice(-steps).map(pageOf) : [],
    now: pageOf(drawing),
    future: drawing.future.slice(0, steps).map(pageOf),
  };
  return { ...pages, strokes: [...strokes.keys()], pictures: [...pictures.keys()] };
}

/**
 * @template Item
 * @param {Map<Item, number>} numbers
 * @param {Item} item
 */
function numberIn(numbers, item) {
  const number = numbers.get(item) ?? numbers.size;
  numbers.set(item, number);
  return number;
}

/**
 * @param {any} value anything that may lie in storage
 * @returns {Drawing | null} null where it is not what `packed` made
 */
export function unpacked(value) {
  const { strokes, pictures, past, now, future } = value ?? {};
  if (
    !Array.isArray(pictures) ||
    !pictures.every(isPicture) ||
    !Array.isArray(past) ||
    !Array.isArray(future)
  )
    return null;
  /** @type {(page: any) => Sheet | null} */
  const sheetOf = (page) => {
    const [numbers, picture] = Array.isArray(page) ? page : [];
    if (!Array.isArray(numbers) || !Array.isArray(strokes)) return null;
    const ink = /** @type {unknown} */ (numbers.map((number) => strokes[number]));
    if (!isInk(ink) || (picture !== -1 && !pictures[picture])) return null;
    return { ink, picture: pictures[picture] ?? null };
  };
  const sheets = [now, ...past, ...future].map(sheetOf);
  const [sheet, ...others] = sheets.flatMap((one) => one ?? []);
  if (!sheet || others.length + 1 < sheets.length) return null;
  return { ...sheet, past: others.slice(0, past.length), future: others.slice(past.length) };
}
