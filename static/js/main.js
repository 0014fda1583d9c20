// @ts-check
// The page: one state, changed by actions, shown by every part of the page in turn.

import { listen } from "./actions.js";
import { createAddress } from "./address.js";
import { mountAnnouncer } from "./announcer.js";
import { createClient } from "./client.js";
import { mountControls } from "./controls.js";
import { mountFrame } from "./frame.js";
import { apart } from "./geometry.js";
import { mountIntake } from "./intake.js";
import { mountKeyboard } from "./keyboard.js";
import { mountMasthead } from "./masthead.js";
import { mountNetworkCard } from "./network-card.js";
import { mountPad } from "./pad.js";
import { mountPanels } from "./panels.js";
import { questionOf } from "./question.js";
import { asksOtherwise, DEFAULTS, within } from "./settings.js";
import { mountShare } from "./share.js";
import { mountSticky } from "./sticky.js";
import { createStorage } from "./storage.js";
import * as strokes from "./strokes.js";
import { mountSummary } from "./summary.js";
import { useTexts } from "./texts.js";
import { announcement, problemWords, waitingWords } from "./words.js";

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
 */

const STALE = 150; // ms that an answer is shown for another drawing than the one on the pad
const PEN = 0.07; // of the pad's side; MNIST's own proportion for a digit that fills two thirds of it

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} id of what the server put into the page for its scripts */
const given = (id) => JSON.parse(byId(id).textContent ?? "{}");

useTexts(given("texts"), document.documentElement.lang);
const moments = /** @type {Record<string, number[]>} */ (given("moments"));
const cards = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-model]"))].map(
  (card) => ({
    name: card.dataset.model ?? "",
    title: card.querySelector("h2")?.textContent ?? "",
    update: mountNetworkCard(card),
  }),
);
const count = Math.min(...cards.map(({ name }) => moments[name]?.length ?? 0));
const pad = /** @type {HTMLCanvasElement} */ (byId("pad"));
const updatePad = mountPad(pad);
const updateKeyboard = mountKeyboard(pad, byId("cursor"), byId("pad-status"));
const updateControls = mountControls(byId("controls"));
const updateFrame = mountFrame(
  /** @type {HTMLCanvasElement} */ (byId("frame")),
  /** @type {HTMLButtonElement} */ (byId("numbers")),
);
const updateShare = mountShare(/** @type {HTMLButtonElement} */ (byId("share")));
const updateSummary = mountSummary(document.body, { moments });
const updateAnnouncer = mountAnnouncer(byId("announcement"));
const updateSticky = mountSticky(
  byId("sticky"),
  /** @type {Element} */ (document.querySelector(".cards")),
  cards,
);
const panels = mountPanels(byId("inside"), { networks: cards, moments }, () => {
  if (panels.wantsLayers(state.settings).length > 0) ask("overtake");
});
mountMasthead(/** @type {HTMLElement} */ (document.querySelector(".masthead")), byId("inside"));
mountIntake(document.body, /** @type {HTMLButtonElement} */ (byId("choose")), byId("notice"));

const storage = createStorage();
const client = createClient({
  onAnswer: (inspection, newest) => changeSoon({ inspection, pending: !newest, problem: "" }),
  onProblem: (problem) => change({ inspection: null, pending: false, problem: problemWords(problem) }),
});
const address = createAddress();
const linked = address.read();
const own = storage.readDrawing();

/** @type {ReturnType<typeof setTimeout> | undefined} */
let stale; // the clock of an answer to a drawing that is no longer there
let frame = 0; // in which the state is to be shown; 0: it is shown
let panelsFrame = 0; // in which the panels are to show it too
/** @type {State} */
let state = {
  drawing: linked.sheet ? strokes.replace(own, linked.sheet.ink, linked.sheet.picture) : own, // undone, it is back
  penDown: false,
  pen: linked.pen ?? storage.readPen() ?? PEN,
  settings: within(count, {
    ...(linked.settings ?? (linked.sheet ? DEFAULTS : (storage.readSettings() ?? DEFAULTS))),
    hide: linked.hide,
  }),
  inspection: null,
  pending: false,
  problem: "",
};

/** Takes an answer away that has been overtaken, unless the next one comes at once. */
function expire() {
  const { inspection } = state;
  clearTimeout(stale);
  stale = setTimeout(() => {
    if (state.pending && state.inspection === inspection) change({ inspection: null });
  }, STALE);
}

/** @param {Partial<State>} changed */
function change(changed) {
  state = { ...state, ...changed };
  show();
  showPanels();
}

/**
 * As a pen moves and answers come: shown once a frame, however often it changed, and questions are on their way before.
 *
 * @param {Partial<State>} changed
 */
function changeSoon(changed) {
  state = { ...state, ...changed };
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
  panels.update(state);
}

function show() {
  cancelAnimationFrame(frame);
  frame = 0;
  const { drawing, inspection, pen, settings } = state;
  const named = cards.map(({ name, title }) => ({ title, answer: inspection?.networks[name] }));
  updatePad({ ...drawing, pen });
  updateKeyboard(state);
  updateControls(state);
  const [blank, answered] = [strokes.isBlank(drawing), inspection !== null];
  const otherwise = waitingWords({ problem: state.problem, blank, answered });
  for (const [index, card] of cards.entries()) card.update({ answer: named[index]?.answer, otherwise });
  updateFrame({ frame: inspection?.frame ?? null });
  updateShare({ sheet: state.penDown ? strokes.EMPTY : drawing, pen, settings });
  updateSummary({ ...state, named });
  updateAnnouncer({ announcement: state.penDown || state.pending ? "" : announcement(named) });
  updateSticky({ inspection });
}

/**
 * @param {Partial<State>} changed
 * @param {"follow" | "overtake"} how
 */
function redraw(changed, how) {
  if (strokes.isBlank({ ...state, ...changed }.drawing)) {
    client.cancel();
    change({ ...changed, inspection: null, pending: false, problem: "" });
    return;
  }
  (how === "follow" ? changeSoon : change)({ ...changed, pending: true });
  ask(how);
  if (how === "overtake") expire();
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
  redraw({ drawing, penDown: false }, "overtake");
  keep();
}

/** Keeps everything for a reload: what a link shows in the address, so that one's own drawing stays where it is. */
function keep() {
  if (!address.shows(state.drawing)) {
    storage.writeDrawing(state.drawing);
    storage.writePen(state.pen);
  }
  storage.writeSettings({ ...state.settings, hide: [] });
  address.follow(state.drawing, state.pen, state.settings);
}

listen(document, "begin", (point) => {
  redraw({ drawing: strokes.begin(state.drawing, point), penDown: true }, "overtake");
});
listen(document, "extend", (points) => {
  if (!state.penDown) return; // undone or cleared while the pen was still down
  const drawing = strokes.extend(state.drawing, apart(state.drawing.ink.at(-1)?.at(-1), points));
  if (drawing !== state.drawing) redraw({ drawing }, "follow");
});
listen(document, "end", () => {
  if (!state.penDown) return;
  client.flush();
  state = { ...state, penDown: false };
  showFirst();
  keep();
});
listen(document, "grasp", ({ ink, picture }) => {
  redraw({ drawing: strokes.replace(state.drawing, ink, picture), penDown: true }, "overtake");
});
listen(document, "move", (sheet) => {
  if (state.penDown) redraw({ drawing: { ...state.drawing, ...sheet } }, "follow");
});
listen(document, "drop", () => {
  client.flush();
  change({ penDown: false });
  keep();
});
listen(document, "picture", (picture) => replace(strokes.replace(state.drawing, [], picture)));
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
globalThis.addEventListener("hashchange", () => {
  const { sheet, pen, settings, hide } = address.read();
  if (pen) change({ pen });
  const others = sheet ? DEFAULTS : state.settings;
  redraw({ settings: within(count, { ...(settings ?? others), hide }) }, "overtake");
  if (sheet) redraw({ drawing: strokes.replace(state.drawing, sheet.ink, sheet.picture) }, "overtake");
});
globalThis.addEventListener("online", () => {
  if (state.problem) redraw({}, "overtake");
});

redraw({}, "overtake");
