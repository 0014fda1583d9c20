// @ts-check
// The interface's texts, in the reader's language. They live in static/texts/*.json; the server puts one into the page.

/** @typedef {{ [key: string]: string | Texts }} Texts */
/** @typedef {Record<string, string | number>} Values */

/** @type {Texts} */
let texts = {};
let language = "en";
/** @type {Map<number, Intl.NumberFormat>} by decimals: to make one takes far longer than to use it */
const formats = new Map();

/**
 * @param {Texts} dictionary
 * @param {string} spoken BCP 47 tag, for numbers
 */
export function useTexts(dictionary, spoken) {
  texts = dictionary;
  language = spoken;
  formats.clear();
}

/**
 * The text of a key such as "verdict.sure", with {placeholders} filled in; the key itself where there is no such text.
 *
 * @param {string} key
 * @param {Values} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return (find(key) ?? key).replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** @param {string} key */
export const has = (key) => find(key) !== undefined;

/**
 * @param {string} key
 * @returns {string | undefined}
 */
function find(key) {
  /** @type {string | Texts | undefined} */
  let found = texts;
  for (const part of key.split(".")) found = typeof found === "object" ? found[part] : undefined;
  return typeof found === "string" ? found : undefined;
}

/**
 * @param {number} value
 * @param {number} decimals exactly as many
 */
export function number(value, decimals = 0) {
  const rounded = Math.round(value * 10 ** decimals) === 0 ? 0 : value; // never "-0.00"
  return formatOf(decimals).format(rounded);
}

/** @param {number} decimals */
function formatOf(decimals) {
  let format = formats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat(language, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(decimals, format);
  }
  return format;
}
