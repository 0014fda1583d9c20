// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.js";
import { DEFAULTS } from "../../static/js/settings.js";
import { alteredWords } from "../../static/js/summary.js";

test("a network as it was while it learnt is named with its own count of images", () => {
  const moments = { cnn: [0, 1690250], ff: [0, 731741] }; // in the server's order, which is not the page's
  const words = alteredWords({ ...DEFAULTS, checkpoint: 1, raw: true }, moments);
  const [seen, more] = [
    "After 731,741 images (feed-forward) and 1,690,250 (convolutional)",
    "raw input – back to normal",
  ];
  assert.equal(words, `${seen}, ${more}`);
  assert.match(alteredWords({ ...DEFAULTS, checkpoint: 0 }, moments), /^After 0 images – /);
  assert.equal(alteredWords(DEFAULTS, moments), "");
});
