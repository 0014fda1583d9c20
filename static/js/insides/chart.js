// @ts-check
// The cost of a network while it learnt, as curves with the moment marked.

import { h, scroller } from "../html.js";
import { number, t } from "../texts.js";
import { along, GUESSING, levelsIn, pathThrough, spanOf, up } from "./costs.js";

/** @import { Cost, Span } from "./costs.js" */
/**
 * @typedef {object} Place
 * @property {number} width px
 * @property {number} height px
 * @property {(images: number) => number} x px
 * @property {(cost: number) => number} y px
 */
/** @typedef {Span & Place} Scale */

const LEFT = 44; // px, for the costs
const BOTTOM = 40; // px, for the images seen
const TOP = 30; // px, for the axis' name and that of the line of guessing
const RIGHT = 14; // px
const TICKS = [0, 1000, 10_000, 100_000, 1_000_000, 10_000_000];
const NAMESPACE = "http://www.w3.org/2000/svg";
const CURVES = /** @type {const} */ (["training", "validation"]);

/** @param {string} title */
export function mountChart(title) {
  const { svg, marker, table, element } = buildChart(title);
  /** @type {readonly Cost[]} */
  let costs = [];
  let span = spanOf([], GUESSING);
  let moment = 0;

  /** As wide as there is room, in the screen's own pixels: so its words stay readable on the narrowest. */
  function paint() {
    const { width, height } = svg.getBoundingClientRect();
    if (width === 0 || costs.length < 2) return;
    const scale = scaleOf(span, width, height);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren(...axes(scale), ...curves(scale, costs), marker);
    const at = scale.x(moment).toFixed(1);
    const line = {
      x1: at,
      x2: at,
      y1: String(TOP),
      y2: String(height - BOTTOM),
      "data-images": String(moment),
    };
    for (const [name, value] of Object.entries(line)) marker.setAttribute(name, value);
  }
  new ResizeObserver(paint).observe(svg);

  return {
    element,
    /**
     * @param {readonly Cost[]} measured
     * @param {Span} shared
     */
    draw(measured, shared) {
      costs = measured;
      span = shared;
      element.hidden = costs.length < 2;
      svg.setAttribute("aria-label", chartWords(title, costs));
      table.replaceChildren(...rowsOf(costs));
      paint();
    },
    /** @param {number} images the moment to mark */
    mark(images) {
      if (images === moment) return;
      moment = images;
      paint();
    },
  };
}

/** @param {string} title */
function buildChart(title) {
  const svg = s("svg", { role: "img", "aria-label": title, class: "chart" });
  const marker = s("line", { class: "chart-now" });
  const table = h("table", { class: "figures" });
  const element = h(
    "figure",
    { class: "cost" },
    h("p", { class: "cost-name" }, title),
    svg,
    h("figcaption", { class: "small keys" }, ...["training", "validation", "guessing"].map(key)),
    h(
      "details",
      { class: "numbers" },
      h("summary", {}, t("numbers.show")),
      scroller(t("numbers.of", { title }), table),
    ),
  );
  return { svg, marker, table, element };
}

/** @param {string} name */
const key = (name) => h("span", { class: `key-${name}` }, t(`film.${name}`));

/**
 * @param {Span} span
 * @param {number} width
 * @param {number} height
 * @returns {Scale}
 */
function scaleOf(span, width, height) {
  const { range, most } = span;
  return {
    ...span,
    width,
    height,
    x: (images) => LEFT + along(Math.min(images, most), most) * (width - LEFT - RIGHT),
    y: (cost) => height - BOTTOM - up(cost, range) * (height - BOTTOM - TOP),
  };
}

/** @param {Scale} scale */
function axes({ width, height, range, base, most, x, y }) {
  const across = (/** @type {number} */ cost) => `M${LEFT} ${y(cost).toFixed(1)}H${width - RIGHT}`;
  return [
    ...levelsIn(range).flatMap((level) => [
      s("path", { class: "chart-grid", d: across(level) }),
      label(LEFT - 6, y(level) + 4, number(level, Math.max(0, -Math.floor(Math.log10(level)))), "end"),
    ]),
    ...TICKS.filter((tick) => tick <= most).map((tick) =>
      label(x(tick), height - BOTTOM + 16, short(tick), "middle"),
    ),
    label(2, 12, t("film.cost"), "start"),
    label(width - RIGHT, height - 4, t("film.axis"), "end"),
    s("path", { class: "chart-base", d: across(base) }),
    label(width - RIGHT, y(base) - 5, t("film.base"), "end"),
  ];
}

/**
 * @param {Scale} scale
 * @param {readonly Cost[]} costs
 */
const curves = ({ x, y }, costs) =>
  CURVES.map((which) => {
    const points = costs.map((cost) => ({ x: x(cost.images), y: y(cost[which]), joined: cost.joined }));
    return s("path", { class: `chart-${which}`, d: pathThrough(points) });
  });

/**
 * @param {string} title
 * @param {readonly Cost[]} costs
 */
function chartWords(title, costs) {
  const [training, validation] = CURVES.map((which) => number(costs.at(-1)?.[which] ?? 0, 3));
  return t("film.chart", { title, training: training ?? "", validation: validation ?? "" });
}

/** @param {readonly Cost[]} costs */
function rowsOf(costs) {
  const heads = ["axis", ...CURVES].map((name) => h("th", { scope: "col" }, t(`film.${name}`)));
  const rows = costs.map((cost) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, number(cost.images)),
      ...CURVES.map((which) => h("td", {}, number(cost[which], 4))),
    ),
  );
  return [h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows)];
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
