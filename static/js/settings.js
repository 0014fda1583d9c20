// @ts-check
// How the drawing is looked at: what a link and a reload keep beside the ink. Pure.

import { PANELS } from "./panel-list.js";

/** @import { PanelName } from "./panel-list.js" */
/**
 * @typedef {object} Settings
 * @property {boolean} raw the whole pad is resized, without the framing
 * @property {number | null} checkpoint moment of training; null for the networks as they are served
 * @property {readonly string[]} off units switched off: network.layer.unit
 * @property {string} panel which one is open
 * @property {string} digit which one of the data is looked at: part.index
 * @property {string} trace what is followed through the feed-forward net: unit.digit
 * @property {string} cell which of the convolutional net is looked at: stage.map.row.column
 * @property {readonly string[]} spared what a link for others is to leave out, panels and the drawing; of what is hidden
 *   here, and left out for that, what it is to show
 * @property {readonly string[]} hide panels that a teacher keeps back
 */

/** The units that can be switched off: each layer's number among its network's, and how many it has. */
export const GROUPS = [
  { network: "ff", layer: 2, units: 8 },
  { network: "cnn", layer: 2, units: 8 },
  { network: "cnn", layer: 5, units: 8 },
  { network: "cnn", layer: 8, units: 8 },
  { network: "cnn", layer: 11, units: 16 },
];

/**
 * As links and the server name a unit or a map.
 *
 * @param {string} network
 * @param {number} layer
 * @param {number} unit
 */
export const unitName = (network, layer, unit) => `${network}.${layer}.${unit}`;

const UNITS = new Set(
  GROUPS.flatMap(({ network, layer, units }) =>
    Array.from({ length: units }, (_, unit) => unitName(network, layer, unit)),
  ),
);
const DIGIT = /^(test|train)\.\d{1,5}$/;
const TRACE = /^[0-7]?\.\d?$/;
const CELL = /^[0-4](\.\d{1,2}){3}$/;
const KEYS = ["raw", "at", "off", "panel", "digit", "trace", "cell", "spared"];

const ASKED = /** @type {const} */ (["raw", "checkpoint", "off", "panel"]);

/** @type {Settings} */
export const DEFAULTS = {
  raw: false,
  checkpoint: null,
  off: [],
  panel: PANELS[0] ?? "",
  digit: "test.0",
  trace: "",
  cell: "",
  spared: [],
  hide: [],
};

/**
 * @param {Settings} settings
 * @returns {[string, string][]} those that differ from the defaults, for a query string
 */
export function pairsOf({ raw, checkpoint, off, panel, digit, trace, cell, spared, hide }) {
  /** @type {[string, string][]} */
  const pairs = [
    ["raw", raw ? "1" : ""],
    ["at", checkpoint === null ? "" : String(checkpoint)],
    ["off", off.join(",")],
    ["panel", panel === DEFAULTS.panel ? "" : panel],
    ["digit", digit === DEFAULTS.digit ? "" : digit],
    ["trace", trace],
    ["cell", cell],
    ["spared", spared.join(",")],
    ["hide", hide.join(",")],
  ];
  return pairs.filter(([, value]) => value !== "");
}

/**
 * Reads what `pairsOf` wrote; whatever is not understood is left at its default.
 *
 * @param {URLSearchParams} parameters
 * @returns {Settings | null} null where there is none of it, but for what is hidden
 */
export function settingsOf(parameters) {
  if (!KEYS.some((key) => parameters.has(key))) return null;
  const list = (/** @type {string} */ key) => (parameters.get(key) ?? "").split(",");
  const at = parameters.get("at") ?? "";
  const sound = (/** @type {string} */ key, /** @type {RegExp} */ form) => {
    const value = parameters.get(key) ?? "";
    return form.test(value) ? value : null;
  };
  return {
    raw: parameters.get("raw") === "1",
    checkpoint: /^\d{1,3}$/.test(at) ? Number(at) : null,
    off: list("off").filter((unit) => UNITS.has(unit)),
    panel: PANELS.find((panel) => panel === parameters.get("panel")) ?? DEFAULTS.panel,
    digit: sound("digit", DIGIT) ?? DEFAULTS.digit,
    trace: sound("trace", TRACE) ?? DEFAULTS.trace,
    cell: sound("cell", CELL) ?? DEFAULTS.cell,
    spared: list("spared").filter((name) => /^[a-z]+$/.test(name)),
    hide: hiddenIn(parameters),
  };
}

/**
 * A link may name a moment of training that these networks do not have.
 *
 * @param {number} count of the moments that they have
 * @param {Settings} settings
 * @returns {Settings}
 */
export function within(count, settings) {
  const there = settings.checkpoint !== null && settings.checkpoint < count;
  return { ...settings, checkpoint: there ? settings.checkpoint : null };
}

/**
 * What a teacher's link keeps back. It stays in the address and is kept nowhere else: without it, all is shown again.
 *
 * @param {URLSearchParams} parameters
 * @returns {string[]}
 */
export function hiddenIn(parameters) {
  const hidden = (parameters.get("hide") ?? "").split(",");
  return PANELS.filter((panel) => hidden.includes(panel));
}

/**
 * The panel to show, where the wanted one is hidden the first that is not.
 *
 * @param {Settings} settings
 * @returns {PanelName | null}
 */
export function shownPanel({ panel, hide }) {
  const left = PANELS.filter((name) => !hide.includes(name));
  return left.find((name) => name === panel) ?? left[0] ?? null;
}

/**
 * Whether the server has to be asked anew: the rest is only looked at.
 *
 * @param {Settings} one
 * @param {Settings} other
 */
export const asksOtherwise = (one, other) => ASKED.some((key) => String(one[key]) !== String(other[key]));

/**
 * @param {readonly string[]} off
 * @param {string} unit
 */
export const toggled = (off, unit) =>
  off.includes(unit) ? off.filter((one) => one !== unit) : [...off, unit];
