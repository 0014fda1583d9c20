// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "../../static/js/client.js";

/** A server that answers when told to. */
function server() {
  /** @type {{ body: string, signal: AbortSignal | null | undefined, answer: (response: Response) => void, fail: () => void }[]} */
  const asked = [];
  /** @type {unknown[]} */
  const answers = [];
  /** @type {boolean[]} */
  const settled = [];
  /** @type {[problem: string | null, passing: boolean][]} */
  const problems = [];
  const client = createClient({
    fetch: async (_, init) => {
      const body = await new Response(init?.body).text();
      return new Promise((resolve, reject) => {
        const fail = () => reject(new TypeError("offline"));
        init?.signal?.addEventListener("abort", fail);
        asked.push({ body, signal: init?.signal, answer: resolve, fail });
      });
    },
    onAnswer: (answer, newest) => {
      answers.push(answer);
      settled.push(newest);
    },
    onProblem: (...problem) => problems.push(problem),
    patience: 1000,
  });
  return { asked, answers, settled, problems, client };
}

const picture = (/** @type {string} */ text) => async () => ({
  url: "inspect",
  body: new TextEncoder().encode(text),
});

/** Lets every promise settle; bodies are read in another thread, so turns of the loop do not count. */
const settle = () => sleep(30);

test("one request is in flight, and only the newest waits", async () => {
  const { asked, answers, settled, client } = server();
  for (const name of ["a", "b", "c"]) client.follow(picture(name));
  await settle();
  assert.deepEqual(
    asked.map(({ body }) => body),
    ["a"],
  );
  asked[0]?.answer(Response.json("A"));
  await settle();
  assert.deepEqual(answers, ["A"]);
  assert.deepEqual(
    asked.map(({ body }) => body),
    ["a", "c"],
  );
  asked[1]?.answer(Response.json("C"));
  await settle();
  assert.deepEqual(settled, [false, true]);
});

test("once the drawing rests, the newest is asked at once, and not a second time", async () => {
  const { asked, answers, client } = server();
  client.follow(picture("a"));
  client.flush();
  await settle();
  assert.equal(asked.length, 1);
  client.follow(picture("b"));
  client.flush();
  await settle();
  assert.equal(asked[0]?.signal?.aborted, true);
  asked[1]?.answer(Response.json("B"));
  await settle();
  assert.deepEqual([answers, asked.length], [["B"], 2]);
});

test("an overtaken request is aborted and its answer never shown", async () => {
  const { asked, answers, problems, client } = server();
  client.follow(picture("old"));
  await settle();
  client.overtake(picture("new"));
  await settle();
  assert.equal(asked[0]?.signal?.aborted, true);
  asked[0]?.answer(Response.json("OLD"));
  asked[1]?.answer(Response.json("NEW"));
  await settle();
  assert.deepEqual(answers, ["NEW"]);
  assert.deepEqual(problems, []);
});

test("a cancelled request says nothing, neither answer nor problem", async () => {
  const { asked, answers, problems, client } = server();
  client.follow(picture("a"));
  client.follow(picture("b"));
  await settle();
  client.cancel();
  asked[0]?.answer(Response.json("A"));
  await settle();
  assert.deepEqual([asked.length, answers, problems], [1, [], []]);
});

test("a problem's detail is passed on; a server without words gets its status named", async () => {
  const { asked, problems, client } = server();
  client.follow(picture("a"));
  await settle();
  asked[0]?.answer(Response.json({ detail: "The queue is full." }, { status: 503 }));
  await settle();
  client.follow(picture("b"));
  await settle();
  asked[1]?.answer(new Response("<html>", { status: 502 }));
  await settle();
  client.follow(picture("c"));
  await settle();
  asked[2]?.answer(Response.json({ detail: "Too large." }, { status: 422 }));
  await settle();
  assert.deepEqual(problems, [
    ["The queue is full.", true],
    ["502", true],
    ["Too large.", false],
  ]);
});

test("an unreachable server is a problem, and the next question is asked all the same", async () => {
  const { asked, answers, problems, client } = server();
  client.follow(picture("a"));
  await settle();
  asked[0]?.fail();
  await settle();
  assert.deepEqual(problems, [[null, true]]);
  client.follow(picture("b"));
  await settle();
  asked[1]?.answer(Response.json("B"));
  await settle();
  assert.deepEqual(answers, ["B"]);
});

test("a server that never answers counts as unreachable", async () => {
  const { problems, client } = server();
  client.follow(picture("a"));
  await sleep(1100);
  assert.deepEqual(problems, [[null, true]]);
});
