// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { PANELS } from "../../static/js/panel-list.js";
import {
  asksOtherwise,
  DEFAULTS,
  settingsOf,
  shownPanel,
  toggled,
  within,
} from "../../static/js/settings.js";

test("what is not understood is left at its default", () => {
  assert.deepEqual(settingsOf(new URLSearchParams("raw=yes&at=-1&off=rnn.1.2,x&panel=<b>")), DEFAULTS);
});

test("hidden panels do not open", () => {
  assert.equal(shownPanel(DEFAULTS), "ff");
  assert.equal(shownPanel({ ...DEFAULTS, hide: ["ff"] }), "cnn");
  assert.equal(shownPanel({ ...DEFAULTS, hide: [...PANELS] }), null);
});

test("a unit is switched off and on again", () => {
  assert.deepEqual(toggled(toggled(["ff.2.0"], "cnn.2.1"), "ff.2.0"), ["cnn.2.1"]);
});

test("the server is asked anew only for what changes its answer", () => {
  assert.equal(
    asksOtherwise(DEFAULTS, { ...DEFAULTS, trace: "3.7", cell: "0.0.0.0", digit: "test.1" }),
    false,
  );
  for (const changed of [{ raw: true }, { checkpoint: 0 }, { off: ["ff.2.1"] }, { panel: "cnn" }])
    assert.equal(asksOtherwise(DEFAULTS, { ...DEFAULTS, ...changed }), true, JSON.stringify(changed));
});

test("a moment of training that the networks do not have is none", () => {
  const at = (/** @type {number | null} */ checkpoint) => within(3, { ...DEFAULTS, checkpoint }).checkpoint;
  assert.deepEqual([at(0), at(2), at(3), at(null)], [0, 2, null, null]);
});
