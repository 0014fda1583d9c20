// @ts-check
// The colours of numbers, explained: from below zero over zero to above.

import { h, write } from "../html.js";
import { number, t } from "../texts.js";

export function legend() {
  const [low, high] = [h("span", {}), h("span", {})];
  const element = h(
    "div",
    { class: "legend", role: "img", "aria-label": t("legend.label") },
    low,
    h("span", { class: "legend-ramp" }, h("span", {}, "0")),
    high,
  );
  /** @param {number} most the value of full colour */
  const update = (most) => {
    write(low, number(-most, 2));
    write(high, number(most, 2));
  };
  return { element, update };
}
