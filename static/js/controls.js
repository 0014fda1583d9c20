// @ts-check
// Undo, Redo, Clear and the pen's width, by button and by key.

import { emit } from "./actions.js";
import { find } from "./html.js";
import { canRedo, canUndo, isBlank } from "./strokes.js";
import { t } from "./texts.js";

/** @import { Drawing } from "./strokes.js" */

/**
 * Where Ctrl+Z is somebody else's: in a field of text, and over a dialog.
 *
 * @param {EventTarget | null} target
 */
const isTyping = (target) =>
  document.querySelector("dialog[open]") !== null ||
  (target instanceof HTMLElement &&
    target.matches("textarea, input:is([type=text], [type=number], :not([type]))"));

/**
 * @param {HTMLElement} controls
 * @param {HTMLElement} pad
 */
export function mountControls(controls, pad) {
  const named = (/** @type {string} */ name) => find(controls, `[data-action="${name}"]`, HTMLButtonElement);
  const [undo, redo, clear] = [named("undo"), named("redo"), named("clear")];
  const width = find(controls, "input", HTMLInputElement);

  undo.addEventListener("click", () => emit(controls, "undo", null));
  redo.addEventListener("click", () => emit(controls, "redo", null));
  clear.addEventListener("click", () => emit(controls, "clear", null));
  width.addEventListener("input", () => emit(controls, "pen", width.valueAsNumber / 100));

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "y" || (key === "z" && event.shiftKey)) emit(controls, "redo", null);
    else if (key === "z") emit(controls, "undo", null);
    else return;
    event.preventDefault();
  });

  /**
   * A disabled button loses the keyboard's focus; the pad gets it.
   *
   * @param {HTMLButtonElement} button
   * @param {boolean} enabled
   */
  function enable(button, enabled) {
    if (button.disabled === !enabled) return;
    const focused = document.activeElement === button;
    button.disabled = !enabled;
    if (focused && !enabled) pad.focus({ preventScroll: true });
  }

  /** @param {{ drawing: Drawing, pen: number }} state */
  return ({ drawing, pen }) => {
    enable(undo, canUndo(drawing));
    enable(redo, canRedo(drawing));
    enable(clear, !isBlank(drawing));
    const value = String(Math.round(pen * 100));
    if (width.value !== value) width.value = value;
    width.setAttribute("aria-valuetext", t("pad.penWidth", { percent: value }));
  };
}
