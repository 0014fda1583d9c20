// @ts-check
// The test digits that a network finds hardest, and any of them onto the pad.

import { emit } from "../actions.js";
import { button, h } from "../html.js";
import { fromMnist, picture, titleOf } from "../insides/mnist.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { t } from "../texts.js";

/** @import { Digit, Shelf } from "../insides/mnist.js" */

const HARDEST = 12;

/**
 * @param {readonly { name: string, title: string }[]} known
 * @param {Shelf} shelf
 * @returns {HTMLElement[]}
 */
export function hardest(known, shelf) {
  if (shelf.missing) return [h("p", { class: "missing" }, shelf.missing)];
  const any = button(t("evidence.random"), async () => show(any, await fromMnist("/test/random")), {
    class: "button primary",
  });
  const rows = known.map(({ name, title }) => {
    const room = h("ul", { class: "gallery", "aria-label": title }, h("li", {}, t("panels.wait")));
    fromMnist(`/test/hardest?model=${name}&count=${HARDEST}`).then(
      (digits) =>
        room.replaceChildren(.../** @type {Digit[]} */ (digits).map((digit) => h("li", {}, tile(digit)))),
      (error) => room.replaceChildren(h("li", {}, String(error.message))),
    );
    return h("div", {}, h("h4", {}, title), room);
  });
  return [any, ...rows];
}

/** @param {Digit} digit */
function tile(digit) {
  const canvas = matrixCanvas();
  paintMatrix(canvas, { values: digit.frame.flat(), columns: 28, most: 255, signed: false, label: "" });
  canvas.setAttribute("role", "presentation");
  canvas.removeAttribute("aria-label");
  const made = button("", () => show(made, digit), {
    class: "tile",
    "aria-label": t("evidence.put", { title: titleOf(digit) }),
  });
  made.append(canvas, h("span", {}, String(digit.label)));
  return made;
}

/**
 * @param {Element} from
 * @param {Digit} digit
 */
async function show(from, digit) {
  emit(from, "picture", await picture(digit));
  document.getElementById("pad")?.scrollIntoView({ block: "center" });
}
