// @ts-check
// Look at the data: any digit of MNIST, as a picture and as its numbers.

import { emit } from "../actions.js";
import { button, h, write } from "../html.js";
import { fromMnist, picture, titleOf } from "../insides/mnist.js";
import { tableOf } from "../insides/numbers.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { number, t } from "../texts.js";

/** @import { Digit, Shelf } from "../insides/mnist.js" */
/** @import { Update } from "../panels.js" */

export const needsLayers = /** @type {readonly string[]} */ ([]);

/**
 * @param {HTMLElement} element
 * @returns {Update}
 */
export function mount(element) {
  const room = h("div", { class: "data" });
  element.append(room);
  fromMnist("").then(
    (found) => {
      const shelf = /** @type {Shelf} */ (found);
      room.replaceChildren(
        ...(shelf.missing ? [h("p", { class: "missing" }, shelf.missing)] : browser(shelf)),
      );
    },
    (error) => room.replaceChildren(h("p", { class: "missing" }, String(error.message))),
  );
  return () => {};
}

/** @param {Shelf} shelf */
function browser({ counts }) {
  const split = h(
    "select",
    { id: "data-split" },
    ...["test", "train"].map((name) =>
      h("option", { value: name }, t(`data.${name}`, { count: number(counts[name] ?? 0) })),
    ),
  );
  const index = h("input", { type: "number", id: "data-index", min: "0", value: "0", inputmode: "numeric" });
  const canvas = matrixCanvas("matrix large");
  const caption = h("p", { role: "log" });
  const numbers = h("div", {
    class: "scroll",
    tabindex: "0",
    role: "region",
    "aria-label": t("data.numbers"),
  });
  /** @type {Digit | null} */
  let shown = null;
  let newest = 0;

  const put = button(
    t("data.put"),
    async () => {
      if (!shown) return;
      emit(put, "picture", await picture(shown));
      document.getElementById("pad")?.scrollIntoView({ block: "center" });
    },
    { class: "button primary" },
  );

  /** @param {string} path */
  async function load(path) {
    const mine = ++newest;
    try {
      const digit = /** @type {Digit} */ (await fromMnist(path));
      if (mine === newest) show(digit);
    } catch (error) {
      if (mine === newest) write(caption, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {Digit} digit */
  function show(digit) {
    shown = digit;
    split.value = digit.split;
    index.value = String(digit.index);
    index.max = String((counts[digit.split] ?? 1) - 1);
    paintMatrix(canvas, {
      values: digit.frame.flat(),
      columns: 28,
      most: 255,
      signed: false,
      label: titleOf(digit),
    });
    write(caption, titleOf(digit));
    numbers.replaceChildren(tableOf({ title: t("data.numbers"), rows: digit.frame }, 0));
    numbers.querySelector("table")?.classList.add("pixels");
  }

  const step = (/** @type {number} */ by) => {
    const count = counts[split.value] ?? 1;
    load(`/${split.value}/${((shown?.index ?? 0) + by + count) % count}`);
  };
  split.addEventListener("change", () => load(`/${split.value}/0`));
  index.addEventListener("change", () =>
    load(`/${split.value}/${Math.max(0, Math.trunc(index.valueAsNumber || 0))}`),
  );
  load("/test/0");
  return [
    h(
      "div",
      { class: "data-side" },
      canvas,
      caption,
      h("div", { class: "row" }, h("label", { for: "data-split" }, t("data.part")), split),
      h("div", { class: "row" }, h("label", { for: "data-index" }, t("data.number")), index),
      h(
        "div",
        { class: "row" },
        button("←", () => step(-1), { class: "button square", "aria-label": t("data.previous") }),
        button("→", () => step(1), { class: "button square", "aria-label": t("data.next") }),
        button(t("data.random"), () => load(`/${split.value}/random`)),
      ),
      put,
    ),
    numbers,
  ];
}
