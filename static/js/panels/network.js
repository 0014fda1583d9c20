// @ts-check
// What the panels of both networks have in common: their weights come, the theme changes, another answer is there.

import { h, onTheme } from "../html.js";
import { weightsFor } from "../insides/facts.js";
import { t } from "../texts.js";

/** @import { Weights } from "../insides/facts.js" */
/** @import { PanelState, Update } from "../panels.js" */

/**
 * @param {string} name of the network
 * @param {HTMLElement} element says at its top where the weights cannot be had
 * @param {(state: PanelState, weights: Weights | null, repaint: boolean) => void} show without weights until they come;
 *   `repaint` where they, or the colours, are others than before
 * @returns {Update}
 */
export function mountNetwork(name, element, show) {
  const missing = h("p", { class: "missing", role: "alert", hidden: true }, t("panels.weights"));
  element.prepend(missing);

  /** @type {PanelState | null} */
  let state = null;
  /** @type {Weights | null} */
  let painted = null;

  function refresh() {
    if (!state) return;
    missing.hidden = true;
    const weights = weightsFor(name, state, refresh, () => {
      missing.hidden = false;
    });
    show(state, weights, weights !== painted);
    painted = weights;
  }

  onTheme(() => {
    painted = null;
    refresh();
  });
  return (next) => {
    const changed = next.inspection !== state?.inspection || next.settings !== state.settings;
    state = next;
    if (changed) refresh();
  };
}
