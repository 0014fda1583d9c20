// @ts-check
// A switch for each hidden unit and each feature map, with the picture of what it knows or finds.

import { emit } from "../actions.js";
import { FRAME } from "../geometry.js";
import { button, h } from "../html.js";
import { channelOf, largest, rowOf } from "../insides/arithmetic.js";
import { scaleOf } from "../insides/colours.js";
import { heed, weightsAt } from "../insides/facts.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { upTo } from "../insides/ranges.js";
import { GROUPS, toggled, unitName } from "../settings.js";
import { t } from "../texts.js";

/** @import { Layer } from "../client.js" */
/** @import { Tensor } from "../insides/facts.js" */
/** @import { Show } from "./showing.js" */
/** @typedef {{ name: string, canvas: HTMLCanvasElement, toggle: HTMLButtonElement }} Switch */

export function mountUnits() {
  /** @type {readonly string[]} */
  let off = [];
  /** @type {Tensor | undefined} */
  let painted;
  /** @param {readonly string[]} units */
  const emitOff = (units) => emit(element, "settings", { off: units });
  const all = button(t("break.allOn"), () => emitOff([]));
  const groups = GROUPS.map(({ network, layer, units }, group) => ({
    network,
    layer,
    switches: upTo(units).map((unit) =>
      switchOf(unitName(network, layer, unit), unit, t(`break.unit${group}`, { unit: unit + 1 }), (name) =>
        emitOff(toggled(off, name)),
      ),
    ),
  }));
  const element = h(
    "section",
    { class: "break-units" },
    h("h3", {}, t("break.units")),
    h("div", { class: "row" }, h("p", { class: "small" }, t("break.unitsMore")), all),
    ...groups.map(({ switches }, group) => fieldsetOf(t(`break.group${group}`), switches)),
  );

  /** @type {Show} */
  function update({ inspection, settings }, again, themed) {
    ({ off } = settings);
    heed(inspection);
    all.disabled = off.length === 0;
    const weight = weightsAt("ff", settings.checkpoint, again)?.get("layers.1.weight");
    const repaint = themed || weight !== painted;
    painted = weight;
    for (const { network, layer, switches } of groups) {
      for (const { name, toggle } of switches)
        toggle.setAttribute("aria-pressed", String(!off.includes(name)));
      if (network === "cnn") paintGiven(switches, inspection?.networks.cnn?.layers[layer - 1]);
      else if (weight && repaint) paintWeights(switches, weight);
    }
  }
  return { element, update };
}

/**
 * @param {string} title
 * @param {readonly Switch[]} switches
 */
const fieldsetOf = (title, switches) =>
  h("fieldset", { class: "switches" }, h("legend", {}, title), ...switches.map(({ toggle }) => toggle));

/**
 * @param {string} name
 * @param {number} unit
 * @param {string} title
 * @param {(name: string) => void} onToggle
 * @returns {Switch}
 */
function switchOf(name, unit, title, onToggle) {
  const canvas = matrixCanvas();
  canvas.setAttribute("aria-hidden", "true"); // the switch has the name
  const attributes = { class: "unit-switch", "aria-pressed": "true", "aria-label": title };
  const toggle = button("", () => onToggle(name), attributes);
  toggle.append(canvas, h("span", {}, String(unit + 1)));
  return { name, canvas, toggle };
}

/**
 * What units know: their weights.
 *
 * @param {readonly Switch[]} switches
 * @param {Tensor} weight
 */
function paintWeights(switches, weight) {
  const { most } = scaleOf(weight.values);
  for (const [unit, { canvas }] of switches.entries())
    paintMatrix(canvas, { values: rowOf(weight, unit), columns: FRAME, most, label: "" });
}

/**
 * What maps or units give before any is switched off: what ReLU leaves of the layer below it.
 *
 * @param {readonly Switch[]} switches
 * @param {Layer | undefined} given
 */
function paintGiven(switches, given) {
  if (!given) return;
  const positive = (/** @type {readonly number[]} */ values) => values.map((value) => Math.max(0, value));
  const [most, columns] = [largest(positive(given.values)), given.shape[2] ?? 1];
  for (const [unit, { canvas }] of switches.entries()) {
    const own = given.shape.length > 1 ? channelOf(given, unit) : [given.values[unit] ?? 0];
    paintMatrix(canvas, { values: positive(own), columns, most, signed: false, label: "" });
  }
}
