// @ts-check
// The cost of a network while it learnt, as curves with the moment marked.

import { h } from "../html.js";
import { number, t } from "../texts.js";

/** @import { Facts } from "./facts.js" */
/** @typedef {{ images: number, training: number, validation: number }} Cost */

const WIDTH = 360;
const HEIGHT = 190;
const LEFT = 34;
const BOTTOM = 26;
const TOP = 12;
const RIGHT = 10;
const EARLY = 1000; // images: up to here the axis is linear, beyond it logarithmic
const TICKS = [0, 1000, 10_000, 100_000, 1_000_000];
const LEVELS = [0.01, 0.1, 1];
const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * Costs by how many images had been seen.
 *
 * @param {Facts} facts
 * @returns {Cost[]}
 */
export function costsOf(facts) {
  const count = facts.data?.training?.count ?? 0;
  /** @type {{ epoch: number, training_cost: number, validation_cost: number }[]} */
  const epochs = facts.epochs ?? [];
  return epochs.map(({ epoch, training_cost, validation_cost }) => ({
    images: epoch * count,
    training: training_cost,
    validation: validation_cost,
  }));
}

/**
 * Where a number of images lies on the axis, 0 … 1: early moments are spread, late ones drawn together.
 *
 * @param {number} images
 * @param {number} most
 */
export const along = (images, most) => Math.log1p(images / EARLY) / Math.log1p(most / EARLY);

/**
 * @param {number} cost
 * @param {{ low: number, high: number }} range
 * @returns {number} 0 … 1 from the lowest to the highest, on a logarithmic scale
 */
export const up = (cost, { low, high }) => Math.log(Math.max(cost, low) / low) / Math.log(high / low);

/** @param {string} title */
export function mountChart(title) {
  const svg = s("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": title,
    class: "chart",
  });
  const table = h("table", { class: "figures" });
  const details = h(
    "details",
    { class: "numbers" },
    h("summary", {}, t("numbers.show")),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, table),
  );
  const element = h("figure", { class: "cost" }, svg, h("figcaption", { class: "small keys" }), details);
  let most = 1;
  /** @type {SVGElement | null} */
  let marker = null;

  const x = (/** @type {number} */ images) =>
    LEFT + along(Math.min(images, most), most) * (WIDTH - LEFT - RIGHT);

  /** @param {Facts} facts */
  function draw(facts) {
    const costs = costsOf(facts);
    if (costs.length < 2) {
      element.hidden = true;
      return;
    }
    const base = facts.base_cost ?? Math.log(10);
    const all = costs.flatMap(({ training, validation }) => [training, validation]);
    const range = { low: Math.min(...all) * 0.8, high: Math.max(base, ...all) * 1.15 };
    most = costs.at(-1)?.images ?? 1;
    const y = (/** @type {number} */ cost) => HEIGHT - BOTTOM - up(cost, range) * (HEIGHT - BOTTOM - TOP);
    const line = (/** @type {"training" | "validation"} */ which) =>
      costs
        .map((cost, index) => `${index ? "L" : "M"}${x(cost.images).toFixed(1)} ${y(cost[which]).toFixed(1)}`)
        .join("");
    marker = s("line", { class: "chart-now", y1: String(TOP), y2: String(HEIGHT - BOTTOM) });
    const baseAt = y(base).toFixed(1);
    svg.replaceChildren(
      ...LEVELS.filter((level) => level > range.low && level < range.high).flatMap((level) => [
        s("path", { class: "chart-grid", d: `M${LEFT} ${y(level).toFixed(1)}H${WIDTH - RIGHT}` }),
        label(LEFT - 5, y(level) + 3.5, number(level, level < 0.1 ? 2 : level < 1 ? 1 : 0), "end"),
      ]),
      ...TICKS.filter((tick) => tick <= most).map((tick) =>
        label(x(tick), HEIGHT - 9, short(tick), tick === 0 ? "start" : "middle"),
      ),
      s("path", { class: "chart-base", d: `M${LEFT} ${baseAt}H${WIDTH - RIGHT}` }),
      label(WIDTH - RIGHT, y(base) - 4, t("film.base"), "end"),
      s("path", { class: "chart-training", d: line("training") }),
      s("path", { class: "chart-validation", d: line("validation") }),
      marker,
    );
    const end = costs.at(-1);
    svg.setAttribute(
      "aria-label",
      t("film.chart", {
        title,
        training: number(end?.training ?? 0, 3),
        validation: number(end?.validation ?? 0, 3),
      }),
    );
    element
      .querySelector("figcaption")
      ?.replaceChildren(
        h("span", { class: "key-training" }, t("film.training")),
        h("span", { class: "key-validation" }, t("film.validation")),
        h("span", { class: "key-base" }, t("film.guessing")),
      );
    fill(costs);
  }

  /** @param {Cost[]} costs */
  function fill(costs) {
    const heads = ["axis", "training", "validation"].map((name) =>
      h("th", { scope: "col" }, t(`film.${name}`)),
    );
    const rows = costs.map(({ images, training, validation }) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, number(images)),
        h("td", {}, number(training, 4)),
        h("td", {}, number(validation, 4)),
      ),
    );
    table.replaceChildren(h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows));
  }

  return {
    element,
    draw,
    /** @param {number} images the moment to mark */
    mark(images) {
      marker?.setAttribute("x1", x(images).toFixed(1));
      marker?.setAttribute("x2", x(images).toFixed(1));
      marker?.setAttribute("data-images", String(images));
    },
  };
}

/** @param {number} images */
const short = (images) =>
  images >= 1e6 ? `${images / 1e6} M` : images >= 1000 ? `${images / 1000} k` : String(images);

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {"start" | "middle" | "end"} anchor
 */
function label(x, y, text, anchor) {
  const made = s("text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor });
  made.textContent = text;
  return made;
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @returns {SVGElement}
 */
function s(name, attributes) {
  const element = /** @type {SVGElement} */ (document.createElementNS(NAMESPACE, name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
