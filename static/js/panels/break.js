// @ts-check
// Break it: move, scale and turn the drawing, leave the framing out, switch units off, and see who notices.

import { emit } from "../actions.js";
import { mountFrame } from "../frame.js";
import { h } from "../html.js";
import { mountMiniBars } from "../insides/mini-bars.js";
import { t } from "../texts.js";
import { mountBench } from "./break-bench.js";
import { mountUnits } from "./break-units.js";
import { mountShowing } from "./showing.js";

/** @import { PanelState, Surroundings, Update } from "../panels.js" */

export const needsLayers = ["cnn"];

/**
 * @param {HTMLElement} element
 * @param {Surroundings} surroundings
 * @returns {Update}
 */
export function mount(element, { networks }) {
  const bench = mountBench();
  const answers = mountAnswers(networks);
  const seen = mountSeen();
  const units = mountUnits();
  element.append(
    h(
      "div",
      { class: "break" },
      answers.element,
      section("break-move", t("break.move"), bench.element),
      seen.element,
      units.element,
    ),
  );
  const update = mountShowing((state, again, themed) => {
    answers.update(state);
    seen.update(state);
    units.update(state, again, themed);
  });
  return (state) => {
    bench.update(state);
    update(state);
  };
}

/**
 * @param {string} className
 * @param {string} title
 * @param {...Node} content
 */
const section = (className, title, ...content) =>
  h("section", { class: className }, h("h3", {}, title), ...content);

/** @param {Surroundings["networks"]} networks */
function mountAnswers(networks) {
  const minis = mountMiniBars(networks);
  const compared = h("p", { class: "small break-compared" }, t("break.intact"));
  const element = section("break-answers", t("break.answers"), minis.element, compared);
  /** @param {PanelState} state */
  const update = ({ inspection, otherwise }) => {
    minis.update(inspection, otherwise);
    const answers = Object.values(inspection?.networks ?? {});
    compared.classList.toggle(
      "is-compared",
      answers.some(({ intact }) => intact),
    );
  };
  return { element, update };
}

function mountSeen() {
  const frame = h("canvas", { class: "matrix", role: "img" });
  const updateFrame = mountFrame(frame);
  const raw = h("input", { type: "checkbox", role: "switch", id: "raw" });
  const element = section(
    "break-seen",
    t("break.seen"),
    h("div", { class: "break-frame" }, frame),
    h("label", { class: "switch", for: "raw" }, raw, h("span", {}, t("break.raw"))),
    h("p", { class: "small" }, t("break.rawMore")),
  );
  raw.addEventListener("change", () => emit(element, "settings", { raw: raw.checked }));
  /** @param {PanelState} state */
  const update = ({ inspection, settings }) => {
    updateFrame({ frame: inspection?.frame ?? null });
    raw.checked = settings.raw;
  };
  return { element, update };
}
