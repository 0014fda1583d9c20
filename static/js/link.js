// @ts-check
// A drawing as the fragment of a link: it never reaches a server, and shows somebody the very same digit.

import { isInk } from "./strokes.js";

/** @import { Ink, Point } from "./strokes.js" */

const PREFIX = "#ink=";
const STEPS = 255; // a byte per coordinate: finer than a pixel of what the networks see
const LONGEST = 65_535; // points of a stroke, told in two bytes

/** @param {Ink} ink */
export function fragmentOf(ink) {
  const bytes = ink.flatMap((stroke) => {
    const points = stroke.slice(0, LONGEST);
    const places = points.flatMap(([x, y]) => [Math.round(x * STEPS), Math.round(y * STEPS)]);
    return [points.length >> 8, points.length & 255, ...places];
  });
  const text = btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""));
  return PREFIX + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} fragment
 * @returns {Ink | null} null for any other fragment
 */
export function inkOf(fragment) {
  if (!fragment.startsWith(PREFIX)) return null;
  const bytes = decode(fragment.slice(PREFIX.length));
  /** @type {Point[][]} */
  const ink = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + 2 * ((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0));
    if (end > bytes.length) return null;
    /** @type {Point[]} */
    const stroke = [];
    for (let place = at + 2; place < end; place += 2) {
      stroke.push([(bytes[place] ?? 0) / STEPS, (bytes[place + 1] ?? 0) / STEPS]);
    }
    ink.push(stroke);
    at = end;
  }
  return ink.length > 0 && isInk(ink) ? ink : null;
}

/**
 * @param {string} text
 * @returns {number[]} empty where it is not base64
 */
function decode(text) {
  try {
    return Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0));
  } catch {
    return [];
  }
}
