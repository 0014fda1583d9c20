// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.js";
import { textOf, tracedAt, tracedOf, wholeOf, wordsOf } from "../../static/js/insides/feed-forward.js";
import { DIGITS, EIGHT } from "../../static/js/insides/ranges.js";
import { inspectionOf, layer, random, tensor } from "./networks.js";

const WEIGHTS = new Map([
  ["layers.1.weight", tensor(8, 784)],
  ["layers.1.bias", tensor(8)],
  ["layers.3.weight", tensor(10, 8)],
  ["layers.3.bias", tensor(10)],
]);

/**
 * What a layer makes of its inputs, summed up from the bias on.
 *
 * @param {string} name
 * @param {readonly number[]} inputs
 */
const summed = (name, inputs) =>
  Array.from(WEIGHTS.get(`${name}.bias`)?.values ?? [], (bias, row) =>
    inputs.reduce(
      (sum, input, at) =>
        sum + input * (WEIGHTS.get(`${name}.weight`)?.values[row * inputs.length + at] ?? 0),
      bias,
    ),
  );

/**
 * @param {number} seed of the drawing
 * @param {number} [off] unit that is switched off
 */
function drawn(seed, off = -1) {
  const pixels = Array.from({ length: 784 }, (_, index) => Math.abs(random(index + seed)));
  const before = summed("layers.1", pixels);
  const after = before.map((value, unit) => (unit === off ? 0 : Math.max(0, value)));
  const logits = summed("layers.3", after);
  const inspection = inspectionOf("ff", [pixels, before, after, logits].map(layer));
  return { before, logits, whole: wholeOf(WEIGHTS, inspection, off < 0 ? [] : [`ff.2.${off}`]) };
}

test("what is traced comes back from the settings, and nothing that is not there", () => {
  for (const traced of [{ unit: 0 }, { digit: 9 }, { unit: 7, digit: 0 }])
    assert.deepEqual(tracedOf(textOf(traced)), traced);
  for (const text of ["", ".", "8.1", "1.10"]) assert.equal(tracedOf(text), null, text);
});

test("what the feed-forward net shows adds up, as shown, to what the network said", () => {
  const { before, logits, whole } = drawn(0);
  const cents = (/** @type {readonly number[]} */ values) =>
    values.reduce((sum, value) => sum + Math.round(100 * value), 0);
  for (const [digit, logit] of logits.entries())
    assert.equal(cents(whole.shares[digit] ?? []), Math.round(100 * logit));
  for (const [unit, value] of before.entries()) {
    assert.equal(cents([whole.sums[unit] ?? 0, whole.biases[unit] ?? 0]), Math.round(100 * value));
  }
});

test("biases read the same whatever is drawn", () => {
  const [one, other] = [drawn(1).whole, drawn(500).whole];
  assert.notDeepEqual(one.sums, other.sums);
  assert.deepEqual(one.biases, other.biases);
  assert.deepEqual(
    one.shares.map((row) => row.at(-1)),
    other.shares.map((row) => row.at(-1)),
  );
});

test("a unit that is switched off is said to be, with the sum it would have handed on, and adds 0", () => {
  const intact = drawn(1).whole;
  const speaking = intact.values.findIndex((value) => value > 1);
  const whole = drawn(1, speaking).whole;
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
  const whole = drawn(1).whole;
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
