// @ts-check
// What a person can do, as events that bubble up to the page; state comes back down through update().

/** @import { Settings } from "./settings.js" */
/** @import { Picture, Point, Sheet } from "./strokes.js" */
/**
 * @typedef {object} Actions
 * @property {Point} begin a stroke begins
 * @property {readonly Point[]} extend it goes on
 * @property {null} end it ends
 * @property {null} undo
 * @property {null} redo
 * @property {null} clear
 * @property {number} pen the pen's width changes, in units of the pad's side
 * @property {Sheet} grasp the sheet is about to be moved, scaled or turned: a new step of the history
 * @property {Sheet} move it is
 * @property {null} drop it stays there
 * @property {Picture} picture another picture is on the pad
 * @property {null} look the pad is to be seen
 * @property {Partial<Settings>} settings the drawing is looked at in another way
 * @property {string} complaint a picture cannot be used, and why; empty: it is no longer said
 * @property {{ link: string, sheet: Sheet }} address the page's address is to be the link to this sheet
 */

const PREFIX = "digits:";

/**
 * @template {keyof Actions} Name
 * @param {Element} element
 * @param {Name} name
 * @param {Actions[Name]} detail
 */
export function emit(element, name, detail) {
  element.dispatchEvent(new CustomEvent(PREFIX + name, { bubbles: true, detail }));
}

/**
 * @template {keyof Actions} Name
 * @param {EventTarget} target
 * @param {Name} name
 * @param {(detail: Actions[Name]) => void} handle
 */
export function listen(target, name, handle) {
  target.addEventListener(PREFIX + name, (event) => {
    handle(/** @type {CustomEvent<Actions[Name]>} */ (event).detail);
  });
}
