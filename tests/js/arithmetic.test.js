// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as arithmetic from "../../static/js/insides/arithmetic.js";

const cents = (/** @type {readonly number[]} */ values) =>
  values.reduce((total, value) => total + Math.round(100 * value), 0);

test("rounded parts and a constant add up to the rounded total, each by less than a unit and a half", () => {
  for (const [constant, ...parts] of [
    [0, 0.004, 0.004, 0.004],
    [0.3333, -1.005, 2.337, 0.0049],
    [-2.4951, 1 / 3, 1 / 3, 1 / 3],
    [0.985, -0.0049, -0.0049, 5],
  ]) {
    const total = arithmetic.sum([constant ?? 0, ...parts]);
    const shown = arithmetic.addingUp(parts, constant ?? 0, total, 2);
    const all = [...shown, arithmetic.rounded(constant ?? 0, 2)];
    assert.equal(cents(all), cents([arithmetic.rounded(total, 2)]));
    for (const [index, part] of parts.entries()) assert.ok(Math.abs((shown[index] ?? 9) - part) < 0.015);
  }
});

test("a part of 0 stays 0, whatever rounding leaves over", () => {
  assert.deepEqual(arithmetic.addingUp([0, 0.004, 0, 0.004], 0.003, 0.011, 2), [0, 0.01, 0, 0]);
  assert.deepEqual(arithmetic.addingUp([0, 0], 0.25, 0.25, 2), [0, 0]);
});

test("a total that differs in the sixth place from the sum is still met exactly", () => {
  assert.equal(arithmetic.sum(arithmetic.addingUp([0.5, 0.25], 0, 0.750001, 2)), 0.75);
  assert.equal(arithmetic.sum(arithmetic.addingUp([1], 1, 1.994, 2)).toFixed(2), "0.99");
});

test("full colour leaves out one in a hundred, and zeros have no say in it", () => {
  const weights = Array.from({ length: 200 }, (_, index) => (index === 7 ? -50 : 1 + index / 200));
  assert.deepEqual(arithmetic.ample([...weights, ...Array(5000).fill(0)]), arithmetic.ample(weights));
  assert.ok(arithmetic.ample(weights) < 2);
  assert.equal(arithmetic.ample([0.5, -3, 1]), 3);
  assert.equal(arithmetic.ample([0, 0]), 0);
});

test("contributions are weight times value, per output", () => {
  const weight = { shape: [2, 3], values: Float32Array.of(1, 2, 3, -1, 0, 4) };
  assert.deepEqual(arithmetic.contributions(weight, [1, 0.5, 2]), [
    [1, 1, 6],
    [-1, 0, 8],
  ]);
});

test("the receptive field grows from layer to layer and ends at the frame's border", () => {
  const kinds = ["Conv2d", "MaxPool2d", "ReLU", "Conv2d", "MaxPool2d", "ReLU", "Conv2d", "MaxPool2d", "ReLU"];
  const sides = [3, 6, 9].map((count) => {
    const patch = arithmetic.receptiveField(kinds.slice(0, count), 1, 1, 1000);
    return [patch.top, patch.bottom];
  });
  assert.deepEqual(sides, [
    [0, 5],
    [0, 13],
    [0, 29],
  ]);
  const middle = arithmetic.receptiveField(kinds.slice(0, 6), 3, 3, 28);
  assert.deepEqual(middle, { top: 6, left: 6, bottom: 21, right: 21 });
  assert.deepEqual(arithmetic.receptiveField(kinds, 3, 3, 28), { top: 10, left: 10, bottom: 27, right: 27 });
});

test("pooling takes the largest of what is there", () => {
  const values = [1, 2, 3, 4, 9, 5, 7, 8, 6]; // 3 × 3: the last row and column stand alone
  assert.deepEqual(arithmetic.winner(values, 3, 0, 0), { row: 1, column: 1, value: 9 });
  assert.deepEqual(arithmetic.winner(values, 3, 1, 1), { row: 2, column: 2, value: 6 });
});

test("a convolution's cell is the sum of kernel times patch over all channels, with 0 around the picture", () => {
  const kernel = Float32Array.from({ length: 50 }, (_, index) => (index < 25 ? 1 : 2));
  const channels = [
    [1, 2, 3, 4],
    [1, 1, 1, 1],
  ];
  const parts = arithmetic.convolved({ shape: [1, 2, 5, 5], values: kernel }, channels, 2, 0, 0, 0);
  assert.deepEqual(
    parts.map((part) => part.sum),
    [10, 8],
  );
  assert.deepEqual(arithmetic.under([1, 2, 3, 4], 2, 0, 0).slice(10, 15), [0, 0, 1, 2, 0]);
});
