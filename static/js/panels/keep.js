// @ts-check
// Yours to keep and pass on: the PNG, the frame, the very request, and links that show what a teacher wants shown.

import { linkTo } from "../address.js";
import { copied } from "../clipboard.js";
import { button, h, write } from "../html.js";
import { curlOf, pythonOf } from "../insides/requests.js";
import { dataUrl, wholePng } from "../paint.js";
import { pngOf, queryOf } from "../question.js";
import { PANELS } from "../settings.js";
import { EMPTY, isBlank } from "../strokes.js";
import { t } from "../texts.js";

/** @import { PanelState, Update } from "../panels.js" */

export const needsLayers = /** @type {readonly string[]} */ ([]);

/**
 * @param {HTMLElement} element
 * @returns {Update}
 */
export function mount(element) {
  /** @type {PanelState | null} */
  let state = null;
  const done = h("p", { class: "done", role: "status" });
  const text = h("textarea", {
    readonly: true,
    rows: "4",
    "aria-label": t("keep.copiedText"),
    hidden: true,
    spellcheck: "false",
  });
  const saves = [button(t("keep.png"), savePng), button(t("keep.frame"), saveFrame)];
  const copies = [
    button(t("keep.curl"), () => copyRequest(curlOf)),
    button(t("keep.python"), () => copyRequest(pythonOf)),
  ];
  const drawing = h("input", { type: "checkbox", checked: true });
  const shown = PANELS.map((name) => ({ name, box: h("input", { type: "checkbox", checked: true }) }));
  const link = h("input", {
    type: "text",
    readonly: true,
    "aria-label": t("keep.link"),
    class: "link-field",
  });
  const copyLink = button(t("keep.copyLink"), () => offer(link.value, t("share.copied")), {
    class: "button primary",
  });
  for (const { box } of [{ box: drawing }, ...shown]) box.addEventListener("change", showLink);

  element.append(
    h(
      "div",
      { class: "keep" },
      h(
        "section",
        {},
        h("h3", {}, t("keep.save")),
        h("p", { class: "small" }, t("keep.saveMore")),
        h("div", { class: "row" }, ...saves),
      ),
      h(
        "section",
        {},
        h("h3", {}, t("keep.ask")),
        h("p", { class: "small" }, t("keep.askMore")),
        h("div", { class: "row" }, ...copies),
      ),
      h(
        "section",
        {},
        h("h3", {}, t("keep.teach")),
        h("p", { class: "small" }, t("keep.teachMore")),
        h(
          "fieldset",
          { class: "choices" },
          h("legend", {}, t("keep.shown")),
          label(drawing, t("keep.drawing")),
          ...shown.map(({ name, box }) => label(box, t(`panels.${name}.title`))),
        ),
        h("div", { class: "row" }, link, copyLink),
      ),
    ),
    done,
    text,
  );

  /**
   * @param {HTMLInputElement} box
   * @param {string} words
   */
  function label(box, words) {
    return h("label", {}, box, ` ${words}`);
  }

  async function savePng() {
    if (!state) return;
    const { drawing: sheet, pen } = state;
    save("digit.png", URL.createObjectURL(new Blob([await wholePng(sheet, pen)], { type: "image/png" })));
  }

  function saveFrame() {
    const frame = state?.inspection?.frame;
    if (!frame) return;
    const url = dataUrl(28, 28, (context) => {
      const pixels = context.createImageData(28, 28);
      for (const [index, value] of frame.flat().entries())
        pixels.data.set([255 * value, 255 * value, 255 * value, 255], 4 * index);
      context.putImageData(pixels, 0, 0);
    });
    save("frame.png", url);
  }

  /** @param {(url: string, base64: string) => string} write */
  async function copyRequest(write) {
    if (!state) return;
    const { drawing: sheet, pen, settings } = state;
    const url = new URL(`inspect?${queryOf(sheet, settings, [])}`, document.baseURI).href;
    offer(write(url, base64Of(await pngOf(sheet, pen, settings))), t("keep.copied"));
  }

  /**
   * @param {string} copy
   * @param {string} words
   */
  async function offer(copy, words) {
    const worked = await copied(copy);
    write(done, worked ? words : t("keep.byHand"));
    text.hidden = false;
    text.value = copy;
    if (!worked) text.select();
  }

  function showLink() {
    if (!state) return;
    const hide = shown.flatMap(({ name, box }) => (box.checked ? [] : [name]));
    const { drawing: sheet, pen, settings } = state;
    const panel = shown.find(({ box }) => box.checked)?.name ?? settings.panel;
    link.value = linkTo(drawing.checked ? sheet : EMPTY, pen, { ...settings, hide, panel });
  }

  return (next) => {
    state = next;
    const blank = isBlank(next.drawing);
    for (const one of [...saves, ...copies]) one.disabled = blank;
    showLink();
  };
}

/**
 * @param {string} name
 * @param {string} url
 */
function save(name, url) {
  h("a", { href: url, download: name }).click();
  if (url.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** @param {Uint8Array} bytes */
function base64Of(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
