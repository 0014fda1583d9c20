// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cellOf,
  HIDDEN,
  isOff,
  isSame,
  layersOf,
  mosaic,
  neighbour,
  OUTPUTS,
  sizeOf,
  takenApart,
  textOf,
} from "../../static/js/insides/convolution.js";
import { inspectionOf, layer, random, tensor } from "./networks.js";

test("kernels lie side by side with gaps between them", () => {
  assert.deepEqual(mosaic(new Float32Array(25)), { values: Array(25).fill(0), columns: 5 });
  const eight = mosaic(Float32Array.from({ length: 200 }, (_, index) => Math.floor(index / 25)));
  assert.deepEqual([eight.columns, eight.values.length], [23, 23 * 11]);
  assert.deepEqual([eight.values[6], eight.values[6 * 23], eight.values[5]], [1, 4, Number.NaN]);
});

test("arrow keys lead from cell to cell, from map to map and from stage to stage", () => {
  const cell = (/** @type {number[]} */ [stage = 0, map = 0, row = 0, column = 0]) => ({
    stage,
    map,
    row,
    column,
  });
  const steps = /** @type {[number[], "ArrowDown" | "ArrowLeft" | "ArrowRight", number[]][]} */ ([
    [[0, 0, 3, 13], "ArrowRight", [0, 1, 3, 0]],
    [[0, 2, 13, 12], "ArrowDown", [1, 2, 0, 6]],
    [[2, 7, 3, 3], "ArrowDown", [3, 0, 0, 12]],
    [[4, 0, 0, 9], "ArrowDown", [4, 0, 0, 9]],
    [[0, 0, 0, 0], "ArrowLeft", [0, 0, 0, 0]],
  ]);
  for (const [from, key, to] of steps) assert.deepEqual(neighbour(cell(from), key), cell(to));
  assert.deepEqual(sizeOf(2), { rows: 4, columns: 4, maps: 8 });
});

test("the cell that is looked at comes back from the settings, and none that is not there", () => {
  for (const cell of [
    { stage: 0, map: 7, row: 13, column: 0 },
    { stage: 4, map: 0, row: 0, column: 9 },
  ])
    assert.deepEqual(cellOf(textOf(cell)), cell);
  for (const text of ["", "0.8.0.0", "0.0.14.0", "3.0.0.16", "5.0.0.0", "1.1.1"])
    assert.equal(cellOf(text), null, text);
});

test("a stage knows its layers and which of its units are off", () => {
  assert.deepEqual([0, 2, HIDDEN, OUTPUTS].map(layersOf), [
    { sums: 0, given: 2 },
    { sums: 6, given: 8 },
    { sums: 10, given: 11 },
    { sums: 12, given: 12 },
  ]);
  assert.equal(isOff(["cnn.11.3", "cnn.5.1"], HIDDEN, 3), true);
  assert.equal(isOff(["cnn.11.3", "cnn.5.1"], 1, 1), true);
  assert.equal(isOff(["cnn.11.3", "cnn.5.1"], 1, 3), false);
});

test("cells are the same where all their parts are", () => {
  const cell = { stage: 1, map: 2, row: 3, column: 4 };
  assert.equal(isSame(cell, { ...cell }), true);
  assert.equal(isSame(cell, { ...cell, row: 0 }), false);
  assert.equal(isSame(null, cell), false);
});

test("the convolutional net's biases read the same whatever is drawn", () => {
  const weights = new Map([
    ["layers.12.weight", tensor(10, 16)],
    ["layers.12.bias", tensor(10)],
  ]);
  const bias = weights.get("layers.12.bias")?.values[2] ?? 0;
  const shown = [3, 70].map((seed) => {
    const hidden = Array.from({ length: 16 }, (_, index) => Math.abs(random(index + seed)));
    const weight = weights.get("layers.12.weight")?.values ?? [];
    const logit = hidden.reduce((sum, value, index) => sum + value * (weight[2 * 16 + index] ?? 0), bias);
    const outputs = Array.from({ length: 10 }, (_, digit) => (digit === 2 ? logit : 0));
    const layers = Array.from({ length: 13 }, (_, index) => layer(index === 12 ? outputs : hidden));
    const taken = takenApart(weights, inspectionOf("cnn", layers), {
      stage: OUTPUTS,
      map: 0,
      row: 0,
      column: 2,
    });
    assert.ok(taken);
    const cents = [...taken.terms.map((term) => term.sum), taken.bias].map((value) =>
      Math.round(100 * value),
    );
    assert.equal(
      cents.reduce((sum, value) => sum + value, 0),
      Math.round(100 * taken.total),
    );
    return taken.bias;
  });
  assert.equal(shown[0], shown[1]);
});
