// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULTS } from "../../static/js/settings.js";
import { createStorage } from "../../static/js/storage.js";
import { EMPTY, replace } from "../../static/js/strokes.js";
import { PICTURE } from "./pictures.js";

const SETTINGS = { ...DEFAULTS, raw: true, checkpoint: 2, off: ["ff.2.1"], panel: "break" };

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

const DRAWING = replace(replace(EMPTY, [[[0.25, 0.5]]], PICTURE), [[[0.25, 0.5]], [[1, 1]]]);

test("drawing, pen and settings come back as they were stored", () => {
  const held = memory();
  const storage = createStorage(() => held);
  storage.writeDrawing(DRAWING);
  storage.writePen(0.09);
  storage.writeSettings(SETTINGS);
  assert.deepEqual(storage.readDrawing(), DRAWING);
  assert.deepEqual(storage.readSettings(), SETTINGS);
  assert.equal(storage.readPen(), 0.09);
});

test("anything else in storage is as good as nothing", () => {
  for (const text of ["{", "7", "null", '[["x"]]']) {
    const storage = createStorage(() =>
      memory({ "digits.drawing": text, "digits.pen": text, "digits.settings": text }),
    );
    assert.deepEqual(storage.readDrawing(), EMPTY);
    assert.equal(storage.readPen(), null);
    assert.equal(storage.readSettings(), null);
  }
});

test("where storage is forbidden the page works without it", () => {
  const storage = createStorage(() => {
    throw new DOMException("denied", "SecurityError");
  });
  storage.writeDrawing(DRAWING);
  storage.writePen(0.09);
  assert.deepEqual(storage.readDrawing(), EMPTY);
  assert.equal(storage.readPen(), null);
});

test("where there is no room for the history the drawing is kept without it", () => {
  const held = memory();
  const { setItem } = held;
  held.setItem = (key, value) => {
    if (value.length > 200) throw new DOMException("full", "QuotaExceededError");
    setItem(key, value);
  };
  const storage = createStorage(() => held);
  storage.writeDrawing(DRAWING);
  assert.deepEqual(storage.readDrawing(), { ...EMPTY, ink: DRAWING.ink, picture: PICTURE });
});
