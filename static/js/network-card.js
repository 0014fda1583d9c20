// @ts-check
// One network's answer: the digit, the verdict in words and ten bars.

import { find, write } from "./html.js";
import { t } from "./texts.js";
import { percent, readOf, verdictWords } from "./words.js";

/** @import { Answer } from "./client.js" */

/** @param {HTMLElement} card */
export function mountNetworkCard(card) {
  const digit = find(card, ".card-digit");
  const confidence = find(card, ".card-confidence");
  const words = find(card, ".card-words");
  const version = card.querySelector(".card-version code");
  const rendered = version?.textContent; // whose accuracy the server wrote beside it
  const accuracy = card.querySelector(".card-accuracy");
  const bars = [...card.querySelectorAll(".bar")].map((bar) => ({
    row: bar,
    meter: find(bar, "[role=meter]"),
    value: find(bar, ".bar-value"),
  }));
  /** @type {Answer | undefined | null} */
  let shown = null;

  /** @param {{ answer: Answer | undefined, otherwise: string }} state */
  return ({ answer, otherwise }) => {
    write(words, verdictWords(answer, otherwise));
    if (answer === shown) return;
    shown = answer;
    const read = readOf(answer);
    card.dataset.digit = read ? String(read.digit) : "";
    card.dataset.verdict = read ? read.verdict : "blank";
    if (version && answer?.model) {
      write(version, answer.model.version);
      accuracy?.toggleAttribute("hidden", answer.model.version !== rendered);
    }
    write(digit, read ? String(read.digit) : "–");
    write(confidence, read ? `${percent(read.confidence)} %` : "");
    for (const [index, { row, meter, value }] of bars.entries()) {
      const probability = read?.probabilities[index] ?? 0;
      meter.setAttribute("aria-valuenow", probability.toFixed(4));
      meter.setAttribute("aria-valuetext", t("card.percent", { percent: percent(probability) }));
      meter.style.setProperty("--share", String(probability));
      row.classList.toggle("is-best", index === read?.digit);
      write(value, read ? `${percent(probability)} %` : "");
    }
  };
}
