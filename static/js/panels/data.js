// @ts-check
// Look at the data: any digit of MNIST, as a picture and as its numbers.

import { emit } from "../actions.js";
import { button, h, scroller, write } from "../html.js";
import { mountAsking } from "../insides/asking.js";
import { fromMnist, mountShelf, paintDigit, putOnPad, titleOf } from "../insides/mnist.js";
import { tableOf } from "../insides/numbers.js";
import { matrixCanvas } from "../insides/picture-grid.js";
import { nameOf, nearest, placeOf, stepped } from "../insides/shelf.js";
import { number, t } from "../texts.js";

/** @import { Digit, Shelf } from "../insides/mnist.js" */
/** @import { Place } from "../insides/shelf.js" */
/** @import { PanelState, Update } from "../panels.js" */
/** @typedef {ReturnType<typeof build>} Parts */

export const needsLayers = /** @type {readonly string[]} */ ([]);

/**
 * @param {HTMLElement} element
 * @returns {Update}
 */
export function mount(element) {
  const room = h("div", { class: "data" });
  element.append(room);
  /** @type {PanelState | null} */
  let state = null;
  /** @type {Update | null} */
  let updateBrowser = null;
  mountShelf(room, (counts) => {
    updateBrowser ??= mountBrowser(room, counts);
    if (state) updateBrowser(state);
  });
  return (next) => {
    state = next;
    updateBrowser?.(next);
  };
}

/**
 * @param {HTMLElement} room
 * @param {Shelf["counts"]} counts
 * @returns {Update}
 */
function mountBrowser(room, counts) {
  /** @type {Place | null} */
  let wanted = null;
  /** @type {Digit | null} */
  let shown = null;
  let path = "";
  let kept = ""; // the digit that the settings name
  const parts = build(counts, {
    step: (by) => wanted && want(stepped(wanted, by, counts)),
    choose: (place) => want(nearest(place, counts)),
    random: () => load(`/${parts.split.value}/random`),
    put: () => shown && putOnPad(room, shown),
  });
  room.replaceChildren(parts.side, parts.numbers);
  /** @type {(() => Promise<void>) | null} */
  let ask = null;

  /** @param {Place} place */
  function want(place) {
    parts.index.value = String(place.index); // even where it is the same: what was typed may not have been
    emit(room, "settings", { digit: nameOf(place) });
  }

  /** @param {string} next */
  function load(next) {
    path = next;
    if (ask) ask();
    else ask = mountAsking(parts.side, /** @type {() => Promise<Digit>} */ (() => fromMnist(path)), found);
  }

  /** @param {Digit} digit */
  function found(digit) {
    shown = digit;
    wanted = { split: digit.split, index: digit.index };
    show(parts, digit, counts);
    if (nameOf(digit) !== kept) emit(room, "settings", { digit: nameOf(digit) });
  }

  return ({ settings }) => {
    kept = settings.digit;
    const place = nearest(placeOf(settings.digit), counts);
    if (wanted && nameOf(place) === nameOf(wanted)) return;
    wanted = place;
    load(`/${place.split}/${place.index}`);
  };
}

/**
 * @typedef {object} Ways
 * @property {(by: number) => void} step
 * @property {(place: Place) => void} choose
 * @property {() => void} random
 * @property {() => void} put
 */

/**
 * @param {Readonly<Record<string, number>>} counts
 * @param {Ways} ways
 */
function build(counts, ways) {
  const options = /** @type {const} */ (["test", "train"]).map((name) =>
    h("option", { value: name }, t(`data.${name}`, { count: number(counts[name] ?? 0) })),
  );
  const split = h("select", { id: "data-split" }, ...options);
  const index = h("input", { type: "number", id: "data-index", min: "0", inputmode: "numeric" });
  const canvas = matrixCanvas("matrix large");
  const caption = h("p", { role: "log" });
  const table = scroller(t("data.numbers"));
  const field = (/** @type {string} */ text, /** @type {HTMLElement} */ control) =>
    h("div", { class: "row" }, h("label", { for: control.id }, text), control);
  const arrow = (/** @type {string} */ sign, /** @type {number} */ by, /** @type {string} */ label) =>
    button(sign, () => ways.step(by), { class: "button square", "aria-label": label });
  const chosen = () => /** @type {Place["split"]} */ (split.value);
  split.addEventListener("change", () => ways.choose({ split: chosen(), index: 0 }));
  index.addEventListener("change", () => ways.choose({ split: chosen(), index: index.valueAsNumber }));
  const side = h(
    "div",
    { class: "data-side" },
    canvas,
    caption,
    field(t("data.part"), split),
    field(t("data.number"), index),
    h(
      "div",
      { class: "row" },
      arrow("←", -1, t("data.previous")),
      arrow("→", 1, t("data.next")),
      button(t("data.random"), ways.random),
    ),
    button(t("data.put"), ways.put, { class: "button primary" }),
  );
  const hint = h("p", { class: "small data-hint" }, t("data.more"));
  return { side, numbers: h("div", {}, hint, table), table, split, index, canvas, caption };
}

/**
 * @param {Parts} parts
 * @param {Digit} digit
 * @param {Readonly<Record<string, number>>} counts
 */
function show({ split, index, canvas, caption, table }, digit, counts) {
  const label = titleOf(digit);
  split.value = digit.split;
  if (index !== document.activeElement) index.value = String(digit.index); // else it is what is being typed
  index.max = String((counts[digit.split] ?? 1) - 1);
  paintDigit(canvas, digit, label);
  write(caption, label);
  table.replaceChildren(tableOf({ title: t("data.numbers"), rows: digit.frame }, 0));
  table.querySelector("table")?.classList.add("pixels");
}
