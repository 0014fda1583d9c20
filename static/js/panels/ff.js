// @ts-check
// The feed-forward net whole: one column per hidden unit, from its weights down to what it adds to each digit.

import { emit } from "../actions.js";
import { FRAME } from "../geometry.js";
import { h, keyOf, scroller, write } from "../html.js";
import { rowsOf } from "../insides/arithmetic.js";
import { tensorOf } from "../insides/facts.js";
import { isSame, textOf, tracedAt, tracedOf, wholeOf, wordsOf } from "../insides/feed-forward.js";
import { mountWalking } from "../insides/walking.js";
import { t } from "../texts.js";
import { markPinned, markTrace, paintAnswer, paintWeights } from "./ff-paint.js";
import { buildKey, buildTable, stopOf } from "./ff-table.js";
import { mountNetwork } from "./network.js";

/** @import { Traced, Whole } from "../insides/feed-forward.js" */
/** @import { Update } from "../panels.js" */

export const needsLayers = ["ff"];

/**
 * @param {HTMLElement} element
 * @returns {Update}
 */
export function mount(element) {
  const words = h("p", { class: "trace", role: "log" }, t("ff.hint"));
  const key = buildKey();
  const table = buildTable((row, title) => (whole ? numbersOf(whole[row], title) : []));
  const swipe = h("p", { class: "small ff-swipe" }, t("ff.swipe"));
  element.append(
    words,
    h("div", { class: "ff-net" }, key.element, swipe, scroller(t("ff.table"), table.element)),
  );

  mountWalking(table.element, stopOf);
  table.element.addEventListener("keydown", clickByKey);

  /** @type {Whole | null} */
  let whole = null;
  /** @type {Traced | null} */
  let pinned = null;

  /** @param {Traced | null} traced */
  function trace(traced) {
    markTrace(table, traced);
    write(words, whole && traced ? wordsOf(whole, traced) : t("ff.hint"));
  }

  // Moves only: where scrolling brings a cell under a pointer that rests, the keyboard has the say.
  for (const name of ["pointermove", "focusin"])
    table.element.addEventListener(name, (event) => trace(tracedBy(event) ?? pinned));
  for (const name of ["pointerleave", "focusout"]) table.element.addEventListener(name, () => trace(pinned));
  table.element.addEventListener("click", (event) => {
    const traced = tracedBy(event);
    if (traced) emit(element, "settings", { trace: isSame(pinned, traced) ? "" : textOf(traced) });
  });

  return mountNetwork("ff", element, ({ inspection, settings }, weights, repaint) => {
    if (!weights) return;
    whole = wholeOf(weights, inspection, settings.off);
    if (repaint) paintWeights(table, key, tensorOf(weights, "layers.1.weight").values, whole);
    paintAnswer(table, key, whole, inspection);
    pinned = tracedOf(settings.trace);
    markPinned(table, pinned);
    trace(pinned);
  });
}

/**
 * Enter and Space on a number do what they do on a button.
 *
 * @param {KeyboardEvent} event
 */
function clickByKey(event) {
  if (!(event.target instanceof HTMLTableCellElement) || !["Enter", " "].includes(keyOf(event))) return;
  event.preventDefault();
  event.target.click();
}

/** @param {Event} event */
function tracedBy({ target }) {
  const cell = target instanceof Element ? target.closest("td, th") : null;
  if (!(cell instanceof HTMLTableCellElement)) return null;
  const digit = cell.closest("tr")?.dataset.digit;
  return tracedAt(cell.cellIndex, digit === undefined ? undefined : Number(digit));
}

/**
 * @param {readonly ArrayLike<number>[]} values of each unit
 * @param {string} title
 */
const numbersOf = (values, title) =>
  values.map((own, unit) => ({
    title: `${title}: ${t("ff.unit", { unit: unit + 1 })}`,
    rows: rowsOf(own, FRAME),
    signed: true,
  }));
