// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { createStorage } from "../../static/js/storage.js";

/** @param {Record<string, string>} [held] */
function memory(held = {}) {
  const map = new Map(Object.entries(held));
  return /** @type {Storage} */ (
    /** @type {unknown} */ ({
      getItem: (/** @type {string} */ key) => map.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => map.set(key, value),
    })
  );
}

test("ink and pen come back as they were stored", () => {
  const held = memory();
  const storage = createStorage(() => held);
  storage.writeInk([[[0.25, 0.5]]]);
  storage.writePen(0.09);
  assert.deepEqual(storage.readInk(), [[[0.25, 0.5]]]);
  assert.equal(storage.readPen(), 0.09);
});

test("anything else in storage is as good as nothing", () => {
  for (const text of ["{", "7", "null", '[["x"]]']) {
    const storage = createStorage(() => memory({ "digits.ink": text, "digits.pen": text }));
    assert.deepEqual(storage.readInk(), []);
    assert.equal(storage.readPen(), null);
  }
});

test("where storage is forbidden the page works without it", () => {
  const storage = createStorage(() => {
    throw new DOMException("denied", "SecurityError");
  });
  storage.writeInk([[[0.5, 0.5]]]);
  storage.writePen(0.09);
  assert.deepEqual(storage.readInk(), []);
  assert.equal(storage.readPen(), null);
});
