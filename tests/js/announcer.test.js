// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { mountAnnouncer } from "../../static/js/announcer.js";

test("only the settled answer is announced", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const region = { textContent: "" };
  const update = mountAnnouncer(region);
  update({ announcement: "The pad is empty." }); // what the page begins with
  context.mock.timers.tick(800);
  assert.equal(region.textContent, "");
  update({ announcement: "7, 60 percent." });
  context.mock.timers.tick(500);
  update({ announcement: "7, 93 percent." });
  context.mock.timers.tick(500);
  assert.equal(region.textContent, "");
  update({ announcement: "7, 93 percent." });
  context.mock.timers.tick(200);
  assert.equal(region.textContent, "7, 93 percent.");
});
