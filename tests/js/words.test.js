// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import "./english.js";
import {
  agreement,
  announcement,
  finePercent,
  frameWords,
  percent,
  problemWords,
  ranking,
  verdictWords,
  waitingWords,
} from "../../static/js/words.js";

/** @import { Answer, Verdict } from "../../static/js/client.js" */

/**
 * @param {Record<number, number>} shares
 * @param {Verdict} [verdict]
 * @returns {Answer}
 */
function answer(shares, verdict = "digit") {
  const probabilities = Array.from({ length: 10 }, (_, digit) => shares[digit] ?? 0);
  const digit = ranking(probabilities)[0] ?? 0;
  return { digit, confidence: probabilities[digit] ?? 0, probabilities, verdict };
}

const blank = {
  digit: null,
  confidence: 0,
  probabilities: Array(10).fill(0.1),
  verdict: /** @type {const} */ ("blank"),
};
const named = (/** @type {(Answer | undefined)[]} */ ...answers) =>
  answers.map((given, index) => ({ title: `Net ${index + 1}`, answer: given }));

test("percent is 100 only where nothing is left for another digit", () => {
  assert.deepEqual([0, 0.004, 0.5, 0.996, 0.9996, 1].map(percent), [0, 0, 50, 99, 100, 100]);
});

test("percent with a decimal is 0 or 100 only for what is", () => {
  const shown = [0, 0.0004, 0.0005, 0.1234, 0.9992, 0.9996, 1].map(finePercent);
  assert.deepEqual(shown, ["0.0", "<0.1", "0.1", "12.3", "99.9", ">99.9", "100.0"]);
});

test("the verdict is sure from 90 percent on, as shown, and likely below", () => {
  assert.equal(verdictWords(answer({ 7: 0.98, 1: 0.02 }), ""), "sure");
  assert.equal(verdictWords(answer({ 7: 0.895 }), ""), "sure");
  assert.equal(verdictWords(answer({ 7: 0.894 }), ""), "likely");
  assert.equal(verdictWords(answer({ 7: 0.51, 1: 0.49 }), ""), "likely");
});

test("a verdict that is not sure names the second guess where it is close", () => {
  assert.equal(verdictWords(answer({ 4: 0.45, 9: 0.4 }, "unsure"), ""), "not sure: could be 4 or 9");
  assert.equal(verdictWords(answer({ 4: 0.45 }, "unsure"), ""), "not sure: perhaps 4");
  assert.equal(
    verdictWords({ ...answer({ 4: 0.98 }, "unsure"), evidence: 0.2 }, ""),
    "but looks like no digit",
  );
  assert.equal(verdictWords(blank, "no ink found"), "no ink found");
  assert.equal(verdictWords(undefined, "waiting for ink"), "waiting for ink");
});

test("the page says whether both networks agree", () => {
  const [seven, four, doubt] = [answer({ 7: 0.9 }), answer({ 4: 0.9 }), answer({ 7: 0.4 }, "unsure")];
  assert.deepEqual(agreement(named(seven, seven)), { text: "Both say 7", tone: "agree" });
  assert.deepEqual(agreement(named(seven, four)), { text: "They disagree: 7 or 4?", tone: "disagree" });
  assert.equal(agreement(named(seven, doubt)).text, "Both say 7, one is not sure");
  assert.equal(agreement(named(doubt, doubt)).text, "Perhaps a 7? Neither is sure");
  const [strange, other] = [four, seven].map((seen) => ({
    ...seen,
    verdict: /** @type {const} */ ("unsure"),
    evidence: 0.2,
  }));
  assert.equal(agreement(named(strange, other)).text, "This looks like no digit");
  assert.equal(agreement(named(strange, doubt)).text, "They disagree: 4 or 7?");
  assert.equal(agreement(named(undefined, undefined)).tone, "empty");
  assert.equal(agreement(named(blank, blank)).tone, "empty");
  const asked = { checkpoint: null, off: [], raw: false };
  assert.equal(agreement(named(seven, seven), { ...asked, checkpoint: 3 }).text, "Half-trained: Both say 7");
  assert.equal(agreement(named(seven, seven), { ...asked, checkpoint: 0 }).text, "Untrained: Both say 7");
  assert.equal(agreement(named(blank, blank), { ...asked, checkpoint: 3 }).text, "Draw a digit");
  assert.equal(agreement(named(seven, seven), { ...asked, off: ["ff.2.0"] }).text, "Units off: Both say 7");
  assert.equal(agreement(named(seven, seven), { ...asked, raw: true }).text, "Raw input: Both say 7");
});

test("a screen reader hears both answers with their certainty, and nothing for a blank pad", () => {
  const doubt = answer({ 4: 0.453, 9: 0.4 }, "unsure");
  assert.equal(
    announcement(named(answer({ 7: 0.93 }), doubt)),
    "Net 1: 7, 93 percent. Net 2: not sure, perhaps 4, 45 percent.",
  );
  assert.equal(announcement(named(blank, undefined)), "");
  const asked = { checkpoint: null, off: ["ff.2.0"], raw: false };
  assert.equal(announcement(named(answer({ 7: 0.93 })), asked), "Units off: Net 1: 7, 93 percent.");
  assert.equal(announcement(named(blank), asked), "");
});

test("a screen reader hears that it looks like no digit, whatever the ten probabilities are", () => {
  const letter = { ...answer({ 7: 0.97 }, "unsure"), evidence: 0.03 };
  assert.equal(announcement(named(letter)), "Net 1: looks like no digit; if it is one, 7, 97 percent.");
});

test("the frame has a text alternative that says where the ink is", () => {
  const frame = Array.from({ length: 28 }, (_, row) =>
    Array.from({ length: 28 }, (_, column) => (row >= 4 && row < 24 && column === 13 ? 1 : 0)),
  );
  assert.match(frameWords(frame), /ink in rows 5 to 24, columns 14 to 14/);
  assert.match(frameWords(null), /empty/);
});

test("without an answer the page says why", () => {
  const state = { problem: "", blank: false, answered: false };
  assert.equal(waitingWords(state), "reading …");
  assert.equal(waitingWords({ ...state, answered: true }), "no ink found");
  assert.equal(waitingWords({ ...state, blank: true }), "waiting for ink");
  assert.equal(waitingWords({ ...state, problem: "No." }), "no answer");
});

test("a problem is told in the server's words, or by its status, or as a server out of reach, and what comes next", () => {
  assert.equal(problemWords("Too much.", true), "Too much. Your drawing is kept; the page tries again.");
  assert.match(problemWords("502", false), /502.* draw on to try again/);
  assert.doesNotMatch(problemWords(null, true), /null/);
});
