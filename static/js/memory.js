// @ts-check
// What the page begins with, and keeps: one's own in storage, and what a link shows in the address.

import { createAddress } from "./address.js";
import { DEFAULTS, within } from "./settings.js";
import { createStorage } from "./storage.js";
import { replace } from "./strokes.js";
import { t } from "./texts.js";

/** @import { State } from "./main.js" */
/** @typedef {Pick<State, "drawing" | "pen" | "settings">} Kept */

const PEN = 0.07; // of the pad's side; MNIST's own proportion for a digit that fills two thirds of it

/** @param {number} count of the moments of training that there are */
export function createMemory(count) {
  const storage = createStorage();
  const address = createAddress();

  /** @returns {Kept} */
  function stored() {
    const [drawing, pen, settings] = [storage.readDrawing(), storage.readPen(), storage.readSettings()];
    return { drawing, pen: pen ?? PEN, settings: settings ?? DEFAULTS };
  }

  return {
    /**
     * What the address holds, on top of one's own drawing: undone, it is back.
     *
     * @param {Kept} [shown] what the page shows so far; of a link that was only looked at nothing stays
     * @returns {Kept & { complaint: string }}
     */
    open(shown) {
      const own = shown && !address.shows(shown.drawing) ? shown : stored();
      const { sheet, pen, settings, hide, broken } = address.read();
      return {
        drawing: sheet ? replace(own.drawing, sheet.ink, sheet.picture) : own.drawing,
        pen: pen ?? own.pen,
        settings: within(count, { ...(settings ?? (sheet ? DEFAULTS : own.settings)), hide }),
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
        storage.writeDrawing(drawing);
        storage.writePen(pen);
        storage.writeSettings({ ...settings, hide: [] });
      }
      address.follow(drawing, pen, settings);
    },
    show: address.show,
  };
}
