// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.js";
import { scaleOf } from "../../static/js/insides/colours.js";
import { HIDDEN, isOff, isSame, layersOf, OUTPUTS, takenApart } from "../../static/js/insides/convolution.js";
import { tracedAt, wholeOf, wordsOf } from "../../static/js/insides/feed-forward.js";
import { DIGITS, EIGHT } from "../../static/js/insides/ranges.js";

/** @import { Inspection, Layer } from "../../static/js/client.js" */
/** @import { Tensor } from "../../static/js/insides/facts.js" */

const random = (/** @type {number} */ seed) => (Math.sin(seed * 12.9898) * 43758.5453) % 1;

/**
 * @param {...number} shape
 * @returns {Tensor}
 */
function tensor(...shape) {
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, values: Float32Array.from({ length: size }, (_, index) => random(index + size)) };
}

const layer = (
  /** @type {number[]} */ values,
  /** @type {number[]} */ shape = [values.length],
  name = "",
) => ({
  name,
  shape,
  values,
});

/**
 * @param {string} name
 * @param {Layer[]} layers
 * @returns {Inspection}
 */
const inspectionOf = (name, layers) => ({
  frame: Array.from({ length: 28 }, () => Array(28).fill(0.5)),
  networks: {
    [name]: {
      digit: 0,
      confidence: 1,
      probabilities: Array(10).fill(0.1),
      verdict: "digit",
      layers,
      intact: null,
    },
  },
  checkpoint: null,
});

const feedForward = new Map([
  ["layers.1.weight", tensor(8, 784)],
  ["layers.1.bias", tensor(8)],
  ["layers.3.weight", tensor(10, 8)],
  ["layers.3.bias", tensor(10)],
]);

/**
 * @param {number} seed of the drawing
 * @param {number} [off] unit that is switched off
 */
function wholeOfDrawing(seed, off = -1) {
  const dot = (/** @type {string} */ name, /** @type {number[]} */ inputs) =>
    Array.from(feedForward.get(`${name}.bias`)?.values ?? [], (bias, row) =>
      inputs.reduce(
        (sum, input, at) =>
          sum + input * (feedForward.get(`${name}.weight`)?.values[row * inputs.length + at] ?? 0),
        bias,
      ),
    );
  const pixels = Array.from({ length: 784 }, (_, index) => Math.abs(random(index + seed)));
  const before = dot("layers.1", pixels);
  const after = before.map((value, unit) => (unit === off ? 0 : Math.max(0, value)));
  const layers = [pixels, before, after, dot("layers.3", after)].map((values) => layer(values));
  return wholeOf(feedForward, inspectionOf("ff", layers), off < 0 ? [] : [`ff.2.${off}`]);
}

test("biases read the same whatever is drawn", () => {
  const [one, other] = [wholeOfDrawing(1), wholeOfDrawing(500)];
  assert.notDeepEqual(one.sums, other.sums);
  assert.deepEqual(one.biases, other.biases);
  assert.deepEqual(
    one.shares.map((row) => row.at(-1)),
    other.shares.map((row) => row.at(-1)),
  );
});

test("a unit that is switched off is said to be, with the sum it would have handed on, and adds 0", () => {
  const intact = wholeOfDrawing(1);
  const speaking = intact.values.findIndex((value) => value > 1);
  const whole = wholeOfDrawing(1, speaking);
  const words = wordsOf(whole, { unit: speaking });
  assert.match(
    words,
    new RegExp(`that is ${intact.values[speaking]?.toFixed(2)}\\. But the unit is switched off`),
  );
  assert.doesNotMatch(words, /not above zero/);
  assert.match(
    wordsOf(whole, { unit: speaking, digit: 4 }),
    /switched off, so it adds 0\.00 to the 4’s logit/,
  );
  assert.ok(whole.shares.every((row) => row[speaking] === 0));
});

test("whoever multiplies what is said of a unit's part gets what is said, and signs are written alike", () => {
  const whole = wholeOfDrawing(1);
  for (const digit of DIGITS) {
    for (const unit of EIGHT) {
      const said = wordsOf(whole, { unit, digit });
      const [value, weight, share] =
        /on (\S+)\. Times .*, (\S+), it adds (\S+) to/.exec(said)?.slice(1) ?? [];
      assert.equal((Number(value) * Number(weight)).toFixed(3).replace("-0.000", "0.000"), share, said);
    }
    assert.doesNotMatch(wordsOf(whole, { digit }), /−/);
  }
});

test("every cell of the table traces its unit, its digit or both", () => {
  assert.deepEqual(tracedAt(3, undefined), { unit: 2 });
  assert.deepEqual(tracedAt(3, 7), { unit: 2, digit: 7 });
  assert.deepEqual([tracedAt(0, 7), tracedAt(10, 7)], [{ digit: 7 }, { digit: 7 }]);
  assert.deepEqual([tracedAt(0, undefined), tracedAt(9, undefined)], [null, null]);
});

test("the scale of pictures says at which end colours are clipped", () => {
  const weights = Array.from({ length: 200 }, () => 1.5);
  assert.deepEqual(scaleOf([1, -2, 0]), { most: 2, under: false, over: false });
  assert.deepEqual(scaleOf([...weights, 90]), { most: 1.5, under: false, over: true });
  assert.deepEqual(scaleOf([...weights, -90]), { most: 1.5, under: true, over: false });
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
