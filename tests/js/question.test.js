// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { isExact, queryOf } from "../../static/js/question.js";
import { DEFAULTS } from "../../static/js/settings.js";
import { UNMOVED } from "../../static/js/strokes.js";

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
