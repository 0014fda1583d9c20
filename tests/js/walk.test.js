// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { walked } from "../../static/js/insides/walk.js";

const STOPS = [
  [0, 1, 1, 0],
  [0, 0, 0, 0],
  [1, 1, 1, 1],
];

test("arrow keys step over what cannot be gone to", () => {
  assert.deepEqual(walked(STOPS, { row: 0, column: 1 }, "ArrowDown"), { row: 2, column: 1 });
  assert.deepEqual(walked(STOPS, { row: 2, column: 2 }, "ArrowUp"), { row: 0, column: 2 });
  assert.deepEqual(walked(STOPS, { row: 2, column: 0 }, "ArrowRight"), { row: 2, column: 1 });
});

test("the edges of a full table stop them", () => {
  const full = Array.from({ length: 10 }, () => Array(10).fill(1));
  assert.deepEqual(walked(full, { row: 0, column: 3 }, "ArrowUp"), { row: 0, column: 3 });
  assert.deepEqual(walked(full, { row: 0, column: 3 }, "ArrowDown"), { row: 1, column: 3 });
  assert.deepEqual(walked(full, { row: 4, column: 3 }, "End"), { row: 4, column: 9 });
  assert.equal(walked(full, { row: 4, column: 3 }, "a"), null);
});

test("where nothing follows, arrow keys stay", () => {
  assert.deepEqual(walked(STOPS, { row: 0, column: 1 }, "ArrowLeft"), { row: 0, column: 1 });
  assert.deepEqual(walked(STOPS, { row: 2, column: 3 }, "ArrowUp"), { row: 2, column: 3 });
  assert.deepEqual(walked(STOPS, { row: 2, column: 3 }, "ArrowRight"), { row: 2, column: 3 });
});

test("Home and End lead to the ends of the row, other keys nowhere", () => {
  assert.deepEqual(walked(STOPS, { row: 0, column: 2 }, "Home"), { row: 0, column: 1 });
  assert.deepEqual(walked(STOPS, { row: 0, column: 1 }, "End"), { row: 0, column: 2 });
  assert.equal(walked(STOPS, { row: 0, column: 1 }, "a"), null);
});
