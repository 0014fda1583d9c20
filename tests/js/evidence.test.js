// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.js";
import { barStart } from "../../static/js/panels/evidence.js";

test("bars begin below all values, as near as a round share is", () => {
  assert.equal(barStart([0.9875, 0.997]), 0.98);
  assert.equal(barStart([0.889, 0.975]), 0.8);
  assert.equal(barStart([0.1]), 0);
  assert.equal(barStart([]), 0);
});
