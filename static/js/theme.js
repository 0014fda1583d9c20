// @ts-check
// Light, dark, or the reader's own colours: which it is, and when it may have changed.

const THEMES = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];
/** @type {MediaQueryList[]} made once: that takes longer than to ask them */
let queries = [];

function themes() {
  if (queries.length === 0) queries = THEMES.map((query) => matchMedia(query));
  return queries;
}

/** A name for the colours that are on. */
export const themeNow = () =>
  themes()
    .map(({ matches }) => matches)
    .join();

/**
 * Calls `action` whenever colours may have changed.
 *
 * @param {() => void} action
 */
export function onTheme(action) {
  for (const query of themes()) query.addEventListener("change", action);
}
