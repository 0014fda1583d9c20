// @ts-check
// The convolutional net as pictures, from the frame to the ten outputs; pointing at a cell shows where it came from.

import { h, onTheme, write } from "../html.js";
import { channelOf, largest, rowOf, rowsOf } from "../insides/arithmetic.js";
import {
  HIDDEN,
  handedOn,
  mosaic,
  neighbour,
  OUTPUTS,
  SIDES,
  STAGES,
  sizeOf,
  takenApart,
} from "../insides/convolution.js";
import { weightsFor } from "../insides/facts.js";
import { legend } from "../insides/legend.js";
import { numbersButton } from "../insides/numbers.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { number, t } from "../texts.js";
import { mountOrigin } from "./cnn-origin.js";

/** @import { Cell } from "../insides/convolution.js" */
/** @import { Weights } from "../insides/facts.js" */
/** @import { PanelState, Update } from "../panels.js" */

export const needsLayers = ["cnn"];

const EIGHT = Array.from({ length: 8 }, (_, index) => index);
const ARROWS = /** @type {const} */ (["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

/**
 * @param {HTMLElement} element
 * @returns {Update}
 */
export function mount(element) {
  const scale = legend();
  const kernels = Array.from({ length: STAGES }, () => EIGHT.map(() => matrixCanvas("matrix kernel")));
  /** @type {{ stage: number, map: number, canvas: HTMLCanvasElement, marker: HTMLElement, holder: HTMLElement }[]} */
  const maps = [
    ...Array.from({ length: STAGES }, (_, stage) => EIGHT.map((map) => mapOf(stage, map))).flat(),
    mapOf(HIDDEN, 0),
    mapOf(OUTPUTS, 0),
  ];
  const values = [HIDDEN, OUTPUTS].map((stage) =>
    h(
      "ol",
      { class: `values values-${stage}`, "aria-hidden": "true" },
      ...Array.from({ length: sizeOf(stage).columns }, () => h("li", {})),
    ),
  );
  const origin = mountOrigin();
  /** @type {PanelState | null} */
  let state = null;
  /** @type {Weights | null} */
  let painted = null;
  /** @type {Cell} */
  let focused = { stage: 0, map: 0, row: 7, column: 7 };
  /** @type {Cell | null} */
  let pointed = null;

  element.append(
    h("div", { class: "cnn" }, origin.element, h("div", { class: "stages" }, scale.element, ...stages())),
  );

  function stages() {
    const convolutions = Array.from({ length: STAGES }, (_, stage) => {
      const title = t("cnn.stage", { stage: stage + 1, from: SIDES[stage] ?? 0, to: SIDES[stage + 1] ?? 0 });
      const pairs = EIGHT.map((map) => {
        const own = maps[8 * stage + map];
        return h(
          "div",
          { class: "map" },
          ...[kernels[stage]?.[map], own?.holder].flatMap((part) => part ?? []),
        );
      });
      const open = numbersButton(title, () => numbers(stage), 3);
      return h(
        "section",
        { class: `stage-maps stage-${stage}` },
        h("h3", {}, title),
        open,
        h("div", { class: "maps" }, ...pairs),
      );
    });
    const ends = [HIDDEN, OUTPUTS].map((stage, index) => {
      const strip = maps.find((map) => map.stage === stage)?.holder ?? "";
      const title = t(stage === HIDDEN ? "cnn.hidden" : "cnn.outputs");
      const open = numbersButton(title, () => numbers(stage), 3);
      return h(
        "section",
        { class: "strip" },
        h("h3", {}, title),
        open,
        h("div", { class: "strip-room" }, strip, values[index] ?? ""),
      );
    });
    return [...convolutions, ...ends];
  }

  /**
   * @param {number} stage
   * @param {number} map
   */
  function mapOf(stage, map) {
    const { rows, columns } = sizeOf(stage);
    const canvas = matrixCanvas("matrix cells");
    canvas.setAttribute("role", "application");
    canvas.tabIndex = -1;
    const marker = h("span", { class: "cell-marker", hidden: true });
    const holder = h("div", { class: "map-room" }, canvas, marker);
    /** @param {PointerEvent} event */
    const cellAt = (event) => {
      const box = canvas.getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
      const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
      return {
        stage,
        map,
        row: Math.min(rows - 1, Math.max(0, row)),
        column: Math.min(columns - 1, Math.max(0, column)),
      };
    };
    canvas.addEventListener("pointermove", (event) => point(cellAt(event)));
    canvas.addEventListener("pointerdown", (event) => {
      focused = cellAt(event);
      point(focused);
    });
    canvas.addEventListener("focus", () => point(focused));
    canvas.addEventListener("keydown", (event) => {
      const key = ARROWS.find((arrow) => arrow === event.key);
      if (!key) return;
      event.preventDefault();
      focused = neighbour(focused, key);
      find(focused)?.canvas.focus({ preventScroll: false });
      point(focused);
    });
    return { stage, map, canvas, marker, holder };
  }

  /** @param {Cell} cell */
  const find = (cell) => maps.find(({ stage, map }) => stage === cell.stage && map === cell.map);

  /** @param {Cell} cell */
  function point(cell) {
    if (pointed && JSON.stringify(pointed) === JSON.stringify(cell)) return;
    pointed = cell;
    showOrigin();
  }

  function showOrigin() {
    const cell = pointed;
    for (const { stage, map, canvas, marker } of maps) {
      const here = cell?.stage === stage && cell.map === map;
      marker.hidden = !here;
      canvas.tabIndex = stage === focused.stage && map === focused.map ? 0 : -1;
      if (!here || !cell) continue;
      const { rows, columns } = sizeOf(stage);
      marker.style.inset = `${(100 * cell.row) / rows}% ${100 - (100 * (cell.column + 1)) / columns}% ${100 - (100 * (cell.row + 1)) / rows}% ${(100 * cell.column) / columns}%`;
    }
    const inspection = state?.inspection ?? null;
    const weights = state && inspection && weightsFor("cnn", state, showOrigin);
    const taken = cell && inspection && weights ? takenApart(weights, inspection, cell) : null;
    origin.update({ frame: inspection?.frame ?? null, cell, taken });
  }

  /** @param {number} stage */
  function numbers(stage) {
    const layer = handedOn(state?.inspection?.networks.cnn?.layers ?? [], stage);
    if (!layer) return [];
    if (stage >= STAGES)
      return [{ title: t(stage === HIDDEN ? "cnn.hidden" : "cnn.outputs"), rows: [[...layer.values]] }];
    const weight = (state && weightsFor("cnn", state, () => {}))?.get(`layers.${3 * stage}.weight`);
    return EIGHT.flatMap((map) => [
      {
        title: t("cnn.map", { stage: stage + 1, map: map + 1 }),
        rows: rowsOf(channelOf(layer, map), layer.shape[2] ?? 1),
      },
      ...(weight
        ? [
            {
              title: t("cnn.kernels", { stage: stage + 1, map: map + 1 }),
              rows: rowsOf(rowOf(weight, map), 5),
            },
          ]
        : []),
    ]);
  }

  /** @param {Weights} weights */
  function paintKernels(weights) {
    for (let stage = 0; stage < STAGES; stage++) {
      const weight = weights.get(`layers.${3 * stage}.weight`);
      const most = weight ? largest(weight.values) : 1;
      if (stage === 0) scale.update(most);
      for (const [map, canvas] of (kernels[stage] ?? []).entries()) {
        const { values: shown, columns } = mosaic(weight ? rowOf(weight, map) : new Float32Array(25));
        paintMatrix(canvas, {
          values: shown,
          columns,
          most,
          label: t("cnn.kernels", { stage: stage + 1, map: map + 1 }),
        });
      }
    }
  }

  function show() {
    if (!state) return;
    const { inspection, settings } = state;
    const weights = weightsFor("cnn", state, show);
    if (weights && weights !== painted) paintKernels(weights);
    painted = weights;
    const layers = inspection?.networks.cnn?.layers ?? [];
    for (const { stage, map, canvas, holder } of maps) {
      const { rows, columns } = sizeOf(stage);
      const layer = handedOn(layers, stage);
      const signed = stage === OUTPUTS;
      const own = layer
        ? stage < STAGES
          ? channelOf(layer, map)
          : [...layer.values]
        : new Float32Array(rows * columns);
      const name =
        stage < STAGES
          ? t("cnn.map", { stage: stage + 1, map: map + 1 })
          : t(stage === HIDDEN ? "cnn.hidden" : "cnn.outputs");
      paintMatrix(canvas, {
        values: own,
        columns,
        most: layer ? largest(layer.values) : 1,
        signed,
        label: t("cnn.cells", { name, rows, columns }),
      });
      holder.classList.toggle("is-off", settings.off.includes(`cnn.${3 * stage + 2}.${map}`));
    }
    for (const [index, list] of values.entries()) {
      const layer = handedOn(layers, HIDDEN + index);
      for (const [at, item] of [...list.children].entries()) {
        const value = layer?.values[at];
        const figure = value === undefined ? "–" : number(value, 1);
        write(item, index === 1 ? `${at}: ${figure}` : figure);
        item.classList.toggle("is-best", index === 1 && at === inspection?.networks.cnn?.digit);
      }
    }
    showOrigin();
  }

  onTheme(() => {
    painted = null;
    show();
  });
  return (next) => {
    const changed = next.inspection !== state?.inspection || next.settings !== state.settings;
    state = next;
    if (changed) show();
  };
}
