// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  along,
  baseOf,
  costsOf,
  GUESSING,
  levelsIn,
  pathThrough,
  spanOf,
  up,
} from "../../static/js/insides/costs.js";

test("the axis begins at 0, ends at 1 and gives early moments room", () => {
  assert.deepEqual([along(0, 1e6), along(1e6, 1e6)], [0, 1]);
  assert.ok(along(1000, 1e6) > 0.09);
  assert.deepEqual([up(0.1, { low: 0.1, high: 10 }), up(10, { low: 0.1, high: 10 })], [0, 1]);
});

test("where the moments' costs are known, the curve goes through all of them", () => {
  const moments = [
    { images: 0, training_cost: 2.3, validation_cost: 2.31 },
    { images: 50, training_cost: 2.2, validation_cost: 2.1 },
  ];
  const epochs = [{ epoch: 1, training_cost: 9, validation_cost: 9 }];
  assert.deepEqual(costsOf({ moments, epochs }), [
    { images: 0, training: 2.3, validation: 2.31, joined: true },
    { images: 50, training: 2.2, validation: 2.1, joined: true },
  ]);
});

test("where only the epochs' are known, nothing is made up before the first one's end", () => {
  const data = { training: { count: 100 } };
  const epochs = [0, 1, 2].map((epoch) => ({ epoch, training_cost: 3 - epoch, validation_cost: 1 }));
  const costs = costsOf({ data, epochs });
  assert.deepEqual(
    costs.map(({ images, training, joined }) => [images, training, joined]),
    [
      [0, 3, false],
      [100, 2, false],
      [200, 1, true],
    ],
  );
  const path = pathThrough(costs.map(({ images, joined }) => ({ x: images, y: 0, joined })));
  assert.deepEqual(path.match(/[ML][\d.]+/g), ["M0.0", "M100.0", "L200.0"]);
  assert.deepEqual(costsOf({}), []);
});

test("the charts of both networks have one range of costs and of images", () => {
  const cost = (/** @type {number} */ images, /** @type {number} */ training) => ({
    images,
    training,
    validation: 2 * training,
    joined: true,
  });
  const span = spanOf(
    [
      [cost(0, 1), cost(50, 0.2)],
      [cost(0, 1.5), cost(900, 0.01)],
    ],
    2.3,
  );
  assert.equal(span.most, 900);
  assert.ok(span.range.low < 0.01 && span.range.high > 3);
  assert.deepEqual(spanOf([], 2).most, 1);
});

test("costs are named at round levels, and never too many of them", () => {
  assert.deepEqual(levelsIn({ low: 0.19, high: 2.65 }), [0.2, 0.5, 1, 2]);
  assert.deepEqual(levelsIn({ low: 0.016, high: 2.65 }), [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]);
  assert.deepEqual(levelsIn({ low: 0.0007, high: 2.65 }), [0.001, 0.01, 0.1, 1]);
});

test("the cost of guessing is the facts', or else that of one in ten", () => {
  assert.equal(baseOf([{}, { base_cost: 2.5 }]), 2.5);
  assert.equal(baseOf([{}]), GUESSING);
});
