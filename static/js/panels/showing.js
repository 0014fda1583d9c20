// @ts-check
// A panel that shows what the page knows: again whenever that, the theme or something it waited for is there anew.

import { onTheme } from "../theme.js";

/** @import { PanelState, Update } from "../panels.js" */
/**
 * @callback Show
 * @param {PanelState} state
 * @param {() => void} again to be called once what was waited for has come; always the same function
 * @param {boolean} themed the colours are others than before
 */

const SHOWN = /** @type {const} */ (["inspection", "settings", "otherwise"]);

/**
 * @param {Show} show
 * @returns {Update}
 */
export function mountShowing(show) {
  /** @type {PanelState | null} */
  let state = null;
  const again = () => state && show(state, again, false);

  onTheme(() => state && show(state, again, true));
  return (next) => {
    const before = state;
    state = next;
    if (SHOWN.some((key) => next[key] !== before?.[key])) again();
  };
}
