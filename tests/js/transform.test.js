// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { boundingBox } from "../../static/js/geometry.js";
import {
  after,
  dragged,
  extent,
  fitted,
  grown,
  map,
  middle,
  moving,
  placedBox,
  scaleWithin,
  transformed,
  turning,
} from "../../static/js/insides/transform.js";
import { isInk, UNMOVED } from "../../static/js/strokes.js";

/** @import { Sheet } from "../../static/js/strokes.js" */

/** @type {Sheet} */
const SHEET = {
  ink: [
    [
      [0.3, 0.2],
      [0.3, 0.6],
    ],
    [[0.5, 0.4]],
  ],
  picture: null,
};

test("matrices are applied one after the other", () => {
  const [x, y] = map(after(moving(0.1, 0), turning(1, Math.PI / 2, [0, 0])), [0.5, 0]);
  assert.deepEqual(
    [x, y].map((value) => Math.round(1e9 * value) / 1e9),
    [0.1, 0.5],
  );
});

test("a drawing moved off the pad stays at its edge, whole", () => {
  const moved = transformed(SHEET, moving(5, -5));
  const box = boundingBox(moved.ink);
  assert.deepEqual([box?.right, box?.top], [0.995, 0.005]);
  assert.ok(isInk(moved.ink));
  assert.ok(Math.abs((box?.bottom ?? 0) - (box?.top ?? 0) - 0.4) < 1e-6);
});

test("a turned drawing that no longer fits is made smaller", () => {
  /** @type {Sheet} */
  const diagonal = {
    ink: [
      [
        [0.01, 0.01],
        [0.99, 0.99],
      ],
    ],
    picture: null,
  };
  const turned = transformed(diagonal, turning(1, Math.PI / 4, [0.5, 0.5]));
  assert.ok(isInk(turned.ink));
});

test("four quarter turns bring a drawing back", () => {
  let sheet = SHEET;
  for (let turn = 0; turn < 4; turn++) sheet = transformed(sheet, turning(1, Math.PI / 2, [0.4, 0.4]));
  for (const [index, [x, y]] of sheet.ink.flat().entries()) {
    const [u, v] = SHEET.ink.flat()[index] ?? [9, 9];
    assert.ok(Math.hypot(u - x, v - y) < 1e-5);
  }
});

test("a picture is moved by its place, and counts for the extent", () => {
  const picture = { url: "", side: 28, paper: "#ffffff", place: UNMOVED, label: "" };
  const moved = transformed({ ink: [], picture }, moving(0.25, 0));
  assert.deepEqual(moved.picture?.place, [1, 0, 0, 1, 0.25, 0]);
  assert.deepEqual(extent(moved), { left: 0.25, top: 0, right: 1.25, bottom: 1 });
});

test("scaling keeps a drawing within reach", () => {
  const box = { left: 0.2, top: 0.2, right: 0.6, bottom: 0.4 };
  assert.deepEqual(
    middle(box).map((value) => value.toFixed(1)),
    ["0.4", "0.3"],
  );
  assert.equal(scaleWithin(box, 100).toFixed(3), "2.500");
  assert.equal(scaleWithin(box, 0.001).toFixed(3), "0.200");
  assert.equal(scaleWithin(box, 1.1), 1.1);
});

test("a handle that turns a box stays under the pointer", () => {
  const box = { left: 0.3, top: 0.2, right: 0.7, bottom: 0.6 };
  const [start, now] = /** @type {const} */ ([
    [0.7, 0.2],
    [0.78, 0.4],
  ]);
  const matrix = dragged("turn", box, start, now);
  const { centre, width, height, angle } = placedBox(box, matrix);
  assert.deepEqual(
    [centre[0], centre[1], width, height].map((value) => Math.round(1e9 * value) / 1e9),
    [0.5, 0.4, 0.4, 0.4],
  );
  const [x, y] = map(turning(1, angle, centre), start);
  assert.ok(Math.abs(Math.atan2(y - centre[1], x - centre[0]) - Math.atan2(0, 0.28)) < 1e-9);
});

test("a handle that moves or scales does just that", () => {
  const box = { left: 0.3, top: 0.2, right: 0.7, bottom: 0.6 };
  assert.deepEqual(dragged("move", box, [0.5, 0.5], [0.75, 0.25]), moving(0.25, -0.25));
  const { width, angle } = placedBox(box, dragged("scale", box, [0.7, 0.6], [0.6, 0.5]));
  assert.deepEqual([width.toFixed(3), angle], ["0.200", 0]);
});

test("the box is where the drawing is, even where that was brought back onto the pad", () => {
  const from = extent(SHEET) ?? { left: 0, top: 0, right: 0, bottom: 0 };
  const matrix = fitted(SHEET, moving(5, -5));
  const { centre } = placedBox(from, matrix);
  const to = middle(extent(transformed(SHEET, moving(5, -5))) ?? from);
  assert.ok(Math.hypot(centre[0] - to[0], centre[1] - to[1]) < 1e-5);
});

test("the pen's width belongs to the box, as far as the pad goes", () => {
  const box = { left: 0.02, top: 0.5, right: 0.5, bottom: 0.99 };
  assert.deepEqual(grown(box, 0.1), { left: 0, top: 0.45, right: 0.55, bottom: 1 });
});
