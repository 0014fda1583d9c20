// @ts-check
// Break it: move, scale and turn the drawing, leave the framing out, switch units off, and see who notices.

import { emit } from "../actions.js";
import { mountFrame } from "../frame.js";
import { button, h, onTheme } from "../html.js";
import { ample, channelOf, largest, rowOf } from "../insides/arithmetic.js";
import { weightsAt } from "../insides/facts.js";
import { mountMiniBars } from "../insides/mini-bars.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { toggled } from "../settings.js";
import { t } from "../texts.js";
import { mountBench } from "./break-bench.js";

/** @import { PanelState, Surroundings, Update } from "../panels.js" */
/** @typedef {{ name: string, canvas: HTMLCanvasElement, toggle: HTMLButtonElement, title: string }} Switch */

export const needsLayers = ["cnn"];

const FF = { network: "ff", layer: 2, units: 8 };
const MAPS = [2, 5, 8].map((layer) => ({ network: "cnn", layer, units: 8 }));
const HIDDEN = { network: "cnn", layer: 11, units: 16 };

/**
 * @param {HTMLElement} element
 * @param {Surroundings} surroundings
 * @returns {Update}
 */
export function mount(element, { networks }) {
  const bench = mountBench();
  const frame = h("canvas", { class: "matrix", width: "28", height: "28", role: "img" });
  const updateFrame = mountFrame(frame);
  const minis = mountMiniBars(networks);
  const raw = h("input", { type: "checkbox", role: "switch", id: "raw" });
  raw.addEventListener("change", () => emit(element, "settings", { raw: raw.checked }));
  const all = button(t("break.allOn"), () => emit(element, "settings", { off: [] }));
  const groups = [FF, ...MAPS, HIDDEN].map(({ network, layer, units }, group) => ({
    title: t(`break.group${group}`),
    switches: Array.from({ length: units }, (_, unit) =>
      switchOf(`${network}.${layer}.${unit}`, t(`break.unit${group}`, { unit: unit + 1 })),
    ),
  }));
  element.append(
    h(
      "div",
      { class: "break" },
      h("section", { class: "break-move" }, h("h3", {}, t("break.move")), bench.element),
      h(
        "section",
        { class: "break-seen" },
        h("h3", {}, t("break.seen")),
        h("div", { class: "break-frame" }, frame),
        h("label", { class: "switch", for: "raw" }, raw, h("span", {}, t("break.raw"))),
        h("p", { class: "small" }, t("break.rawMore")),
      ),
      h(
        "section",
        { class: "break-answers" },
        h("h3", {}, t("break.answers")),
        minis.element,
        h("p", { class: "small" }, t("break.intact")),
      ),
    ),
    h(
      "section",
      { class: "break-units" },
      h("h3", {}, t("break.units")),
      h("p", { class: "small" }, t("break.unitsMore")),
      all,
      ...groups.map(fieldset),
    ),
  );

  /** @type {PanelState | null} */
  let state = null;

  /**
   * @param {string} name
   * @param {string} title
   * @returns {Switch}
   */
  function switchOf(name, title) {
    const canvas = matrixCanvas();
    canvas.setAttribute("role", "presentation");
    const toggle = button(
      "",
      () => emit(element, "settings", { off: toggled(state?.settings.off ?? [], name) }),
      {
        class: "unit-switch",
        "aria-pressed": "true",
        "aria-label": title,
      },
    );
    toggle.append(canvas, h("span", {}, name.split(".")[2] ? String(Number(name.split(".")[2]) + 1) : ""));
    return { name, canvas, toggle, title };
  }

  /** @param {{ title: string, switches: Switch[] }} group */
  function fieldset({ title, switches }) {
    return h(
      "fieldset",
      { class: "switches" },
      h("legend", {}, title),
      ...switches.map(({ toggle }) => toggle),
    );
  }

  function show() {
    if (!state) return;
    const { inspection, settings } = state;
    updateFrame({ frame: inspection?.frame ?? null });
    minis.update(inspection);
    raw.checked = settings.raw;
    all.disabled = settings.off.length === 0;
    for (const { switches } of groups) for (const one of switches) showSwitch(one, settings.off);
  }

  /**
   * @param {Switch} one
   * @param {readonly string[]} off
   */
  function showSwitch({ name, canvas, toggle }, off) {
    const [network = "", layer = 0, unit = 0] = name
      .split(".")
      .map((part, index) => (index ? Number(part) : part));
    toggle.setAttribute("aria-pressed", String(!off.includes(name)));
    const values = pictureOf(String(network), Number(layer), Number(unit));
    if (values) paintMatrix(canvas, { ...values, label: "" });
    canvas.removeAttribute("aria-label");
  }

  /**
   * A unit's weights, or what a map or unit gives before it is switched off.
   *
   * @param {string} network
   * @param {number} layer
   * @param {number} unit
   */
  function pictureOf(network, layer, unit) {
    if (network === "ff") {
      const weight = weightsAt("ff", state?.settings.checkpoint ?? null, show)?.get("layers.1.weight");
      return weight && { values: rowOf(weight, unit), columns: 28, most: ample(weight.values) };
    }
    const given = state?.inspection?.networks.cnn?.layers[layer - 1];
    if (!given) return null;
    const values = (given.shape.length > 1 ? channelOf(given, unit) : [given.values[unit] ?? 0]).map(
      (value) => Math.max(0, value),
    );
    return {
      values,
      columns: given.shape[2] ?? 1,
      most: largest(given.values.map((value) => Math.max(0, value))),
      signed: false,
    };
  }

  onTheme(show);
  return (next) => {
    const changed = next.inspection !== state?.inspection || next.settings !== state.settings;
    state = next;
    bench.update(next);
    if (changed) show();
  };
}
