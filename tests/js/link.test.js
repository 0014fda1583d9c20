// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { fragmentOf, linkOf } from "../../static/js/link.js";
import { DEFAULTS } from "../../static/js/settings.js";

/** @import { Grey } from "../../static/js/picture-grey.js" */
/** @import { Settings } from "../../static/js/settings.js" */
/** @import { Ink } from "../../static/js/strokes.js" */

/** @type {Settings} */
const SET = {
  raw: true,
  checkpoint: 3,
  off: ["ff.2.1", "cnn.5.7"],
  panel: "film",
  digit: "train.17",
  trace: "3.7",
  cell: "1.7.13.0",
  spared: ["film"],
  hide: ["ff", "data"],
};

/** @type {Grey} */
const GREY = {
  side: 2,
  levels: [0, 255, 254, 62],
  paper: "#fe00a1",
  place: [0.5, 0, 0, 0.5, 0.25, -0.125],
  label: "It’s 100 % a 7 & more",
};

test("a picture comes back from its link with all that is known of it", () => {
  assert.deepEqual(linkOf(fragmentOf({ ink: [], grey: GREY }, 0.07, DEFAULTS)).grey, GREY);
});

test("a picture that is cut short, or nowhere, is none", () => {
  const whole = fragmentOf({ ink: [], grey: GREY }, null, DEFAULTS);
  for (const broken of [
    whole.replace("picture=A", "picture="),
    whole.replace("place=0.5,", "place="),
    "#picture=AA",
  ])
    assert.deepEqual([linkOf(broken).grey, linkOf(broken).broken], [null, true], broken);
});

test("a drawing comes back from its link, to within half a step", () => {
  /** @type {Ink} */
  const ink = [[[0, 1]], Array.from({ length: 300 }, (_, index) => [index / 299, 0.123])];
  const back = linkOf(fragmentOf({ ink, grey: null }, 0.09, DEFAULTS)).ink;
  assert.deepEqual(
    back?.map((stroke) => stroke.length),
    [1, 300],
  );
  for (const [index, [x, y]] of (ink.flat() ?? []).entries()) {
    const [u, v] = back?.flat()[index] ?? [2, 2];
    assert.ok(Math.hypot(u - x, v - y) < 0.004);
  }
});

test("pen and settings come back from a link as they were", () => {
  const back = linkOf(fragmentOf({ ink: [[[0.5, 0.5]]], grey: null }, 0.09, SET));
  assert.deepEqual([back.pen, back.settings, back.hide], [0.09, SET, ["ff", "data"]]);
  assert.deepEqual(linkOf(fragmentOf({ ink: [], grey: null }, 0.09, SET)), {
    ink: null,
    grey: null,
    pen: null,
    settings: SET,
    hide: SET.hide,
    broken: false,
  });
});

test("a link holds only characters that a fragment may hold", () => {
  assert.match(
    fragmentOf({ ink: [[[0.99, 0.98]], [[0.243, 0.9]]], grey: GREY }, 0.07, SET),
    /^#ink=[\w-]+&pen=7&picture=[\w-]+&[\w=.,&%-]+&raw=1&[\w=.,&]+$/,
  );
});

test("any other fragment is no drawing and no setting", () => {
  for (const fragment of ["", "#how", "#ink=", "#ink=%", "#ink=AAAA", "#ink=__8A", "#ink=AAE", "#pen=x"]) {
    assert.deepEqual(
      linkOf(fragment),
      { ink: null, grey: null, pen: null, settings: null, hide: [], broken: fragment.startsWith("#ink") },
      fragment,
    );
  }
});
