// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { palette } from "../../static/js/insides/colours.js";
import { onTheme, themeNow } from "../../static/js/theme.js";

const BLACK = { plus: [0, 0, 0], zero: [0, 0, 0], minus: [0, 0, 0] };

test("colours are read once per theme, and whoever shows them hears of another", (context) => {
  const dark = Object.assign(new EventTarget(), { matches: false });
  const forced = Object.assign(new EventTarget(), { matches: false });
  const style = { getPropertyValue: () => (dark.matches ? "#ffffff" : "#000000") };
  const read = context.mock.fn(() => style);
  Object.assign(globalThis, {
    matchMedia: (/** @type {string} */ query) => (query.includes("dark") ? dark : forced),
    document: {},
    getComputedStyle: read,
  });
  const heard = context.mock.fn();
  onTheme(heard);
  const light = [themeNow(), palette(), palette()];
  dark.matches = true;
  dark.dispatchEvent(new Event("change"));
  assert.notEqual(themeNow(), light[0]);
  assert.deepEqual([palette().plus, light[1], light[2]], [[255, 255, 255], BLACK, BLACK]);
  assert.deepEqual([heard.mock.callCount(), read.mock.callCount()], [1, 2]);
});
