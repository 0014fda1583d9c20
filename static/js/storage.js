// @ts-check
// What survives a reload. Storage may be full, forbidden or hold anything: the page works without it.

import { pairsOf, settingsOf } from "./settings.js";
import { isInk, isPicture } from "./strokes.js";

/** @import { Settings } from "./settings.js" */
/** @import { Ink, Picture, Sheet } from "./strokes.js" */

const INK = "digits.ink";
const PICTURE = "digits.picture";
const PEN = "digits.pen";
const SETTINGS = "digits.settings";

/** @param {() => Storage} open accessing localStorage throws where it is forbidden */
export function createStorage(open = () => globalThis.localStorage) {
  /** @param {string} key */
  function read(key) {
    try {
      return JSON.parse(open().getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  /**
   * @param {string} key
   * @param {unknown} value
   */
  function write(key, value) {
    try {
      open().setItem(key, JSON.stringify(value));
    } catch {
      // The drawing is still on the page; only a reload would lose it.
    }
  }

  return {
    /** @returns {Ink} */
    readInk() {
      const ink = read(INK);
      return isInk(ink) ? ink : [];
    },
    /** @returns {Picture | null} */
    readPicture() {
      const picture = read(PICTURE);
      return isPicture(picture) ? picture : null;
    },
    /** @param {Sheet} sheet */
    writeSheet({ ink, picture }) {
      write(INK, ink);
      write(PICTURE, picture);
    },
    /** @returns {number | null} */
    readPen() {
      const pen = read(PEN);
      return typeof pen === "number" && pen > 0 && pen < 1 ? pen : null;
    },
    /** @param {number} pen */
    writePen: (pen) => write(PEN, pen),
    /** @returns {Settings | null} */
    readSettings() {
      const pairs = read(SETTINGS);
      return typeof pairs === "string" ? settingsOf(new URLSearchParams(pairs)) : null;
    },
    /** @param {Settings} settings */
    writeSettings: (settings) => write(SETTINGS, new URLSearchParams(pairsOf(settings)).toString()),
  };
}
