// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { curlOf, pythonOf } from "../../static/js/insides/requests.js";

test("requests name the address and hold the picture", () => {
  for (const text of [
    curlOf("http://x/inspect?a=1&b=2", "QUJD"),
    pythonOf("http://x/inspect?a=1&b=2", "QUJD"),
  ]) {
    assert.ok(text.includes("http://x/inspect?a=1&b=2") && text.includes("QUJD"));
  }
});
