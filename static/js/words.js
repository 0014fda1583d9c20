// @ts-check
// Answers in words, for the eye and for screen readers. Pure.

/** @import { Answer } from "./client.js" */

const RUNNER_UP = 0.1; // probability from which a second guess is worth naming
const SURE = 90; // percent

/**
 * Whole percent; 100 only where no other digit has any part in it.
 *
 * @param {number} probability 0 … 1
 */
export function percent(probability) {
  if (probability >= 0.9995) return 100;
  return Math.min(99, Math.round(probability * 100));
}

/**
 * The digits, likeliest first.
 *
 * @param {readonly number[]} probabilities
 * @returns {number[]}
 */
export function ranking(probabilities) {
  const digits = probabilities.map((_, digit) => digit);
  return digits.sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0));
}

/**
 * @param {Answer | undefined} answer
 * @param {string} [otherwise] where there is none
 */
export function verdictWords(answer, otherwise = "waiting for ink") {
  if (!answer || answer.digit === null) return otherwise;
  if (answer.verdict === "digit") return percent(answer.confidence) >= SURE ? "sure" : "likely";
  const [, second = 0] = ranking(answer.probabilities);
  const close = (answer.probabilities[second] ?? 0) >= RUNNER_UP;
  return close ? `not sure: could be ${answer.digit} or ${second}` : `not sure: perhaps ${answer.digit}`;
}

/** @typedef {{ title: string, answer: Answer | undefined }} Named */

/**
 * What both networks say, in one line.
 *
 * @param {readonly Named[]} named
 * @returns {{ text: string, tone: "empty" | "agree" | "unsure" | "disagree" }}
 */
export function agreement(named) {
  const answers = named.flatMap(({ answer }) => (answer && answer.digit !== null ? [answer] : []));
  const [first] = answers;
  if (!first || answers.length < named.length) return { text: "Draw a digit", tone: "empty" };
  if (answers.some(({ digit }) => digit !== first.digit)) {
    return { text: `They disagree: ${answers.map(({ digit }) => digit).join(" or ")}?`, tone: "disagree" };
  }
  const sure = answers.filter(({ verdict }) => verdict === "digit").length;
  if (sure === answers.length) return { text: `Both say ${first.digit}`, tone: "agree" };
  if (sure > 0) return { text: `Both say ${first.digit}, one is not sure`, tone: "unsure" };
  return { text: `Perhaps a ${first.digit}? Neither is sure`, tone: "unsure" };
}

/**
 * @param {readonly Named[]} named
 * @returns {string} empty where there is nothing to say
 */
export function announcement(named) {
  const said = named.flatMap(({ title, answer }) => {
    if (!answer || answer.digit === null) return [];
    const doubt = answer.verdict === "unsure" ? "not sure, perhaps " : "";
    return [`${title}: ${doubt}${answer.digit}, ${percent(answer.confidence)} percent.`];
  });
  return said.join(" ");
}

/**
 * The frame for those who cannot see it.
 *
 * @param {readonly (readonly number[])[] | null} frame 28 rows of 28 values, 0 … 1
 */
export function frameWords(frame) {
  const inked = (/** @type {readonly number[]} */ values) => values.some((value) => value > 0.1);
  const rows = (frame ?? []).flatMap((row, index) => (inked(row) ? [index + 1] : []));
  const columns = (frame?.[0] ?? []).flatMap((_, index) =>
    inked((frame ?? []).map((row) => row[index] ?? 0)) ? [index + 1] : [],
  );
  if (rows.length === 0) return "The networks' picture, 28 by 28 pixels: empty.";
  return (
    `The networks' picture, 28 by 28 pixels: ink in rows ${rows[0]} to ${rows.at(-1)}, ` +
    `columns ${columns[0]} to ${columns.at(-1)}.`
  );
}
