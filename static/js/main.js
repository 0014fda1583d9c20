// @ts-check
// One state, changed by actions, shown by the page and its panels in turn.

import { listen } from "./actions.js";
import { createClient } from "./client.js";
import { apart } from "./geometry.js";
import { find } from "./html.js";
import { createMemory } from "./memory.js";
import { mountPage } from "./page.js";
import { mountPanels } from "./panels.js";
import { questionOf } from "./question.js";
import { createRetry } from "./retry.js";
import { asksOtherwise } from "./settings.js";
import * as strokes from "./strokes.js";
import { useTexts } from "./texts.js";
import { problemWords, waitingWords } from "./words.js";

/** @import { Inspection } from "./client.js" */
/** @import { Settings } from "./settings.js" */
/**
 * @typedef {object} State
 * @property {strokes.Drawing} drawing
 * @property {boolean} penDown a stroke is being drawn, or the drawing is being moved
 * @property {number} pen stroke width in units of the pad's side
 * @property {Settings} settings
 * @property {Inspection | null} inspection the newest answer
 * @property {boolean} pending the answer shown is about an older drawing
 * @property {string} problem why there is no answer
 * @property {string} complaint why a picture or a link could not be used, until something is done
 */

const STALE = 150; // ms that an answer is shown for another drawing than the one on the pad

/** @param {string} id of what the server put into the page for its scripts */
const given = (id) => JSON.parse(find(document, `#${id}`).textContent ?? "{}");

useTexts(given("texts"), document.documentElement.lang);
const moments = /** @type {Record<string, number[]>} */ (given("moments"));
const page = mountPage(document, moments);
const count = Math.min(...page.networks.map(({ name }) => moments[name]?.length ?? 0)); // of the moments that both have
const panels = mountPanels(page.inside, { networks: page.networks, moments, count }, () => {
  if (panels.wantsLayers(state.settings).length > 0) ask("overtake");
});
const memory = createMemory(count);
const client = createClient({
  onAnswer: (inspection, newest) => {
    retry.stop();
    changeSoon({ inspection, pending: !newest, problem: "" });
    if (!newest && !state.penDown) expire();
  },
  onProblem: (problem, passing) => {
    if (passing) retry.failed();
    change({ inspection: null, pending: false, problem: problemWords(problem, passing) });
  },
});
const retry = createRetry(askAgain);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let stale; // the clock of an answer to a drawing that is no longer there
let frame = 0; // in which the state is to be shown; 0: it is shown
let panelsFrame = 0; // in which the panels are to show it too
/** @type {State} */
let state = { ...memory.open(), penDown: false, inspection: null, pending: false, problem: "" };

/** Takes an answer away that has been overtaken, unless the next one comes at once. */
function expire() {
  const { inspection } = state;
  clearTimeout(stale);
  stale = setTimeout(() => {
    if (state.pending && state.inspection === inspection) change({ inspection: null });
  }, STALE);
}

/** @param {Partial<State>} changed */
function set(changed) {
  state = { ...state, ...changed };
}

/** @param {Partial<State>} changed */
function change(changed) {
  set(changed);
  show();
  showPanels();
}

/**
 * As a pen moves and answers come: shown once a frame, however often it changed, and questions are on their way before.
 *
 * @param {Partial<State>} changed
 */
function changeSoon(changed) {
  set(changed);
  frame ||= requestAnimationFrame(showFirst);
}

/** Leaves the panels, which have much to show, to the next frame: what comes after a rest does not wait for them. */
function showFirst() {
  show();
  panelsFrame ||= requestAnimationFrame(showPanels);
}

function showPanels() {
  cancelAnimationFrame(panelsFrame);
  panelsFrame = 0;
  if (frame !== 0) show(); // the panels are never ahead of the page
  panels.update({ ...state, otherwise: otherwise() });
}

function show() {
  cancelAnimationFrame(frame);
  frame = 0;
  page.update({ ...state, otherwise: otherwise() });
}

/**
 * @param {Partial<State>} changed
 * @param {"follow" | "overtake"} how
 */
function redraw(changed, how) {
  if (strokes.isBlank({ ...state, ...changed }.drawing)) {
    client.cancel();
    retry.stop();
    change({ ...changed, inspection: null, pending: false, problem: "" });
    return;
  }
  (how === "follow" ? changeSoon : change)({ ...changed, pending: true });
  ask(how);
  if (how === "overtake" || !state.penDown) expire();
}

function askAgain() {
  if (state.problem && !state.penDown) redraw({}, "overtake");
}

/** @param {"follow" | "overtake"} how */
function ask(how) {
  const { drawing, pen, settings } = state;
  if (strokes.isBlank(drawing)) return;
  client[how](() => questionOf(drawing, pen, settings, panels.wantsLayers(settings)));
}

/** @param {strokes.Drawing} drawing */
function replace(drawing) {
  if (drawing === state.drawing) return;
  redraw({ drawing, penDown: false, complaint: "" }, "overtake");
  keep();
}

/** The pen is lifted, or what was moved is let go. */
function rest() {
  if (!state.penDown) return;
  client.flush();
  set({ penDown: false });
  expire();
  showFirst();
  keep();
  askAgain();
}

const keep = () => memory.keep(state);

/** What stands in an answer's place while there is none. */
function otherwise() {
  const { drawing, inspection, problem } = state;
  return waitingWords({ problem, blank: strokes.isBlank(drawing), answered: inspection !== null });
}

listen(document, "begin", (point) => {
  redraw({ drawing: strokes.begin(state.drawing, point), penDown: true, complaint: "" }, "overtake");
});
listen(document, "extend", (points) => {
  if (!state.penDown) return; // undone or cleared while the pen was still down
  const drawing = strokes.extend(state.drawing, apart(state.drawing.ink.at(-1)?.at(-1), points));
  if (drawing !== state.drawing) redraw({ drawing }, "follow");
});
listen(document, "end", rest);
listen(document, "grasp", ({ ink, picture }) => {
  redraw({ drawing: strokes.replace(state.drawing, ink, picture), penDown: true, complaint: "" }, "overtake");
});
listen(document, "move", (sheet) => {
  if (state.penDown) redraw({ drawing: { ...state.drawing, ...sheet } }, "follow");
});
listen(document, "drop", rest);
listen(document, "picture", (picture) => replace(strokes.replace(state.drawing, [], picture)));
listen(document, "look", () => page.pad.scrollIntoView({ block: "center" }));
listen(document, "undo", () => replace(strokes.undo(state.drawing)));
listen(document, "redo", () => replace(strokes.redo(state.drawing)));
listen(document, "clear", () => replace(strokes.clear(state.drawing)));
listen(document, "pen", (pen) => {
  redraw({ pen }, "follow");
  keep();
});
listen(document, "settings", (changed) => {
  const settings = { ...state.settings, ...changed };
  if (asksOtherwise(state.settings, settings)) redraw({ settings }, "overtake");
  else change({ settings });
  keep();
});
listen(document, "complaint", (complaint) => change({ complaint }));
listen(document, "address", ({ link, sheet }) => memory.show(link, sheet));
globalThis.addEventListener("hashchange", () => redraw(memory.open(state), "overtake"));
globalThis.addEventListener("online", askAgain);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) askAgain();
});

redraw({}, "overtake");
