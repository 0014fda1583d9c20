// @ts-check
// Training as a film: one slider moves both networks through the moments of their training.

import { emit } from "../actions.js";
import { FRAME } from "../geometry.js";
import { button, h, write } from "../html.js";
import { KERNEL, rowOf } from "../insides/arithmetic.js";
import { mountAsking } from "../insides/asking.js";
import { mountChart } from "../insides/chart.js";
import { scaleOf } from "../insides/colours.js";
import { baseOf, costsOf, spanOf } from "../insides/costs.js";
import { factsOfAll, followServed, weightsAt } from "../insides/facts.js";
import { legend } from "../insides/legend.js";
import { mountMiniBars } from "../insides/mini-bars.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { EIGHT } from "../insides/ranges.js";
import { t } from "../texts.js";
import { seenWords } from "../words.js";
import { mountShowing } from "./showing.js";

/** @import { Tensor } from "../insides/facts.js" */
/** @import { Surroundings, Update } from "../panels.js" */

export const needsLayers = /** @type {readonly string[]} */ ([]);

const FIRST = { ff: "layers.1.weight", cnn: "layers.0.weight" };
const COLUMNS = { ff: FRAME, cnn: KERNEL };
const STEP = 350; // ms that a moment is shown for
const CALM = 1200; // ms, for those who prefer reduced motion

/**
 * @param {HTMLElement} element
 * @param {Surroundings} surroundings
 * @returns {Update}
 */
export function mount(element, { networks, moments, count }) {
  const last = count - 1;
  if (last < 1) {
    element.append(h("p", { class: "missing" }, t("film.missing")));
    return () => {};
  }
  const parts = networks.map((network) => mountPart(network, moments[network.name] ?? []));
  const player = mountPlayer(element, last);
  element.append(
    player.element,
    h("div", { class: "film" }, ...parts.map((part) => part.element)),
    h("p", { class: "small film-note" }, t("film.changed")),
  );
  const again = mountAsking(element, factsOfAll, (facts) => {
    const costs = parts.map(({ name }) => costsOf(facts[name] ?? {}));
    const span = spanOf(costs, baseOf(Object.values(facts)));
    for (const [index, { chart }] of parts.entries()) chart.draw(costs[index] ?? [], span);
  });
  const follow = followServed(again);
  return mountShowing(({ settings, inspection, otherwise }, repaint, themed) => {
    const at = settings.checkpoint ?? last;
    follow(inspection);
    player.update(at, momentWords(at, last, moments));
    for (const part of parts) {
      part.update(at, settings.checkpoint, repaint, themed);
      part.minis.update(inspection, otherwise);
      if (at + 1 < last) weightsAt(part.name, at + 1, () => {}); // so that the next moment is here already
    }
  });
}

/**
 * @param {number} at
 * @param {number} last
 * @param {Surroundings["moments"]} moments
 */
function momentWords(at, last, moments) {
  const seen = `${seenWords(moments, at)}.`;
  if (at === last) return `${seen} ${t("film.done")}`;
  return at === 0 ? `${seen} ${t("film.untrained")}` : seen;
}

/**
 * What is shown of one network: its answer, its costs and what its first layer looks for.
 *
 * @param {Surroundings["networks"][number]} network
 * @param {readonly number[]} moments
 */
function mountPart(network, moments) {
  const { title } = network;
  const name = /** @type {"ff" | "cnn"} */ (network.name);
  const minis = mountMiniBars([network]);
  const chart = mountChart(title);
  const colours = legend(t(`film.${name}`));
  const canvases = EIGHT.map(() => matrixCanvas());
  const pictures = h("div", { class: "eight" }, ...canvases);
  const weights = h("div", { class: "film-weights" }, pictures, colours.element);
  const element = h(
    "section",
    { class: `film-net accent-${name}`, "aria-label": title },
    minis.element,
    chart.element,
    weights,
  );

  /** @type {Tensor | undefined} */
  let painted;

  /**
   * @param {number} at
   * @param {number | null} checkpoint
   * @param {() => void} then called once the weights have come
   * @param {boolean} themed the colours are others than before
   */
  function update(at, checkpoint, then, themed) {
    chart.mark(moments[at] ?? 0);
    const weight = weightsAt(name, checkpoint, then)?.get(FIRST[name]);
    if (!weight || (weight === painted && !themed)) return;
    painted = weight;
    const scale = scaleOf(weight.values);
    const { most } = scale;
    colours.update(most, scale);
    for (const [index, canvas] of canvases.entries()) {
      const label = `${title}, ${t(`film.picture.${name}`, { number: index + 1 })}`;
      paintMatrix(canvas, { values: rowOf(weight, index), columns: COLUMNS[name], most, label });
    }
  }
  return { name, element, minis, chart, update };
}

/**
 * The slider, and a clock that moves it.
 *
 * @param {HTMLElement} panel where the moments are asked for; the film stops once it is hidden
 * @param {number} last
 */
function mountPlayer(panel, last) {
  const range = { type: "range", min: "0", max: String(last), step: "1", "aria-label": t("film.slider") };
  const slider = h("input", range);
  const play = button(t("film.play"), () => (clock ? stop() : start()), { class: "button primary" });
  const words = h("p", { class: "film-moment", "aria-live": "off" });
  const element = h("div", { class: "film-bar" }, play, slider, words);
  /** @type {ReturnType<typeof setTimeout> | null} */
  let clock = null;
  let now = last;

  /** @param {number} moment */
  const go = (moment) => emit(panel, "settings", { checkpoint: moment >= last ? null : moment });

  function start() {
    const wait = matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM : STEP;
    const next = () => {
      go(now + 1);
      if (now >= last || panel.hidden) stop();
      else clock = setTimeout(next, wait);
    };
    play.textContent = t("film.pause");
    clock = setTimeout(next, wait);
    go(now >= last ? 0 : now);
  }

  function stop() {
    if (clock) clearTimeout(clock);
    clock = null;
    play.textContent = t("film.play");
  }

  slider.addEventListener("input", () => {
    stop();
    go(slider.valueAsNumber);
  });

  /**
   * @param {number} at
   * @param {string} text
   */
  function update(at, text) {
    now = at;
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", text);
    write(words, text);
  }
  return { element, update };
}
