// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { heed, weightsAt, weightsOf } from "../../static/js/insides/facts.js";

/** @import { Inspection } from "../../static/js/client.js" */

/** A safetensors file of one number. */
function file() {
  const header = JSON.stringify({ w: { dtype: "F32", shape: [1], data_offsets: [0, 4] } });
  const bytes = new ArrayBuffer(8 + header.length + 4);
  new DataView(bytes).setBigUint64(0, BigInt(header.length), true);
  new Uint8Array(bytes).set(new TextEncoder().encode(header), 8);
  return bytes;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test("a safetensors file is read by name, shape and number", () => {
  const header = JSON.stringify({
    __metadata__: {},
    w: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
  });
  const file = new ArrayBuffer(8 + header.length + 8);
  new DataView(file).setBigUint64(0, BigInt(header.length), true);
  new Uint8Array(file).set(new TextEncoder().encode(header), 8);
  new DataView(file).setFloat32(8 + header.length, 1.5, true);
  new DataView(file).setFloat32(12 + header.length, -2, true);
  assert.deepEqual([...weightsOf(file)], [["w", { shape: [1, 2], values: Float32Array.of(1.5, -2) }]]);
});

test("all who wait for weights are told, one that failed is told so, and it is asked for again", async (context) => {
  Object.assign(globalThis, { document: { baseURI: "http://digits/" } });
  const answers = [new Response("", { status: 503 }), new Response(file())];
  const asked = context.mock.method(globalThis, "fetch", async () => answers.shift() ?? Response.error());
  /** @type {string[]} */
  const told = [];
  const one = () => void told.push("one");
  const other = () => void told.push("other");
  const otherwise = () => void told.push("failed");
  assert.equal(weightsAt("ff", 3, one, otherwise), null);
  assert.equal(weightsAt("ff", 3, other), null);
  await settled();
  assert.deepEqual(told.splice(0), ["failed"]);
  for (const then of [one, other, one]) assert.equal(weightsAt("ff", 3, then, otherwise), null);
  await settled();
  assert.deepEqual(told, ["one", "other"]);
  assert.equal(weightsAt("ff", 3, one)?.size, 1);
  assert.equal(asked.mock.callCount(), 2);
});

test("what is kept is of no use once another version answers", async (context) => {
  Object.assign(globalThis, { document: { baseURI: "http://digits/" } });
  const asked = context.mock.method(globalThis, "fetch", async () => new Response(file()));
  /** @param {string} version */
  const answer = (version) =>
    /** @type {Inspection} */ (/** @type {unknown} */ ({ networks: { ff: { model: { version } } } }));
  for (const [version, times] of /** @type {const} */ ([
    ["a", 1],
    ["a", 1],
    ["b", 2],
  ])) {
    heed(answer(version));
    weightsAt("ff", 4, () => {});
    await settled();
    assert.equal(asked.mock.callCount(), times);
    assert.equal(weightsAt("ff", 4, () => {})?.size, 1);
  }
});
