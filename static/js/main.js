// @ts-check
// The page: one state, changed by actions, shown by every part of the page in turn.

import { listen } from "./actions.js";
import { mountAnnouncer } from "./announcer.js";
import { createClient } from "./client.js";
import { mountControls } from "./controls.js";
import { mountFrame } from "./frame.js";
import { apart } from "./geometry.js";
import { mountKeyboard } from "./keyboard.js";
import { inkOf } from "./link.js";
import { mountNetworkCard } from "./network-card.js";
import { mountPad } from "./pad.js";
import { cropPng } from "./paint.js";
import { mountShare } from "./share.js";
import { createStorage } from "./storage.js";
import * as strokes from "./strokes.js";
import { mountSummary } from "./summary.js";
import { announcement } from "./words.js";

/** @import { Inspection } from "./client.js" */
/**
 * @typedef {object} State
 * @property {strokes.Drawing} drawing
 * @property {boolean} penDown a stroke is being drawn
 * @property {number} pen stroke width in units of the pad's side
 * @property {Inspection | null} inspection the newest answer
 * @property {boolean} pending the answer shown is about an older drawing
 * @property {string} problem why there is no answer
 */

const PEN = 0.07; // of the pad's side; MNIST's own proportion for a digit that fills two thirds of it

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const cards = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-model]"))].map(
  (card) => ({
    name: card.dataset.model ?? "",
    title: card.querySelector("h2")?.textContent ?? "",
    update: mountNetworkCard(card),
  }),
);
const pad = /** @type {HTMLCanvasElement} */ (byId("pad"));
const updatePad = mountPad(pad);
const updateKeyboard = mountKeyboard(pad, byId("cursor"), byId("pad-status"));
const updateControls = mountControls(byId("controls"));
const updateFrame = mountFrame(/** @type {HTMLCanvasElement} */ (byId("frame")));
const updateShare = mountShare(/** @type {HTMLButtonElement} */ (byId("share")));
const updateSummary = mountSummary(document.body);
const updateAnnouncer = mountAnnouncer(byId("announcement"));

const storage = createStorage();
const client = createClient({
  url: new URL("inspect?layers=false", document.baseURI),
  onAnswer: (inspection) => change({ inspection, pending: false, problem: "" }),
  onProblem: (problem) => change({ inspection: null, pending: false, problem }),
});

/** @type {State} */
let state = {
  drawing: strokes.restore(inkOf(location.hash) ?? storage.readInk()),
  penDown: false,
  pen: storage.readPen() ?? PEN,
  inspection: null,
  pending: false,
  problem: "",
};

/** @param {Partial<State>} changed */
function change(changed) {
  state = { ...state, ...changed };
  const { drawing, inspection, pen } = state;
  const named = cards.map(({ name, title }) => ({ title, answer: inspection?.networks[name] }));
  updatePad({ ink: drawing.ink, pen });
  updateKeyboard(state);
  updateControls(state);
  const otherwise = state.problem ? "no answer" : drawing.ink.length > 0 ? "reading …" : undefined;
  for (const [index, card] of cards.entries()) card.update({ answer: named[index]?.answer, otherwise });
  updateFrame({ frame: inspection?.frame ?? null });
  updateShare({ ink: state.penDown ? [] : drawing.ink });
  updateSummary({ ...state, named });
  updateAnnouncer({ announcement: state.penDown || state.pending ? "" : announcement(named) });
}

/**
 * @param {Partial<State>} changed
 * @param {"follow" | "overtake"} how
 */
function redraw(changed, how) {
  const { drawing, pen } = { ...state, ...changed };
  if (drawing.ink.length === 0) {
    client.cancel();
    change({ ...changed, inspection: null, pending: false, problem: "" });
    return;
  }
  change({ ...changed, pending: true });
  client[how](() => cropPng(drawing.ink, pen));
}

/** @param {strokes.Drawing} drawing */
function replace(drawing) {
  if (drawing === state.drawing) return;
  redraw({ drawing, penDown: false }, "overtake");
  keep();
}

/** Keeps the drawing for a reload; a link that showed another one must not bring that back. */
function keep() {
  storage.writeInk(state.drawing.ink);
  if (inkOf(location.hash)) history.replaceState(null, "", location.pathname + location.search);
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
  redraw({ penDown: false }, "overtake");
  keep();
});
listen(document, "undo", () => replace(strokes.undo(state.drawing)));
listen(document, "redo", () => replace(strokes.redo(state.drawing)));
listen(document, "clear", () => replace(strokes.clear(state.drawing)));
listen(document, "pen", (pen) => {
  redraw({ pen }, "follow");
  storage.writePen(pen);
});
globalThis.addEventListener("hashchange", () => {
  const ink = inkOf(location.hash);
  if (ink) replace(strokes.replace(state.drawing, ink));
});
globalThis.addEventListener("online", () => {
  if (state.problem) redraw({}, "overtake");
});

redraw({}, "overtake");
keep();
