// @ts-check
// Ten small bars per network, for panels below the cards; a mark shows what they were with the network intact.

import { h, write } from "../html.js";
import { percent, readOf, verdictWords } from "../words.js";
import { DIGITS } from "./ranges.js";

/** @import { Answer, Inside, Inspection } from "../client.js" */

/**
 * @param {readonly { name: string, title: string }[]} networks
 */
export function mountMiniBars(networks) {
  const charts = networks.map(({ name, title }) => {
    const said = h("b", { class: "mini-said" }, "–");
    const bars = DIGITS.map((digit) =>
      h(
        "span",
        {},
        h("span", { class: "mini-track" }, h("i", {}), h("em", {})),
        h("span", {}, String(digit)),
      ),
    );
    const picture = h("div", { class: "mini-bars", role: "img", "aria-label": title }, ...bars);
    const figure = h(
      "figure",
      { class: `mini accent-${name}` },
      h("figcaption", {}, title, " ", said),
      picture,
    );
    return { name, title, said, bars, picture, figure };
  });
  const element = h("div", { class: "minis" }, ...charts.map(({ figure }) => figure));

  /**
   * @param {Inspection | null} inspection
   * @param {string} otherwise what is said where there is no answer
   */
  function update(inspection, otherwise) {
    for (const { name, title, said, bars, picture } of charts) {
      /** @type {(Answer & Inside) | undefined} */
      const answer = inspection?.networks[name];
      const read = readOf(answer);
      write(
        said,
        read ? `${read.digit} · ${percent(read.confidence)} % · ${verdictWords(read, otherwise)}` : otherwise,
      );
      for (const [digit, bar] of bars.entries()) {
        const share = read?.probabilities[digit] ?? 0;
        bar.style.setProperty("--share", String(share));
        bar.style.setProperty("--intact", String(answer?.intact?.[digit] ?? share));
        bar.classList.toggle("is-best", digit === read?.digit);
        bar.classList.toggle("is-compared", Boolean(answer?.intact));
      }
      const shares = (read?.probabilities ?? []).map((share, digit) => `${digit}: ${percent(share)} %`);
      picture.setAttribute("aria-label", `${title}. ${shares.join(", ") || otherwise}`);
    }
  }
  return { element, update };
}
