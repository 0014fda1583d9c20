// @ts-check
// A drawing and its settings as the fragment of a link: it never reaches a server, and shows somebody the very same.

import { hiddenIn, pairsOf, settingsOf } from "./settings.js";
import { isInk } from "./strokes.js";

/** @import { Settings } from "./settings.js" */
/** @import { Ink, Point } from "./strokes.js" */
/** @typedef {{ ink: Ink | null, pen: number | null, settings: Settings | null, hide: string[] }} Linked */

const STEPS = 255; // a byte per coordinate: finer than a pixel of what the networks see
const LONGEST = 65_535; // points of a stroke, told in two bytes

/**
 * @param {Ink} ink
 * @param {number} pen
 * @param {Settings} settings
 */
export function fragmentOf(ink, pen, settings) {
  /** @type {[string, string][]} */
  const drawing =
    ink.length > 0
      ? [
          ["ink", textOf(ink)],
          ["pen", String(Math.round(pen * 100))],
        ]
      : [];
  return `#${[...drawing, ...pairsOf(settings)].map(([key, value]) => `${key}=${value}`).join("&")}`;
}

/**
 * @param {string} fragment
 * @returns {Linked} null for what is not in it
 */
export function linkOf(fragment) {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
  const pen = Number(parameters.get("pen") ?? "") / 100;
  return {
    ink: inkOf(parameters.get("ink") ?? ""),
    pen: pen >= 0.03 && pen <= 0.12 ? pen : null,
    settings: settingsOf(parameters),
    hide: hiddenIn(parameters),
  };
}

/** @param {Ink} ink */
function textOf(ink) {
  const bytes = ink.flatMap((stroke) => {
    const points = stroke.slice(0, LONGEST);
    const places = points.flatMap(([x, y]) => [Math.round(x * STEPS), Math.round(y * STEPS)]);
    return [points.length >> 8, points.length & 255, ...places];
  });
  const text = btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} text
 * @returns {Ink | null}
 */
function inkOf(text) {
  const bytes = decode(text);
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
