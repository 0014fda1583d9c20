// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { neighbourOf } from "../../static/js/panels/evidence-confusion.js";

test("arrow keys walk over the table of confusions and stop at its edges", () => {
  assert.deepEqual(neighbourOf({ label: 0, said: 3 }, "ArrowUp"), { label: 0, said: 3 });
  assert.deepEqual(neighbourOf({ label: 0, said: 3 }, "ArrowDown"), { label: 1, said: 3 });
  assert.deepEqual(neighbourOf({ label: 4, said: 3 }, "End"), { label: 4, said: 9 });
  assert.equal(neighbourOf({ label: 4, said: 3 }, "a"), null);
});
