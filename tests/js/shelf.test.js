// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf, nearest, placeOf, stepped } from "../../static/js/insides/shelf.js";

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
