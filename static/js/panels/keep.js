// @ts-check
// Yours to keep and pass on: the PNG, the frame, the very request, and links that show what a teacher wants shown.

import { emit } from "../actions.js";
import { linkTo } from "../address.js";
import { base64Of } from "../base64.js";
import { copied } from "../clipboard.js";
import { button, h, write } from "../html.js";
import { saveFrame, savePng } from "../insides/files.js";
import { part } from "../insides/part.js";
import { curlOf, pythonOf } from "../insides/requests.js";
import { PANELS } from "../panel-list.js";
import { pngOf, urlOf } from "../question.js";
import { toggled } from "../settings.js";
import { EMPTY, isBlank } from "../strokes.js";
import { t } from "../texts.js";

/** @import { PanelState, Update } from "../panels.js" */
/** @typedef {(copy: string, words: string) => void} Offer  to the clipboard, else as text to copy by hand */

export const needsLayers = /** @type {readonly string[]} */ ([]);

const DRAWING = "drawing"; // what a link may leave out, beside panels

/**
 * @param {HTMLElement} element
 * @returns {Update}
 */
export function mount(element) {
  const outcome = mountOutcome();
  const parts = [mountSaving(), mountRequests(outcome.offer), mountPassing(outcome.offer)];
  element.append(h("div", { class: "keep" }, ...parts.map((part) => part.section)), ...outcome.elements);
  return (state) => {
    for (const part of parts) part.update(state);
  };
}

/** What became of a copy. */
function mountOutcome() {
  const done = h("p", { class: "done", role: "status" });
  const text = h("textarea", {
    readonly: true,
    rows: "4",
    "aria-label": t("keep.copiedText"),
    hidden: true,
    spellcheck: "false",
  });
  return {
    elements: [done, text],
    /** @type {Offer} */
    async offer(copy, words) {
      const worked = await copied(copy);
      write(done, worked ? words : t("keep.byHand"));
      text.hidden = false;
      text.value = copy;
      if (!worked) text.select();
    },
  };
}

function mountSaving() {
  /** @type {PanelState | null} */
  let state = null;
  const png = button(t("keep.png"), () => state && savePng(state.drawing, state.pen));
  const frame = button(t("keep.frame"), () => state?.inspection?.frame && saveFrame(state.inspection.frame));
  return {
    section: section("save", h("div", { class: "row" }, png, frame)),
    /** @type {Update} */
    update(next) {
      state = next;
      png.disabled = isBlank(next.drawing);
      frame.disabled = !next.inspection?.frame;
    },
  };
}

/** @param {Offer} offer */
function mountRequests(offer) {
  /** @type {PanelState | null} */
  let state = null;
  const buttons = [
    button(t("keep.curl"), () => copyRequest(curlOf)),
    button(t("keep.python"), () => copyRequest(pythonOf)),
  ];

  /** @param {(url: string, base64: string) => string} words */
  async function copyRequest(words) {
    if (!state) return;
    const { drawing, pen, settings } = state;
    offer(words(urlOf(settings, []).href, base64Of(await pngOf(drawing, pen, settings))), t("keep.copied"));
  }

  return {
    section: section("ask", h("div", { class: "row" }, ...buttons)),
    /** @type {Update} */
    update(next) {
      state = next;
      for (const one of buttons) one.disabled = isBlank(next.drawing);
    },
  };
}

/** @param {Offer} offer */
function mountPassing(offer) {
  /** @type {PanelState | null} */
  let state = null;
  const choices = [DRAWING, ...PANELS].map((name) => ({
    name,
    box: h("input", { type: "checkbox", checked: true }),
  }));
  for (const { name, box } of choices) {
    box.addEventListener("change", () => {
      if (state) emit(box, "settings", { spared: toggled(state.settings.spared, name) });
    });
  }
  const labels = choices.map(({ name, box }) => {
    const words = t(name === DRAWING ? "keep.drawing" : `panels.${name}.title`);
    return h("label", {}, box, ` ${words}`);
  });
  const link = h("input", {
    type: "text",
    readonly: true,
    "aria-label": t("keep.link"),
    class: "link-field",
  });
  const copy = button(t("keep.copyLink"), () => offer(link.value, t("share.copied")), {
    class: "button primary",
  });
  return {
    section: section(
      "teach",
      h("fieldset", { class: "choices" }, h("legend", {}, t("keep.shown")), ...labels),
      h("div", { class: "row" }, link, copy),
    ),
    /** @type {Update} */
    update(next) {
      state = next;
      const { drawing, pen, settings } = next;
      const { spared, hide: hidden } = settings;
      const leftOut = (/** @type {string} */ name) => spared.includes(name) !== hidden.includes(name); // unless chosen
      for (const { name, box } of choices) box.checked = !leftOut(name);
      const hide = PANELS.filter(leftOut);
      const panel = PANELS.find((name) => !leftOut(name)) ?? settings.panel;
      const sheet = leftOut(DRAWING) ? EMPTY : drawing;
      link.value = linkTo(sheet, pen, { ...settings, hide, panel });
    },
  };
}

/**
 * @param {string} name
 * @param {...Node} content
 */
const section = (name, ...content) => part(t(`keep.${name}`), t(`keep.${name}More`), ...content);
