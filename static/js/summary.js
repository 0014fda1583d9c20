// @ts-check
// What holds for both networks: do they agree, is an answer on its way, did something go wrong.

import { agreement } from "./words.js";

/** @import { Drawing } from "./strokes.js" */
/** @import { Named } from "./words.js" */

/** @param {HTMLElement} page */
export function mountSummary(page) {
  const [line, notice] = ["agreement", "notice"].map((id) => page.querySelector(`#${id}`));
  if (!(line instanceof HTMLElement && notice instanceof HTMLElement))
    throw new Error("The page is incomplete.");

  /** @param {{ drawing: Drawing, pending: boolean, problem: string, named: readonly Named[] }} state */
  return ({ drawing, pending, problem, named }) => {
    const { text, tone } = agreement(named);
    const inked = drawing.ink.length > 0;
    const answered = tone !== "empty" || !inked;
    write(line, problem ? "" : answered ? text : "Reading …"); // a notice takes its place
    line.dataset.tone = tone;
    write(notice, problem && `${problem} Your drawing is kept: draw on to try again.`);
    page.classList.toggle("has-ink", inked);
    page.classList.toggle("is-pending", pending);
  };
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
