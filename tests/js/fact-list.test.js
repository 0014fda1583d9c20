// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.js";
import { factWords, isListed, titleOf } from "../../static/js/insides/fact-list.js";

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
