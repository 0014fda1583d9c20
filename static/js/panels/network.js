// @ts-check
// What the panels of both networks have in common: their weights come later than the page, or not at all.

import { h } from "../html.js";
import { weightsFor } from "../insides/facts.js";
import { t } from "../texts.js";
import { mountShowing } from "./showing.js";

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

  /** @type {Weights | null} */
  let painted = null;

  return mountShowing((state, again, themed) => {
    const lack = (/** @type {boolean} */ lacking) => {
      missing.hidden = !lacking;
      element.classList.toggle("lacks-weights", lacking);
    };
    const weights = weightsFor(name, state, again, () => lack(true));
    if (weights) lack(false);
    show(state, weights, themed || weights !== painted);
    painted = weights;
  });
}
