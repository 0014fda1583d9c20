// @ts-check
// A button that copies a link to the drawing.

import { emit } from "./actions.js";
import { linkTo } from "./address.js";
import { copied } from "./clipboard.js";
import { h } from "./html.js";
import { DEFAULTS } from "./settings.js";
import { EMPTY, isBlank } from "./strokes.js";
import { t } from "./texts.js";

/** @import { Settings } from "./settings.js" */
/** @import { Sheet } from "./strokes.js" */
/** @typedef {{ sheet: Sheet, pen: number, settings: Settings }} Shared */

/** @param {HTMLButtonElement} button */
export function mountShare(button) {
  const label = button.textContent;
  const said = h("span", { class: "visually-hidden", role: "status" }); // a button's new words are not read out
  button.after(said);
  /** @type {Shared} */
  let shown = { sheet: EMPTY, pen: 0, settings: DEFAULTS };

  button.addEventListener("click", async () => {
    const { sheet, pen, settings } = shown;
    const link = linkTo(sheet, pen, settings);
    const done = await copied(link);
    if (!done) emit(button, "address", { link, sheet });
    button.textContent = said.textContent = t(done ? "share.copied" : "share.addressBar");
  });

  /** @param {Shared} state */
  return (state) => {
    const { sheet, pen, settings } = state;
    if (sheet === shown.sheet && pen === shown.pen && settings === shown.settings) return;
    shown = state;
    button.hidden = isBlank(sheet);
    button.textContent = label;
    said.textContent = "";
  };
}
