// @ts-check
// The colours of numbers, explained: what they are the colours of, and which number has which.

import { h, write } from "../html.js";
import { number, t } from "../texts.js";
import { PALE } from "./colours.js";

/**
 * @param {string} [caption] what it is for
 * @param {"signed" | "grey" | "pale"} [kind] grey: from 0 up, as ink; pale: behind figures
 */
export function legend(caption = t("legend.label"), kind = "signed") {
  const [low, high] = [h("span", {}), h("span", {})];
  const ramp = h("span", { class: "legend-ramp" }, ...(kind === "grey" ? [] : [h("span", {}, "0")]));
  const scale = h("div", { class: `legend legend-${kind}`, role: "img" }, low, ramp, high);
  if (kind === "pale") scale.style.setProperty("--pale", `${100 * PALE}%`);
  const element = h("div", { class: "legend-of" }, h("span", { class: "small" }, caption), scale);

  /**
   * @param {number} most the value of full colour
   * @param {{ under?: boolean, over?: boolean }} [beyond] whether there are numbers beyond the ends
   */
  function update(most, { under = false, over = false } = {}) {
    const decimals = Math.max(2, 2 - Math.floor(Math.log10(most || 1))); // three digits that say something
    const end = (/** @type {number} */ value) => number(value, decimals);
    write(low, kind === "grey" ? "0" : `${under ? "≤ " : ""}${end(-most)}`);
    write(high, `${over ? "≥ " : ""}${end(most)}`);
    const ends = { of: caption, low: low.textContent ?? "", high: high.textContent ?? "" };
    scale.setAttribute("aria-label", t("legend.range", ends));
  }
  update(0);
  return { element, update };
}
