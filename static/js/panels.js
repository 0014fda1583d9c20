// @ts-check
// The panels under the stage, one open at a time. Each is fetched once someone wants it: a visit costs what is looked at.

import { emit } from "./actions.js";
import { button, find, h, keyOf, write } from "./html.js";
import { LOADERS } from "./panel-list.js";
import { shownPanel } from "./settings.js";
import { t } from "./texts.js";

/** @import { Inspection } from "./client.js" */
/** @import { PanelName } from "./panel-list.js" */
/** @import { Settings } from "./settings.js" */
/** @import { Drawing } from "./strokes.js" */
/**
 * @typedef {object} PanelState
 * @property {Drawing} drawing
 * @property {number} pen
 * @property {Settings} settings
 * @property {Inspection | null} inspection
 * @property {string} otherwise what stands in an answer's place while there is none
 */
/**
 * @typedef {object} Surroundings what a panel may know of the page
 * @property {readonly { name: string, title: string }[]} networks
 * @property {Readonly<Record<string, readonly number[]>>} moments images seen at each moment of training, by network
 * @property {number} count of the moments that all of them have
 */
/** @typedef {(state: PanelState) => void} Update */
/**
 * @typedef {object} Panel
 * @property {readonly string[]} needsLayers the networks whose layers' values it shows
 * @property {(element: HTMLElement, surroundings: Surroundings) => Update} mount
 */

/** @typedef {{ name: PanelName, tab: HTMLElement, element: HTMLElement }} Part */
/** @typedef {{ update: Update, needsLayers: readonly string[] }} Mounted */

/**
 * @param {HTMLElement} section
 * @param {Surroundings} surroundings
 * @param {() => void} onMounted a panel came that may need more than the page has asked for
 */
export function mountPanels(section, surroundings, onMounted) {
  const parts = partsIn(section);
  /** @type {Map<string, Mounted | null>} null while it is on its way, or where it did not come */
  const mounted = new Map();
  /** @type {PanelState | null} */
  let state = null;
  let wanted = false;
  /** @type {string | null} */
  let shown = null;

  followTabs(section, parts, (name) => {
    wanted = true; // not every browser gives a button the focus that is clicked
    emit(section, "settings", { panel: name });
  });
  const wake = watchInterest(section, () => {
    wanted = true;
    load();
  });

  async function load() {
    const name = state && shownPanel(state.settings);
    const part = parts.find((one) => one.name === name);
    if (!wanted || !part || mounted.has(part.name)) return;
    mounted.set(part.name, null);
    const found = await filled(part, surroundings);
    if (!found) return; // for good: browsers keep what failed as what it is
    mounted.set(part.name, found);
    if (state) update(state);
    onMounted();
  }

  /** @param {PanelState} next */
  function update(next) {
    state = next;
    const name = shownPanel(next.settings);
    section.hidden = name === null;
    for (const { name: own, tab, element } of parts) {
      tab.hidden = next.settings.hide.includes(own);
      tab.setAttribute("aria-selected", String(own === name));
      tab.tabIndex = own === name ? 0 : -1;
      element.hidden = own !== name;
      if (own === name && own !== shown) reveal(tab);
    }
    shown = name;
    if (next.inspection) wake();
    load();
    if (name) mounted.get(name)?.update(next);
  }

  return {
    update,
    /**
     * @param {Settings} settings
     * @returns {readonly string[]} the networks whose layers' values the open panel shows
     */
    wantsLayers: (settings) => mounted.get(shownPanel(settings) ?? "")?.needsLayers ?? [],
  };
}

/**
 * @param {HTMLElement} section
 * @returns {Part[]}
 */
function partsIn(section) {
  const tabs = /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll("[role=tab]"));
  return [...tabs].map((tab) => ({
    name: /** @type {PanelName} */ (tab.dataset.panel),
    tab,
    element: find(section, `#${tab.getAttribute("aria-controls")}`),
  }));
}

/**
 * @param {HTMLElement} section
 * @param {readonly Part[]} parts
 * @param {(name: PanelName) => void} onChoose
 */
function followTabs(section, parts, onChoose) {
  for (const { name, tab } of parts) tab.addEventListener("click", () => onChoose(name));
  section.querySelector("[role=tablist]")?.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent)) return;
    const open = parts.filter(({ tab }) => !tab.hidden);
    const at = open.findIndex(({ tab }) => tab.getAttribute("aria-selected") === "true");
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: open.length - 1 }[keyOf(event)];
    if (to === undefined) return;
    event.preventDefault();
    const next = open[(to + open.length) % open.length];
    next?.tab.focus();
    next?.tab.click();
  });
}

/**
 * Brings a tab into the middle of its row, which a narrow screen shows a part of.
 *
 * @param {HTMLElement} tab
 */
function reveal(tab) {
  const row = tab.parentElement;
  if (row) row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

/**
 * @param {Part} part
 * @param {Surroundings} surroundings
 * @returns {Promise<Mounted | null>} null where it could not be had, which the part says
 */
async function filled({ name, element }, surroundings) {
  const wait = element.querySelector(".panel-wait");
  if (wait) write(wait, t("panels.wait"));
  try {
    const { mount, needsLayers } = await LOADERS[name]();
    const update = mount(element, surroundings);
    wait?.remove();
    return { update, needsLayers };
  } catch (error) {
    reportError(error);
    const again = button(t("panels.reload"), () => location.reload());
    wait?.replaceWith(h("div", { class: "missing", role: "alert" }, h("p", {}, t("panels.lost")), again));
    return null;
  }
}

/**
 * Whoever only opens the page, on however tall a screen, has not asked for a panel yet. Who comes into the section by
 * key or pointer has, and so has who draws or scrolls while a panel's invitation is in sight, or is already below it.
 *
 * @param {HTMLElement} section
 * @param {() => void} onInterest
 * @returns {() => void} to be called when something was drawn
 */
function watchInterest(section, onInterest) {
  let [inSight, awake] = [false, false];
  const look = () => {
    if (inSight && awake) onInterest();
  };
  const wake = () => {
    if (awake) return;
    awake = true;
    look();
  };
  const sight = new IntersectionObserver((entries) => {
    inSight = entries.some((entry) => entry.isIntersecting || entry.boundingClientRect.bottom < 0);
    look();
  });
  for (const wait of section.querySelectorAll(".panel-wait")) sight.observe(wait);
  globalThis.addEventListener("scroll", wake, { once: true, passive: true });
  section.addEventListener("focusin", onInterest, { once: true });
  return wake;
}
