// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.js";
import { diverging } from "../../static/js/insides/colours.js";
import {
  cellOf,
  mosaic,
  neighbour,
  sizeOf,
  textOf as textOfCell,
} from "../../static/js/insides/convolution.js";
import { factWords, isListed, titleOf } from "../../static/js/insides/fact-list.js";
import { weightsOf } from "../../static/js/insides/facts.js";
import { textOf as textOfTrace, tracedOf, wholeOf } from "../../static/js/insides/feed-forward.js";
import { curlOf, pythonOf } from "../../static/js/insides/requests.js";
import { inkOn, paperOf } from "../../static/js/picture.js";
import { isExact, queryOf } from "../../static/js/question.js";
import { DEFAULTS } from "../../static/js/settings.js";
import { UNMOVED } from "../../static/js/strokes.js";

test("a safetensors file is read by name, shape and number", () => {
  const header = JSON.stringify({
    __metadata__: {},
    w: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
  });
  const file = new ArrayBuffer(8 + header.length + 8);
  new DataView(file).setBigUint64(0, BigInt(header.length), true);
  new Uint8Array(file).set(new TextEncoder().encode(header), 8);
  new DataView(file).setFloat32(8 + header.length, 1.5, true);
  new DataView(file).setFloat32(12 + header.length, -2, true);
  assert.deepEqual([...weightsOf(file)], [["w", { shape: [1, 2], values: Float32Array.of(1.5, -2) }]]);
});

test("zero has the middle's colour, the largest numbers those of the ends", () => {
  const palette = /** @type {const} */ ({ plus: [0, 100, 0], zero: [200, 200, 200], minus: [100, 0, 0] });
  assert.deepEqual(diverging(0, 2, palette), [200, 200, 200]);
  assert.deepEqual(diverging(2, 2, palette), [0, 100, 0]);
  assert.deepEqual(diverging(-9, 2, palette), [100, 0, 0]);
  assert.deepEqual(diverging(1, 2, palette), [100, 150, 100]);
});

test("kernels lie side by side with gaps between them", () => {
  assert.deepEqual(mosaic(new Float32Array(25)), { values: Array(25).fill(0), columns: 5 });
  const eight = mosaic(Float32Array.from({ length: 200 }, (_, index) => Math.floor(index / 25)));
  assert.deepEqual([eight.columns, eight.values.length], [23, 23 * 11]);
  assert.deepEqual([eight.values[6], eight.values[6 * 23], eight.values[5]], [1, 4, Number.NaN]);
});

test("arrow keys lead from cell to cell, from map to map and from stage to stage", () => {
  assert.deepEqual(neighbour({ stage: 0, map: 0, row: 3, column: 13 }, "ArrowRight"), {
    stage: 0,
    map: 1,
    row: 3,
    column: 0,
  });
  assert.deepEqual(neighbour({ stage: 0, map: 2, row: 13, column: 12 }, "ArrowDown"), {
    stage: 1,
    map: 2,
    row: 0,
    column: 6,
  });
  assert.deepEqual(neighbour({ stage: 2, map: 7, row: 3, column: 3 }, "ArrowDown"), {
    stage: 3,
    map: 0,
    row: 0,
    column: 12,
  });
  assert.deepEqual(neighbour({ stage: 4, map: 0, row: 0, column: 9 }, "ArrowDown"), {
    stage: 4,
    map: 0,
    row: 0,
    column: 9,
  });
  assert.deepEqual(neighbour({ stage: 0, map: 0, row: 0, column: 0 }, "ArrowLeft"), {
    stage: 0,
    map: 0,
    row: 0,
    column: 0,
  });
  assert.deepEqual(sizeOf(2), { rows: 4, columns: 4, maps: 8 });
});

test("what is looked at comes back from the settings, and nothing that is not there", () => {
  for (const cell of [
    { stage: 0, map: 7, row: 13, column: 0 },
    { stage: 4, map: 0, row: 0, column: 9 },
  ])
    assert.deepEqual(cellOf(textOfCell(cell)), cell);
  for (const text of ["", "0.8.0.0", "0.0.14.0", "3.0.0.16", "5.0.0.0", "1.1.1"])
    assert.equal(cellOf(text), null, text);
  for (const traced of [{ unit: 0 }, { digit: 9 }, { unit: 7, digit: 0 }])
    assert.deepEqual(tracedOf(textOfTrace(traced)), traced);
  for (const text of ["", ".", "8.1", "1.10"]) assert.equal(tracedOf(text), null, text);
});

test("ink shows on its paper, and paper is what most of the border is", () => {
  assert.deepEqual([inkOn("#ffffff"), inkOn("#101418")], ["#000000", "#ffffff"]);
  const data = Array.from({ length: 9 }, (_, index) =>
    index === 4 ? [0, 0, 0, 255] : [200, 180, 16, 255],
  ).flat();
  assert.equal(paperOf({ width: 3, height: 3, data }), "#c8b410");
});

test("facts are written by what they are", () => {
  assert.equal(factWords("test.accuracy", 0.9945), "99.45 %");
  assert.equal(factWords("rejection.letters_pass", 0.031), "3.10 %");
  assert.equal(factWords("rejection.digits_pass.MNIST test digits", 0.99), "99.00 %");
  assert.equal(factWords("rejection.threshold", 0.75), "0.7500");
  assert.equal(factWords("training.non_digits", 0.25), "0.2500");
  assert.equal(factWords("parameters", 5658), "5,658");
  assert.equal(factWords("training.bfloat16", false), "no");
  assert.equal(factWords("framing.slant", [-0.25, 0.05]), "-0.25 … 0.05");
});

test("facts are left out by their whole path, and short ranges are none of them", () => {
  for (const path of ["training.epochs", "data.training.name", "data.test.count"])
    assert.equal(isListed(path, path.endsWith("name") ? "x" : 54), true, path);
  assert.equal(isListed("framing.stroke", [1.7, 2.2]), true);
  for (const path of ["name", "sha256", "data.training.sha256"])
    assert.equal(isListed(path, "x"), false, path);
  for (const list of [[{ epoch: 0 }, { epoch: 1 }], Array(10).fill(0.9), [[1, 2]]])
    assert.equal(isListed("epochs", list), false);
});

test("what an epoch consists of is told in words, and its pictures are not called digits", () => {
  const name = "165,000 MNIST training digits: training 3 times + 41,250 non-digits + 7 of mine";
  assert.equal(
    factWords("data.training.name", name),
    "165,000 MNIST training digits (3\u00a0×\u00a055,000) + 41,250 non-digits + 7 of mine",
  );
  assert.equal(factWords("data.test.name", "MNIST test digits"), "MNIST’s test digits");
  assert.equal(titleOf("data.training.count", "count"), "pictures per epoch");
  assert.equal(titleOf("data.test.count", "count"), "number of digits");
});

test("requests name the address and hold the picture", () => {
  for (const text of [
    curlOf("http://x/inspect?a=1&b=2", "QUJD"),
    pythonOf("http://x/inspect?a=1&b=2", "QUJD"),
  ]) {
    assert.ok(text.includes("http://x/inspect?a=1&b=2") && text.includes("QUJD"));
  }
});

test("what the feed-forward net shows adds up, as shown, to what the network said", () => {
  const random = (/** @type {number} */ seed) => (Math.sin(seed * 12.9898) * 43758.5453) % 1;
  const tensor = (/** @type {number[]} */ ...shape) => {
    const size = shape.reduce((product, side) => product * side, 1);
    return { shape, values: Float32Array.from({ length: size }, (_, index) => random(index + size)) };
  };
  const weights = new Map([
    ["layers.1.weight", tensor(8, 784)],
    ["layers.1.bias", tensor(8)],
    ["layers.3.weight", tensor(10, 8)],
    ["layers.3.bias", tensor(10)],
  ]);
  const dot = (/** @type {string} */ name, /** @type {number[]} */ inputs) => {
    const weight = weights.get(`${name}.weight`);
    const bias = weights.get(`${name}.bias`);
    return Array.from(bias?.values ?? [], (start, row) =>
      inputs.reduce((sum, input, at) => sum + input * (weight?.values[row * inputs.length + at] ?? 0), start),
    );
  };
  const pixels = Array.from({ length: 784 }, (_, index) => Math.abs(random(index)));
  const before = dot("layers.1", pixels);
  const after = before.map((value) => Math.max(0, value));
  const logits = dot("layers.3", after);
  const layers = [pixels, before, after, logits].map((values) => ({
    name: "",
    shape: [values.length],
    values,
  }));
  const answer = { digit: 0, confidence: 1, probabilities: logits, verdict: /** @type {const} */ ("digit") };
  const whole = wholeOf(weights, {
    frame: null,
    networks: { ff: { ...answer, layers, intact: null } },
    checkpoint: null,
  });
  const cents = (/** @type {readonly number[]} */ values) =>
    values.reduce((sum, value) => sum + Math.round(100 * value), 0);
  for (const [digit, logit] of logits.entries())
    assert.equal(cents(whole.shares[digit] ?? []), Math.round(100 * logit));
  for (const [unit, value] of before.entries()) {
    assert.equal(cents([whole.sums[unit] ?? 0, whole.biases[unit] ?? 0]), Math.round(100 * value));
  }
});

test("the question says how the drawing is looked at, and leaves out what is usual", () => {
  assert.equal(queryOf(DEFAULTS, ["ff", "cnn"]), "layers_of=ff&layers_of=cnn");
  const set = { ...DEFAULTS, raw: true, checkpoint: 0, off: ["ff.2.1", "cnn.5.0"] };
  assert.equal(queryOf(set, []), "layers=false&normalize=false&checkpoint=0&off=ff.2.1&off=cnn.5.0");
});

test("only an untouched digit of MNIST is sent as it is", () => {
  const digit = { url: "", side: 28, paper: "#ffffff", place: UNMOVED, label: "" };
  assert.equal(isExact({ ink: [], picture: digit }), true);
  assert.equal(isExact({ ink: [[[0.5, 0.5]]], picture: digit }), false);
  assert.equal(isExact({ ink: [], picture: { ...digit, place: [1, 0, 0, 1, 0.1, 0] } }), false);
  assert.equal(isExact({ ink: [], picture: { ...digit, side: 280 } }), false);
  assert.equal(isExact({ ink: [], picture: null }), false);
});
