// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { fragmentOf, inkOf } from "../../static/js/link.js";

/** @import { Ink } from "../../static/js/strokes.js" */

test("a drawing comes back from its link, to within half a step", () => {
  /** @type {Ink} */
  const ink = [[[0, 1]], Array.from({ length: 300 }, (_, index) => [index / 299, 0.123])];
  const back = inkOf(fragmentOf(ink));
  assert.deepEqual(
    back?.map((stroke) => stroke.length),
    [1, 300],
  );
  for (const [index, [x, y]] of (ink.flat() ?? []).entries()) {
    const [u, v] = back?.flat()[index] ?? [2, 2];
    assert.ok(Math.hypot(u - x, v - y) < 0.004);
  }
});

test("a link holds only characters that a fragment may hold", () => {
  assert.match(fragmentOf([[[0.99, 0.98]], [[0.243, 0.9]]]), /^#ink=[\w-]+$/);
});

test("any other fragment is no drawing", () => {
  for (const fragment of ["", "#how", "#ink=", "#ink=%", "#ink=AAAA", "#ink=__8A", "#ink=AAE"]) {
    assert.equal(inkOf(fragment), null, fragment);
  }
});
