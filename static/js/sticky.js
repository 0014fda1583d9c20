// @ts-check
// The answers in a line at the top, while the cards are out of sight.

import { mountFrame } from "./frame.js";
import { h, write } from "./html.js";
import { percent, readOf } from "./words.js";

/** @import { Inspection } from "./client.js" */

/**
 * @param {HTMLElement} bar hidden from screen readers, who have the cards
 * @param {Element} cards
 * @param {readonly { name: string }[]} networks
 */
export function mountSticky(bar, cards, networks) {
  const frame = h("canvas");
  const answers = networks.map(({ name }) => ({
    name,
    element: h("span", { class: `accent-${name}` }, "–"),
  }));
  bar.append(frame, ...answers.map(({ element }) => element));
  const updateFrame = mountFrame(frame);
  bar.addEventListener("click", () => cards.scrollIntoView({ block: "center" }));
  new IntersectionObserver((entries) => {
    const entry = entries.at(-1);
    bar.classList.toggle(
      "is-shown",
      Boolean(entry && !entry.isIntersecting && entry.boundingClientRect.bottom < 0),
    );
  }).observe(cards);

  /** @param {{ inspection: Inspection | null }} state */
  return ({ inspection }) => {
    updateFrame({ frame: inspection?.frame ?? null });
    for (const { name, element } of answers) {
      const answer = readOf(inspection?.networks[name]);
      const unsure = answer?.verdict === "unsure" ? " ?" : "";
      write(element, answer ? `${answer.digit}${unsure} · ${percent(answer.confidence)} %` : "–");
    }
  };
}
