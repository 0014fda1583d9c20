// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { base64Of, bytesOf } from "../../static/js/base64.js";

test("every byte comes back, and what is not base64 is refused", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assert.deepEqual(bytesOf(base64Of(bytes)), bytes);
  assert.equal(base64Of(bytes), Buffer.from(bytes).toString("base64"));
  assert.throws(() => bytesOf("%"));
});
