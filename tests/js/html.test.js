// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf } from "../../static/js/html.js";

test("with Alt, Ctrl or Cmd a key is the browser's", () => {
  /** @param {Partial<KeyboardEvent>} held */
  const pressed = (held) =>
    keyOf(
      /** @type {KeyboardEvent} */ ({
        key: "ArrowLeft",
        altKey: false,
        ctrlKey: false,
        metaKey: false,
        ...held,
      }),
    );
  assert.equal(pressed({}), "ArrowLeft");
  assert.equal(pressed({ shiftKey: true }), "ArrowLeft");
  for (const held of [{ altKey: true }, { ctrlKey: true }, { metaKey: true }])
    assert.equal(pressed(held), "");
});
