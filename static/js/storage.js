// @ts-check
// What survives a reload. Storage may be full, forbidden or hold anything: the page works without it.

import { isInk } from "./strokes.js";

/** @import { Ink } from "./strokes.js" */

const INK = "digits.ink";
const PEN = "digits.pen";

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
    /** @param {Ink} ink */
    writeInk: (ink) => write(INK, ink),
    /** @returns {number | null} */
    readPen() {
      const pen = read(PEN);
      return typeof pen === "number" && pen > 0 && pen < 1 ? pen : null;
    },
    /** @param {number} pen */
    writePen: (pen) => write(PEN, pen),
  };
}
