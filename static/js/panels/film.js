// @ts-check
// Training as a film: one slider moves both networks through the moments of their training.

import { emit } from "../actions.js";
import { button, h, onTheme, write } from "../html.js";
import { ample, rowOf } from "../insides/arithmetic.js";
import { mountChart } from "../insides/chart.js";
import { factsOfAll, weightsAt } from "../insides/facts.js";
import { legend } from "../insides/legend.js";
import { mountMiniBars } from "../insides/mini-bars.js";
import { matrixCanvas, paintMatrix } from "../insides/picture-grid.js";
import { number, t } from "../texts.js";

/** @import { PanelState, Surroundings, Update } from "../panels.js" */

export const needsLayers = /** @type {readonly string[]} */ ([]);

const EIGHT = Array.from({ length: 8 }, (_, index) => index);
const FIRST = { ff: "layers.1.weight", cnn: "layers.0.weight" };
const COLUMNS = { ff: 28, cnn: 5 };
const STEP = 350; // ms that a moment is shown for
const CALM = 1200; // ms, for those who prefer reduced motion

/**
 * @param {HTMLElement} element
 * @param {Surroundings} surroundings
 * @returns {Update}
 */
export function mount(element, { networks, moments }) {
  const last = Math.min(...networks.map(({ name }) => moments[name]?.length ?? 0)) - 1;
  if (last < 1) {
    element.append(h("p", { class: "missing" }, t("film.missing")));
    return () => {};
  }
  const slider = h("input", {
    type: "range",
    min: "0",
    max: String(last),
    step: "1",
    "aria-label": t("film.slider"),
  });
  const play = button(t("film.play"), () => (clock ? stop() : start()), { class: "button primary" });
  const words = h("p", { class: "film-moment", "aria-live": "off" });
  const minis = mountMiniBars(networks);
  const parts = networks.map(({ name, title }) => ({
    name: /** @type {"ff" | "cnn"} */ (name),
    chart: mountChart(title),
    scale: legend(),
    canvases: EIGHT.map(() => matrixCanvas()),
    title,
  }));
  element.append(
    h("div", { class: "film-bar" }, play, slider, words),
    h(
      "div",
      { class: "columns" },
      ...parts.map(({ name, chart, scale, canvases, title }) =>
        h(
          "section",
          { class: `film-net accent-${name}`, "aria-label": title },
          h("h3", {}, title),
          h("p", { class: "small" }, t(`film.${name}`)),
          h("div", { class: "eight" }, ...canvases),
          scale.element,
          chart.element,
        ),
      ),
    ),
    minis.element,
  );
  factsOfAll().then((facts) => {
    for (const { name, chart } of parts) chart.draw(facts[name] ?? {});
    show();
  });

  /** @type {PanelState | null} */
  let state = null;
  /** @type {ReturnType<typeof setTimeout> | null} */
  let clock = null;

  slider.addEventListener("input", () => {
    stop();
    go(slider.valueAsNumber);
  });

  /** @param {number} moment */
  const go = (moment) => emit(element, "settings", { checkpoint: moment >= last ? null : moment });

  function start() {
    const now = state?.settings.checkpoint ?? last;
    play.textContent = t("film.pause");
    const wait = matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM : STEP;
    const next = () => {
      const at = (state?.settings.checkpoint ?? last) + 1;
      go(at);
      if (at >= last || element.hidden) stop();
      else clock = setTimeout(next, wait);
    };
    clock = setTimeout(next, wait);
    go(now >= last ? 0 : now);
  }

  function stop() {
    if (clock) clearTimeout(clock);
    clock = null;
    play.textContent = t("film.play");
  }

  function show() {
    if (!state) return;
    const { checkpoint } = state.settings;
    const at = checkpoint ?? last;
    slider.value = String(at);
    const seen = networks.map(({ name }) => number(moments[name]?.[at] ?? 0));
    const same = new Set(seen).size === 1;
    const text = same
      ? t("film.images", { images: seen[0] ?? "" })
      : t("film.imagesEach", { ff: seen[0] ?? "", cnn: seen[1] ?? "" });
    const whole =
      at === last ? `${text} ${t("film.done")}` : at === 0 ? `${text} ${t("film.untrained")}` : text;
    write(words, whole);
    slider.setAttribute("aria-valuetext", whole);
    for (const { name, chart, canvases, scale, title } of parts) {
      chart.mark(moments[name]?.[at] ?? 0);
      const weight = weightsAt(name, checkpoint, show)?.get(FIRST[name]);
      if (!weight) continue;
      const most = ample(weight.values);
      scale.update(most);
      for (const [index, canvas] of canvases.entries()) {
        const label = `${title}, ${t(`film.picture.${name}`, { number: index + 1 })}`;
        paintMatrix(canvas, { values: rowOf(weight, index), columns: COLUMNS[name], most, label });
      }
    }
    minis.update(state.inspection);
    prefetch(at + 1);
  }

  /** @param {number} moment */
  function prefetch(moment) {
    if (moment < last) for (const { name } of parts) weightsAt(name, moment, () => {});
  }

  onTheme(show);
  return (next) => {
    const changed = next.inspection !== state?.inspection || next.settings !== state.settings;
    state = next;
    if (changed) show();
  };
}
