// @ts-check
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

const SCRIPTS = new URL("../../static/js/", import.meta.url);

test("no script but main.js touches the page when it is imported", async () => {
  const names = readdirSync(SCRIPTS, { recursive: true }).map(String);
  const parts = names.filter((name) => name.endsWith(".js") && name !== "main.js");
  assert.ok(parts.length > 50);
  for (const name of parts) await import(new URL(name, SCRIPTS).href); // in Node there is no page to touch
});
