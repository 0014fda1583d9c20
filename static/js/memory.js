// @ts-check
// What the page begins with, and keeps: one's own in storage, and what a link shows in the address.

import { createAddress } from "./address.js";
import { DEFAULTS, within } from "./settings.js";
import { createStorage } from "./storage.js";
import { replace } from "./strokes.js";
import { t } from "./texts.js";

/** @import { State } from "./main.js" */
/** @import { Settings } from "./settings.js" */
/** @typedef {Pick<State, "drawing" | "pen" | "settings">} Kept */

const PEN = 0.07; // of the pad's side; MNIST's own proportion for a digit that fills two thirds of it

/**
 * What a link hides is left out of other links too, whatever was chosen for them before.
 *
 * @param {Settings} settings
 * @param {readonly string[]} hide
 * @returns {Settings}
 */
const hidden = (settings, hide) => ({
  ...settings,
  hide,
  spared: settings.spared.filter((name) => !hide.includes(name)),
});

/** @param {number} count of the moments of training that there are */
export function createMemory(count) {
  const storage = createStorage();
  const address = createAddress();
  /** @type {Kept} what is one's own, here too where storage holds nothing */
  let own = {
    drawing: storage.readDrawing(),
    pen: storage.readPen() ?? PEN,
    settings: storage.readSettings() ?? DEFAULTS,
  };

  let { drawing: stored } = own;

  return {
    /**
     * What the address holds, on top of one's own drawing: undone, it is back.
     *
     * @param {Kept} [shown] what the page shows so far; of a link that was only looked at nothing stays
     * @returns {Kept & { complaint: string }}
     */
    open(shown) {
      if (shown && !address.shows(shown.drawing)) own = shown;
      const { sheet, pen, settings, hide, broken } = address.read();
      return {
        drawing: sheet ? replace(own.drawing, sheet.ink, sheet.picture) : own.drawing,
        pen: pen ?? own.pen,
        settings: hidden(within(count, settings ?? (sheet ? DEFAULTS : own.settings)), hide),
        complaint: broken ? t("link.broken") : "",
      };
    },
    /**
     * Keeps everything for a reload: what a link shows in the address, so that one's own stays where it is.
     *
     * @param {Kept} shown
     */
    keep({ drawing, pen, settings }) {
      if (!address.shows(drawing)) {
        own = { drawing, pen, settings };
        if (drawing !== stored) storage.writeDrawing(drawing); // pictures are long
        stored = drawing;
        storage.writePen(pen);
        storage.writeSettings({ ...settings, hide: [] });
      }
      address.follow(drawing, pen, settings);
    },
    show: address.show,
  };
}
