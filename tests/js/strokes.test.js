// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as strokes from "../../static/js/strokes.js";

const one = strokes.extend(strokes.begin(strokes.EMPTY, [0.1, 0.1]), [[0.2, 0.2]]);
const two = strokes.begin(one, [0.5, 0.5]);

test("a stroke is one step of the history, however many points it has", () => {
  assert.deepEqual(strokes.undo(one).ink, []);
  assert.equal(strokes.canUndo(strokes.undo(one)), false);
});

test("there is only as much ink as is understood after a reload; the rest is left out", () => {
  const long = Array.from({ length: 30_000 }, (_, at) => /** @type {const} */ ([(at % 100) / 100, 0.5]));
  const full = strokes.extend(two, long);
  assert.equal(full.ink.flat().length, 20_000);
  assert.ok(strokes.isInk(full.ink));
  assert.equal(strokes.begin(full, [0.1, 0.1]), full);
  assert.equal(strokes.extend(full, [[0.1, 0.1]]), full);
});

test("redo brings back what undo took", () => {
  assert.deepEqual(strokes.redo(strokes.undo(two)).ink, two.ink);
  assert.deepEqual(strokes.redo(strokes.redo(strokes.undo(strokes.undo(two)))), two);
});

test("a new stroke clears redo", () => {
  const drawing = strokes.begin(strokes.undo(two), [0.9, 0.9]);
  assert.equal(strokes.canRedo(drawing), false);
});

test("clear can be undone, and clearing nothing changes nothing", () => {
  assert.deepEqual(strokes.clear(two).ink, []);
  assert.deepEqual(strokes.undo(strokes.clear(two)).ink, two.ink);
  assert.equal(strokes.clear(strokes.EMPTY), strokes.EMPTY);
});

test("undo and redo at the ends of the history change nothing", () => {
  assert.equal(strokes.undo(strokes.EMPTY), strokes.EMPTY);
  assert.equal(strokes.redo(two), two);
});

test("no action changes the drawing it was given", () => {
  const before = JSON.stringify(two);
  for (const act of [strokes.undo, strokes.redo, strokes.clear]) act(two);
  strokes.extend(two, [[0.6, 0.6]]);
  assert.equal(JSON.stringify(two), before);
});

test("only ink counts as ink", () => {
  assert.equal(strokes.isInk(JSON.parse(JSON.stringify(two.ink))), true);
  assert.equal(strokes.isInk([]), true);
  for (const wrong of [null, 7, "ink", {}, [[]], [[[0]]], [[[0, 2]]], [[[0, "1"]]], [[[0, Number.NaN]]]]) {
    assert.equal(strokes.isInk(wrong), false, JSON.stringify(wrong));
  }
});
