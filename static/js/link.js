// @ts-check
// A drawing and its settings as the fragment of a link: it never reaches a server, and shows somebody the very same.

import { base64Of, bytesOf } from "./base64.js";
import { hiddenIn, pairsOf, settingsOf } from "./settings.js";
import { isInk } from "./strokes.js";

/** @import { Settings } from "./settings.js" */
/** @import { Grey } from "./picture-grey.js" */
/** @import { Ink, Matrix, Point } from "./strokes.js" */
/** @typedef {{ ink: Ink | null, grey: Grey | null }} Drawn */
/** @typedef {Drawn & { pen: number | null, settings: Settings | null, hide: string[], broken: boolean }} Linked */

const STEPS = 255; // a byte per coordinate: finer than a pixel of what the networks see
const LONGEST = 65_535; // points of a stroke, told in two bytes
const WIDEST = 255; // px, side of a picture

/**
 * @param {Drawn} drawn
 * @param {number | null} pen
 * @param {Settings} settings
 */
export function fragmentOf({ ink, grey }, pen, settings) {
  /** @type {[string, string][]} */
  const pairs = [
    ["ink", ink ? textOf(ink) : ""],
    ["pen", ink?.length && pen ? String(Math.round(pen * 100)) : ""],
    ...(grey ? pairsOfGrey(grey) : []),
    ...pairsOf(settings),
  ];
  const held = pairs.filter(([, value]) => value !== "");
  return `#${held.map(([key, value]) => `${key}=${value}`).join("&")}`;
}

/**
 * @param {string} fragment
 * @returns {Linked} null for what is not in it; broken where what is in it cannot be read, as after being cut off
 */
export function linkOf(fragment) {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ""));
  const pen = Number(parameters.get("pen") ?? "") / 100;
  const ink = inkOf(parameters.get("ink") ?? "");
  const grey = greyFrom(parameters);
  return {
    ink,
    grey,
    broken: (parameters.has("ink") && !ink) || (parameters.has("picture") && !grey),
    pen: pen >= 0.03 && pen <= 0.12 ? pen : null,
    settings: settingsOf(parameters),
    hide: hiddenIn(parameters),
  };
}

/**
 * @param {Grey} grey
 * @returns {[string, string][]}
 */
const pairsOfGrey = ({ side, levels, paper, place, label }) => [
  ["picture", encode([side, ...levels])],
  ["paper", paper.slice(1)],
  ["place", place.map((part) => Number(part.toFixed(4))).join(",")],
  ["label", encodeURIComponent(label)],
];

/**
 * @param {URLSearchParams} parameters
 * @returns {Grey | null}
 */
function greyFrom(parameters) {
  const [side = 0, ...levels] = decode(parameters.get("picture") ?? "");
  const paper = parameters.get("paper") ?? "";
  const place = (parameters.get("place") ?? "").split(",").map(Number);
  const [a, b, c, d, e, f, ...more] = place;
  const placed = place.every(Number.isFinite) && f !== undefined && more.length === 0;
  if (side === 0 || side > WIDEST || levels.length !== side * side || !/^[0-9a-f]{6}$/.test(paper) || !placed)
    return null;
  return {
    ...{ side, levels, paper: `#${paper}`, label: parameters.get("label") ?? "" },
    place: /** @type {Matrix} */ ([a, b, c, d, e, f]),
  };
}

/** @param {Ink} ink */
function textOf(ink) {
  const bytes = ink.flatMap((stroke) => {
    const points = stroke.slice(0, LONGEST);
    const places = points.flatMap(([x, y]) => [Math.round(x * STEPS), Math.round(y * STEPS)]);
    return [points.length >> 8, points.length & 255, ...places];
  });
  return encode(bytes);
}

/** @param {readonly number[]} bytes */
function encode(bytes) {
  return base64Of(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
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
 * @returns {Uint8Array} empty where it is not base64
 */
function decode(text) {
  try {
    return bytesOf(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return new Uint8Array();
  }
}
