// @ts-check
// The convolutional net's stages, built once: kernels over their maps, then two strips of cells with their numbers.

import { h } from "../html.js";
import { HIDDEN, OUTPUTS, SIDES, STAGES, sizeOf } from "../insides/convolution.js";
import { legend } from "../insides/legend.js";
import { numbersButton } from "../insides/numbers.js";
import { matrixCanvas } from "../insides/picture-grid.js";
import { EIGHT, upTo } from "../insides/ranges.js";
import { t } from "../texts.js";
import { buildCells } from "./cnn-cells.js";

/** @import { Numbers } from "../insides/numbers.js" */
/** @typedef {ReturnType<typeof buildConvolution>} Convolution */
/** @typedef {ReturnType<typeof buildStrip>} Strip */
/** @typedef {(stage: number) => readonly Numbers[]} NumbersOf */

/** @param {NumbersOf} numbers */
export function buildStages(numbers) {
  const convolutions = upTo(STAGES).map((stage) => buildConvolution(stage, numbers));
  const strips = [HIDDEN, OUTPUTS].map((stage) => buildStrip(stage, numbers));
  const cells = [
    ...convolutions.flatMap(({ maps }) => maps.map((map) => map.cells)),
    ...strips.map((strip) => strip.cells),
  ];
  return {
    convolutions,
    strips,
    cells,
    elements: [...convolutions, ...strips].map(({ element }) => element),
  };
}

/**
 * @param {number} stage
 * @param {NumbersOf} numbers
 */
function buildConvolution(stage, numbers) {
  const title = t("cnn.stage", { stage: stage + 1, from: SIDES[stage] ?? 0, to: SIDES[stage + 1] ?? 0 });
  const legends = { kernels: legend(t("cnn.scaleKernels")), maps: legend(t("cnn.scaleMaps"), "grey") };
  const maps = EIGHT.map((map) => {
    const [kernel, cells, mark] = [
      matrixCanvas("matrix kernel"),
      buildCells(stage, map),
      h("p", { class: "map-mark" }),
    ];
    return { kernel, cells, mark, element: h("div", { class: "map" }, kernel, cells.holder, mark) };
  });
  const element = h(
    "section",
    { class: `cnn-stage stage-${stage}` },
    headOf(stage, title, numbers, [legends.kernels.element, legends.maps.element]),
    h("div", { class: "maps" }, ...maps.map((map) => map.element)),
  );
  element.style.setProperty("--stage", String(stage));
  return { stage, legends, maps, element };
}

/**
 * @param {number} stage
 * @param {NumbersOf} numbers
 */
function buildStrip(stage, numbers) {
  const hidden = stage === HIDDEN;
  const title = t(hidden ? "cnn.hidden" : "cnn.outputs");
  const scale = legend(t(hidden ? "cnn.scaleHidden" : "cnn.scaleOutputs"), hidden ? "grey" : "signed");
  const cells = buildCells(stage, 0);
  const items = upTo(sizeOf(stage).columns).map((index) => {
    const [value, more] = [h("span", {}), h("span", { class: "more" })];
    const name = h("b", {}, String(hidden ? index + 1 : index));
    return { value, more, element: h("li", { "data-column": String(index) }, name, value, more) };
  });
  const list = h(
    "ol",
    { class: `values values-${stage}`, "aria-hidden": "true" },
    ...items.map((item) => item.element),
  );
  const room = h("div", { class: "strip-room" }, cells.holder, list);
  const atAll = h("p", { class: "small at-all", hidden: true });
  const element = h(
    "section",
    { class: "cnn-stage" },
    headOf(stage, title, numbers, [scale.element]),
    room,
    ...(hidden ? [] : [atAll]),
  );
  element.style.setProperty("--stage", String(stage));
  return { stage, scale, cells, items, list, atAll, element };
}

/**
 * @param {number} stage
 * @param {string} title
 * @param {NumbersOf} numbers
 * @param {readonly Node[]} legends
 */
const headOf = (stage, title, numbers, legends) =>
  h(
    "header",
    { class: "stage-head" },
    h("h3", {}, title),
    numbersButton(title, () => numbers(stage), 3),
    h("div", { class: "stage-legends" }, ...legends),
  );
