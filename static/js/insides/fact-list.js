// @ts-check
// Facts in words: whatever the facts of a network hold, as a list for people. Pure but for the elements it makes.

import { h } from "../html.js";
import { has, number, t } from "../texts.js";

/** Told elsewhere on the page, or of no use to a reader. */
const SKIPPED = new Set([
  "name",
  "title",
  "version",
  "architecture",
  "epochs",
  "costs",
  "confusion",
  "recall",
  "sha256",
  "moments",
]);
const SHARES = /(accuracy|_pass|_error|share|recall|passed|letters|shapes|scribbles|digits|deviation|mean)$/;

const NO_SHARES = /^training\.|nll|cost|threshold|count/;

/**
 * @param {string} key
 * @param {unknown} value
 */
export const isListed = (key, value) => !SKIPPED.has(key) && value !== null && !Array.isArray(value);

/**
 * A key such as "calibration_error" in words.
 *
 * @param {string} key
 */
export const nameOf = (key) => (has(`facts.${key}`) ? t(`facts.${key}`) : key.replaceAll("_", " "));

/**
 * @param {string} path of keys, joined by dots
 * @param {unknown} value no object
 * @returns {string}
 */
export function factWords(path, value) {
  if (typeof value === "boolean") return t(value ? "facts.yes" : "facts.no");
  if (typeof value === "string") return nameOf(value);
  if (typeof value !== "number") return String(value);
  const share = path.split(".").some((key) => SHARES.test(key)) && !NO_SHARES.test(path);
  if (share && value >= 0 && value <= 1) return `${number(100 * value, 2)} %`;
  return number(value, Number.isInteger(value) ? 0 : value < 10 ? 4 : 1);
}

/**
 * @param {Record<string, unknown>} facts
 * @param {string} [path]
 * @returns {HTMLElement}
 */
export function factList(facts, path = "") {
  const list = h("dl", { class: "facts" });
  for (const [key, value] of Object.entries(facts)) {
    if (!isListed(key, value)) continue;
    const own = path ? `${path}.${key}` : key;
    const nested = typeof value === "object";
    const content = nested
      ? factList(/** @type {Record<string, unknown>} */ (value), own)
      : factWords(own, value);
    list.append(h("div", nested ? { class: "nested" } : {}, h("dt", {}, nameOf(key)), h("dd", {}, content)));
  }
  return list;
}
