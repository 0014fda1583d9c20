// @ts-check
// A button that copies a link to the drawing.

import { copied } from "./clipboard.js";
import { fragmentOf } from "./link.js";
import { DEFAULTS } from "./settings.js";
import { t } from "./texts.js";

/** @import { Settings } from "./settings.js" */
/** @import { Ink } from "./strokes.js" */

/** @param {HTMLButtonElement} button */
export function mountShare(button) {
  const label = button.textContent;
  /** @type {{ ink: Ink, pen: number, settings: Settings }} */
  let shown = { ink: [], pen: 0, settings: DEFAULTS };

  button.addEventListener("click", async () => {
    const link = new URL(fragmentOf(shown.ink, shown.pen, shown.settings), location.href).href;
    const done = await copied(link);
    if (!done) history.replaceState(null, "", link);
    button.textContent = t(done ? "share.copied" : "share.addressBar");
  });

  /** @param {{ ink: Ink, pen: number, settings: Settings }} state */
  return ({ ink, pen, settings }) => {
    if (ink === shown.ink && pen === shown.pen && settings === shown.settings) return;
    shown = { ink, pen, settings };
    button.hidden = ink.length === 0;
    button.textContent = label;
  };
}
