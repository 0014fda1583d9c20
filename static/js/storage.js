// @ts-check
// What survives a reload. Storage may be full, forbidden or hold anything: the page works without it.

import { packed, unpacked } from "./history.js";
import { pairsOf, settingsOf } from "./settings.js";
import { EMPTY } from "./strokes.js";

/** @import { Settings } from "./settings.js" */
/** @import { Drawing } from "./strokes.js" */

const DRAWING = "digits.drawing";
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
   * @returns {boolean} whether there was room; if not it is still on the page, only a reload would lose it
   */
  function write(key, value) {
    try {
      open().setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  return {
    /** @returns {Drawing} */
    readDrawing: () => unpacked(read(DRAWING)) ?? EMPTY,
    /** @param {Drawing} drawing with its history, or without where there is no room for that */
    writeDrawing(drawing) {
      if (!write(DRAWING, packed(drawing))) write(DRAWING, packed(drawing, 0));
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
