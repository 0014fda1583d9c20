// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.js";
import { nameOf, nearest, placeOf, stepped } from "../../static/js/insides/shelf.js";
import { barStart } from "../../static/js/panels/evidence.js";
import { neighbourOf } from "../../static/js/panels/evidence-confusion.js";

const COUNTS = { test: 20, train: 30 };

test("a digit that there is not becomes the nearest one", () => {
  assert.deepEqual(nearest({ split: "test", index: 99_999 }, COUNTS), { split: "test", index: 19 });
  assert.deepEqual(nearest({ split: "train", index: -3 }, COUNTS), { split: "train", index: 0 });
  assert.deepEqual(nearest({ split: "test", index: Number.NaN }, COUNTS), { split: "test", index: 0 });
  assert.deepEqual(nearest({ split: "test", index: 7.9 }, COUNTS), { split: "test", index: 7 });
});

test("after the last digit comes the first", () => {
  assert.deepEqual(stepped({ split: "test", index: 19 }, 1, COUNTS), { split: "test", index: 0 });
  assert.deepEqual(stepped({ split: "test", index: 0 }, -1, COUNTS), { split: "test", index: 19 });
});

test("a digit's name in the settings leads back to it", () => {
  assert.deepEqual(placeOf(nameOf({ split: "train", index: 17 })), { split: "train", index: 17 });
});

test("bars begin below all values, as near as a round share is", () => {
  assert.equal(barStart([0.9875, 0.997]), 0.98);
  assert.equal(barStart([0.889, 0.975]), 0.8);
  assert.equal(barStart([0.1]), 0);
  assert.equal(barStart([]), 0);
});

test("arrow keys walk over the table of confusions and stop at its edges", () => {
  assert.deepEqual(neighbourOf({ label: 0, said: 3 }, "ArrowUp"), { label: 0, said: 3 });
  assert.deepEqual(neighbourOf({ label: 0, said: 3 }, "ArrowDown"), { label: 1, said: 3 });
  assert.deepEqual(neighbourOf({ label: 4, said: 3 }, "End"), { label: 4, said: 9 });
  assert.equal(neighbourOf({ label: 4, said: 3 }, "a"), null);
});
