// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { packed, unpacked } from "../../static/js/history.js";
import { begin, clear, EMPTY, extend, redo, replace, undo } from "../../static/js/strokes.js";
import { PICTURE } from "./pictures.js";

/** @param {unknown} value */
const stored = (value) => JSON.parse(JSON.stringify(value));

test("a drawing comes back with all that can be undone and redone", () => {
  let drawing = extend(begin(EMPTY, [0, 0.5]), [[1, 0.25]]);
  drawing = replace(begin(drawing, [0.5, 0.5]), drawing.ink, PICTURE);
  for (const drawn of [
    EMPTY,
    drawing,
    undo(drawing),
    undo(undo(drawing)),
    clear(drawing),
    undo(clear(drawing)),
  ]) {
    const back = unpacked(stored(packed(drawn)));
    assert.deepEqual(back, drawn);
    assert.deepEqual(back && redo(back), redo(drawn));
  }
});

test("a stroke is held once, however many sheets it is on, and the history does not grow for ever", () => {
  let drawing = EMPTY;
  for (let count = 0; count < 100; count++) drawing = begin(drawing, [count / 100, 0]);
  const { strokes, past } = packed(drawing);
  assert.deepEqual([strokes.length, past.length], [100, 30]);
  assert.deepEqual(unpacked(packed(drawing))?.ink, drawing.ink);
  assert.deepEqual(packed(drawing, 0).past, []);
});

test("anything else is no drawing", () => {
  const sound = packed(begin(EMPTY, [0, 0]));
  for (const broken of [
    ...[
      null,
      7,
      "x",
      [],
      {},
      { ...sound, now: null },
      { ...sound, now: [[7], -1] },
      { ...sound, now: [[0], 3] },
    ],
    ...[
      { ...sound, strokes: [[["x", 0]]] },
      { ...sound, past: 3 },
      { ...sound, pictures: [{}] },
    ],
    { ...sound, future: [[[9], -1]] },
  ])
    assert.equal(unpacked(broken), null, JSON.stringify(broken));
});
