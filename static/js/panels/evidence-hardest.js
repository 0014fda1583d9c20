// @ts-check
// The test digits that a network finds hardest, and any of them onto the pad.

import { button, h, write } from "../html.js";
import { mountAsking } from "../insides/asking.js";
import { fromMnist, mountShelf, paintDigit, putOnPad, titleOf } from "../insides/mnist.js";
import { matrixCanvas } from "../insides/picture-grid.js";
import { t } from "../texts.js";

/** @import { Digit, HardDigit } from "../insides/mnist.js" */

const HARDEST = 12;

/** @param {readonly { name: string, title: string }[]} known */
export function hardest(known) {
  const room = h("div", {}, h("p", { class: "small" }, t("panels.wait")));
  mountShelf(room, () => room.replaceChildren(atRandom(), ...known.map(gallery)));
  return room;
}

function atRandom() {
  const failure = h("p", { class: "small", role: "status" });
  const put = async () => {
    const digit = /** @type {Digit | null} */ (await fromMnist("/test/random").catch(() => null));
    write(failure, digit ? "" : t("panels.failed"));
    if (digit) putOnPad(any, digit);
  };
  const any = button(t("evidence.random"), put, { class: "button primary" });
  return h("div", {}, any, failure);
}

/** @param {{ name: string, title: string }} network */
function gallery({ name, title }) {
  const wait = h("p", { class: "small" }, t("panels.wait"));
  const room = h("div", {}, h("h4", {}, title), wait);
  const path = `/test/hardest?model=${name}&count=${HARDEST}`;
  mountAsking(room, /** @type {() => Promise<HardDigit[]>} */ (() => fromMnist(path)), (digits) => {
    const tiles = digits.map((digit) => h("li", {}, tile(digit), said(digit)));
    wait.replaceWith(h("ul", { class: "gallery", "aria-label": title }, ...tiles));
  });
  return room;
}

/** @param {HardDigit} digit */
function tile(digit) {
  const canvas = matrixCanvas();
  canvas.setAttribute("aria-hidden", "true"); // its button has the name
  paintDigit(canvas, digit, "");
  const label = t("evidence.put", { title: titleOf(digit), answer: digit.answer });
  const made = button("", () => putOnPad(made, digit), { class: "tile", "aria-label": label });
  made.append(canvas);
  return made;
}

/**
 * For the eye: the button's name says it too.
 *
 * @param {HardDigit} digit
 */
const said = ({ label, answer }) => h("span", { "aria-hidden": "true" }, `${label} → ${answer}`);
