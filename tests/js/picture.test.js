// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { inkOn, paperOf } from "../../static/js/picture.js";

test("ink shows on its paper, and paper is what most of the border is", () => {
  assert.deepEqual([inkOn("#ffffff"), inkOn("#101418")], ["#000000", "#ffffff"]);
  const data = Array.from({ length: 9 }, (_, index) =>
    index === 4 ? [0, 0, 0, 255] : [200, 180, 16, 255],
  ).flat();
  assert.equal(paperOf({ width: 3, height: 3, data }), "#c8b410");
});
