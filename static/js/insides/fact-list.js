// @ts-check
// Facts in words: whatever the facts of a network hold, as a list for people. Pure but for the elements it makes.

import { h } from "../html.js";
import { has, number, t } from "../texts.js";

/** Told elsewhere on the page, or of no use to a reader. */
const SKIPPED = /^(name|title|version|sha256|data\.\w+\.sha256)$/;
const DATA = /^data\.\w+\.name$/;
const PART = /^([\d,]+) (.+?)(?: (\d+) times)?$/;
const SHARES = /(accuracy|_pass|_error|share|recall|passed|letters|shapes|scribbles|digits|deviation|mean)$/;

const NO_SHARES = /^training\.|nll|cost|threshold|count/;

/**
 * @param {unknown} value
 * @returns {value is [number, number]}
 */
const isRange = (value) =>
  Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === "number");

/**
 * @param {string} path of keys, joined by dots
 * @param {unknown} value
 */
export const isListed = (path, value) =>
  !SKIPPED.test(path) && value !== null && (!Array.isArray(value) || isRange(value));

/**
 * A key such as "calibration_error" in words.
 *
 * @param {string} key
 */
export const nameOf = (key) => (has(`facts.${key}`) ? t(`facts.${key}`) : key.replaceAll("_", " "));

/**
 * Each picture of an epoch is counted, however often its digit comes: that is no number of digits.
 *
 * @param {string} path of keys, joined by dots
 * @param {string} key its last
 */
export const titleOf = (path, key) => nameOf(path === "data.training.count" ? "per_epoch" : key);

/**
 * @param {string} path of keys, joined by dots
 * @param {unknown} value no object
 * @returns {string}
 */
export function factWords(path, value) {
  if (typeof value === "boolean") return t(value ? "facts.yes" : "facts.no");
  if (typeof value === "string") return DATA.test(path) ? partsOf(value) : nameOf(value);
  if (isRange(value)) return value.map((end) => number(end, decimalsOf(end))).join(" … ");
  if (typeof value !== "number") return String(value);
  const share = path.split(".").some((key) => SHARES.test(key)) && !NO_SHARES.test(path);
  if (share && value >= 0 && value <= 1) return `${number(100 * value, 2)} %`;
  return number(value, Number.isInteger(value) ? 0 : value < 10 ? 4 : 1);
}

/** @param {number} value as it was written down */
const decimalsOf = (value) => String(value).split(".")[1]?.length ?? 0;

/**
 * What data consist of, as training names them: "165,000 MNIST training digits: training 3 times + 41,250 non-digits".
 *
 * @param {string} name
 */
function partsOf(name) {
  const parts = name.split(" + ").map((part) => {
    const [, total, what = "", times] = PART.exec(part) ?? [];
    if (!total) return nameOf(part);
    const count = Number(total.replaceAll(",", ""));
    const said = { count: number(count), what: nameOf(what) };
    if (!times) return t("facts.parts", said);
    return t("facts.repeated", { ...said, times, each: number(count / Number(times)) });
  });
  return parts.join(" + ");
}

/**
 * @param {Record<string, unknown>} facts
 * @param {string} [path]
 * @returns {HTMLElement}
 */
export function factList(facts, path = "") {
  const list = h("dl", { class: "facts" });
  for (const [key, value] of Object.entries(facts)) {
    const own = path ? `${path}.${key}` : key;
    if (!isListed(own, value)) continue;
    const nested = typeof value === "object" && !Array.isArray(value);
    const content = nested
      ? factList(/** @type {Record<string, unknown>} */ (value), own)
      : factWords(own, value);
    list.append(
      h("div", nested ? { class: "nested" } : {}, h("dt", {}, titleOf(own, key)), h("dd", {}, content)),
    );
  }
  return list;
}
