// @ts-check
// What holds for both networks: do they agree, is an answer on its way, did something go wrong.

import { emit } from "./actions.js";
import { find, write } from "./html.js";
import { isBlank } from "./strokes.js";
import { t } from "./texts.js";
import { agreement, seenWords } from "./words.js";

/** @import { Settings } from "./settings.js" */
/** @import { State } from "./main.js" */
/** @import { Drawing } from "./strokes.js" */
/** @import { Named } from "./words.js" */

/**
 * @param {HTMLElement} page
 * @param {{ moments: Readonly<Record<string, readonly number[]>> }} surroundings
 */
export function mountSummary(page, { moments }) {
  const [line, notice] = [find(page, "#agreement"), find(page, "#notice")];
  const [origin, seen, reset] = [find(page, "#origin"), find(page, "#seen-more"), find(page, "#reset")];
  reset.addEventListener("click", () => emit(reset, "settings", { raw: false, checkpoint: null, off: [] }));

  /** @param {State & { named: readonly Named[] }} state */
  return ({ drawing, inspection, pending, problem, complaint, named, settings }) => {
    const { text, tone } = agreement(named, settings);
    const inked = !isBlank(drawing);
    const answered = tone !== "empty" || !inked;
    const said = answered ? text : t(inspection ? "agreement.noInk" : "agreement.reading");
    write(notice, problem || complaint);
    write(line, problem || complaint ? "" : said); // a notice takes its place
    line.dataset.tone = tone;
    write(origin, originWords(drawing));
    write(seen, t(settings.raw ? "frame.moreRaw" : "frame.more"));
    write(reset, alteredWords(settings, moments));
    reset.hidden = reset.textContent === "";
    page.classList.toggle("is-altered", !reset.hidden); // what is known of the networks as served is not true of these
    page.classList.toggle("has-ink", inked);
    page.classList.toggle("is-pending", pending);
  };
}

/** @param {Drawing} drawing */
function originWords({ ink, picture }) {
  if (!picture) return "";
  return ink.length > 0 ? t("origin.drawnOver", { label: picture.label }) : picture.label;
}

/**
 * In what way the networks are not asked as they usually are.
 *
 * @param {Settings} settings
 * @param {Readonly<Record<string, readonly number[]>>} moments
 */
export function alteredWords({ raw, checkpoint, off }, moments) {
  const parts = [
    ...(checkpoint === null ? [] : [seenWords(moments, checkpoint)]),
    ...(off.length > 0
      ? [t(off.length === 1 ? "altered.oneOff" : "altered.off", { count: off.length })]
      : []),
    ...(raw ? [t("altered.raw")] : []),
  ];
  return parts.length > 0 ? `${parts.join(", ")} ${t("altered.reset")}` : "";
}
