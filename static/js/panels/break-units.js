// @ts-check
// A switch for each hidden unit and each feature map, with the picture of what it knows or finds.

import { emit } from "../actions.js";
import { FRAME } from "../geometry.js";
import { button, h } from "../html.js";
import { channelOf, largest, rowOf } from "../insides/arithmetic.js";
import { scaleOf } from "../insides/colours.js";
import { heed, weightsAt } from "../insides/facts.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { GROUPS, toggled, unitName } from "../settings.js";
import { t } from "../texts.js";

/** @import { PanelState } from "../panels.js" */
/** @typedef {{ network: string, layer: number, unit: number }} Unit */
/** @typedef {{ unit: Unit, name: string, canvas: HTMLCanvasElement, toggle: HTMLButtonElement }} Switch */

export function mountUnits() {
  /** @type {PanelState | null} */
  let state = null;
  /** @param {readonly string[]} off */
  const emitOff = (off) => emit(element, "settings", { off });
  const all = button(t("break.allOn"), () => emitOff([]));
  const groups = GROUPS.map(({ network, layer, units }, group) =>
    Array.from({ length: units }, (_, unit) =>
      switchOf({ network, layer, unit }, t(`break.unit${group}`, { unit: unit + 1 }), (name) =>
        emitOff(toggled(state?.settings.off ?? [], name)),
      ),
    ),
  );
  const element = h(
    "section",
    { class: "break-units" },
    h("h3", {}, t("break.units")),
    h("div", { class: "row" }, h("p", { class: "small" }, t("break.unitsMore")), all),
    ...groups.map((switches, group) =>
      h(
        "fieldset",
        { class: "switches" },
        h("legend", {}, t(`break.group${group}`)),
        ...switches.map(({ toggle }) => toggle),
      ),
    ),
  );

  function show() {
    if (!state) return;
    const { off } = state.settings;
    heed(state.inspection);
    all.disabled = off.length === 0;
    for (const { unit, name, canvas, toggle } of groups.flat()) {
      toggle.setAttribute("aria-pressed", String(!off.includes(name)));
      const picture = pictureOf(unit, state, show);
      if (picture) paintMatrix(canvas, { ...picture, label: "" });
    }
  }

  /** @param {PanelState} next */
  function update(next) {
    state = next;
    show();
  }
  return { element, update };
}

/**
 * @param {Unit} unit
 * @param {string} title
 * @param {(name: string) => void} onToggle
 * @returns {Switch}
 */
function switchOf(unit, title, onToggle) {
  const name = unitName(unit.network, unit.layer, unit.unit);
  const canvas = matrixCanvas();
  canvas.setAttribute("aria-hidden", "true"); // the switch has the name
  const attributes = { class: "unit-switch", "aria-pressed": "true", "aria-label": title };
  const toggle = button("", () => onToggle(name), attributes);
  toggle.append(canvas, h("span", {}, String(unit.unit + 1)));
  return { unit, name, canvas, toggle };
}

/**
 * A unit's weights, or what a map or unit gives before it is switched off.
 *
 * @param {Unit} unit
 * @param {PanelState} state
 * @param {() => void} then called once the weights have come
 */
function pictureOf({ network, layer, unit }, { inspection, settings }, then) {
  if (network === "ff") {
    const weight = weightsAt("ff", settings.checkpoint, then)?.get("layers.1.weight");
    return weight && { values: rowOf(weight, unit), columns: FRAME, most: scaleOf(weight.values).most };
  }
  const given = inspection?.networks.cnn?.layers[layer - 1];
  if (!given) return null;
  const positive = (/** @type {readonly number[]} */ values) => values.map((value) => Math.max(0, value));
  const own = given.shape.length > 1 ? channelOf(given, unit) : [given.values[unit] ?? 0];
  return {
    values: positive(own),
    columns: given.shape[2] ?? 1,
    most: largest(positive(given.values)),
    signed: false,
  };
}
