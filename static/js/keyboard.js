// @ts-check
// Drawing with the keyboard: a cursor on a grid, and a pen that goes down and up.

import { emit } from "./actions.js";
import { clamp } from "./geometry.js";
import { keyOf } from "./html.js";
import { t } from "./texts.js";

/** @import { Point } from "./strokes.js" */

const GRID = 14; // steps across the pad, as many as it has dots

/** @type {Readonly<Record<string, readonly [number, number]>>} */
const STEPS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [-1, -1],
  PageUp: [1, -1],
  End: [-1, 1],
  PageDown: [1, 1],
};

/**
 * @param {HTMLElement} pad
 * @param {HTMLElement} cursor shows where the pen is
 * @param {HTMLElement} status says where the pen is
 */
export function mountKeyboard(pad, cursor, status) {
  let [column, row] = [GRID / 2, GRID / 2];
  let penDown = false;

  /** @returns {Point} */
  const place = () => [column / GRID, row / GRID];

  pad.addEventListener("keydown", (event) => {
    const key = keyOf(event);
    const step = STEPS[key];
    if (step) move(step);
    else if (key === " " || key === "Enter") toggle(event.repeat);
    else if (key === "Escape" && penDown) emit(pad, "end", null);
    else return;
    event.preventDefault();
    show();
  });

  pad.addEventListener("blur", () => {
    if (penDown) emit(pad, "end", null);
    cursor.hidden = true;
  });
  pad.addEventListener("pointerdown", () => {
    cursor.hidden = true;
  });

  /** @param {readonly [number, number]} step */
  function move([across, down]) {
    column = clamp(column + across, 0, GRID);
    row = clamp(row + down, 0, GRID);
    if (penDown) emit(pad, "extend", [place()]);
  }

  /** @param {boolean} held a key held down toggles once */
  function toggle(held) {
    if (held) return;
    if (penDown) emit(pad, "end", null);
    else emit(pad, "begin", place());
  }

  function show() {
    cursor.hidden = false;
    cursor.classList.toggle("is-down", penDown);
    cursor.style.left = `${(100 * column) / GRID}%`;
    cursor.style.top = `${(100 * row) / GRID}%`;
    status.textContent = t(penDown ? "pad.penDown" : "pad.penUp", { column, row });
  }

  /** @param {{ penDown: boolean }} state */
  return (state) => {
    penDown = state.penDown;
    cursor.classList.toggle("is-down", penDown);
  };
}
