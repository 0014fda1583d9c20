// @ts-check
// Answers in words, for the eye and for screen readers. Pure.

import { DEFAULTS } from "./settings.js";
import { number, t } from "./texts.js";

/** @import { Answer, Frame } from "./client.js" */
/** @import { Settings } from "./settings.js" */

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
 * Percent with a decimal, for where they are added up: what is neither none nor all never reads like it.
 *
 * @param {number} probability 0 … 1
 */
export function finePercent(probability) {
  if (probability > 0 && probability < 0.0005) return `<${number(0.1, 1)}`;
  if (probability < 1 && probability >= 0.9995) return `>${number(99.9, 1)}`;
  return number(100 * probability, 1);
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
 * An answer, where it names a digit.
 *
 * @template {Answer} Given
 * @param {Given | undefined} answer
 */
export const readOf = (answer) =>
  answer && answer.digit !== null ? /** @type {Given & { digit: number }} */ (answer) : undefined;

/**
 * @param {Answer | undefined} given
 * @param {string} otherwise where there is none
 */
export function verdictWords(given, otherwise) {
  const answer = readOf(given);
  if (!answer) return otherwise;
  if (answer.verdict === "digit")
    return t(percent(answer.confidence) >= SURE ? "verdict.sure" : "verdict.likely");
  if (isNoDigit(answer)) return t("verdict.noDigit");
  const [, second = 0] = ranking(answer.probabilities);
  const close = (answer.probabilities[second] ?? 0) >= RUNNER_UP;
  return t(close ? "verdict.either" : "verdict.perhaps", { digit: answer.digit, second });
}

/**
 * What stands in an answer's place while there is none.
 *
 * @param {{ problem: string, blank: boolean, answered: boolean }} state answered: a network that says nothing saw no ink
 */
export function waitingWords({ problem, blank, answered }) {
  if (problem) return t("verdict.none");
  if (blank) return t("verdict.waiting");
  return t(answered ? "verdict.noInk" : "verdict.reading");
}

/**
 * @param {string | null} problem a status, what the server said of it, or null where it cannot be reached
 * @param {boolean} passing whether it is asked again by itself
 */
export function problemWords(problem, passing) {
  const kept = t(passing ? "problem.again" : "problem.kept");
  if (problem === null) return `${t("problem.unreachable")} ${kept}`;
  return `${/^\d+$/.test(problem) ? t("problem.status", { status: problem }) : problem} ${kept}`;
}

/** @param {Answer} answer */
const isNoDigit = (answer) => answer.verdict === "unsure" && (answer.evidence ?? 1) < 0.5;

/** @typedef {{ title: string, answer: Answer | undefined }} Named */
/** @typedef {Pick<Settings, "checkpoint" | "off" | "raw">} Asked */
/** @typedef {{ text: string, tone: "empty" | "agree" | "unsure" | "disagree" }} Line */

/**
 * What both networks say, in one line.
 *
 * @param {readonly Named[]} named
 * @param {Asked} [asked]
 * @returns {Line}
 */
export function agreement(named, asked = DEFAULTS) {
  const line = agreementNow(named);
  return line.tone === "empty" ? line : { ...line, text: altered(line.text, asked) };
}

/**
 * What is said, and first, where that is so, that the networks are not asked as they usually are.
 *
 * @param {string} text
 * @param {Asked} asked
 */
function altered(text, { checkpoint, off, raw }) {
  if (checkpoint !== null) return t(checkpoint === 0 ? "agreement.untrained" : "agreement.past", { text });
  if (off.length > 0) return t("agreement.off", { text });
  return raw ? t("agreement.raw", { text }) : text;
}

/**
 * @param {readonly Named[]} named
 * @returns {Line}
 */
function agreementNow(named) {
  const answers = named.flatMap(({ answer }) => readOf(answer) ?? []);
  const [first] = answers;
  if (!first || answers.length < named.length) return { text: t("agreement.empty"), tone: "empty" };
  if (answers.every(isNoDigit)) return { text: t("agreement.noDigit"), tone: "unsure" };
  const { digit } = first;
  if (answers.some((other) => other.digit !== digit)) {
    const digits = answers.map((other) => other.digit).join(` ${t("agreement.or")} `);
    return { text: t("agreement.disagree", { digits }), tone: "disagree" };
  }
  const sure = answers.filter(({ verdict }) => verdict === "digit").length;
  if (sure === answers.length) return { text: t("agreement.both", { digit }), tone: "agree" };
  return { text: t(sure > 0 ? "agreement.oneUnsure" : "agreement.neither", { digit }), tone: "unsure" };
}

/**
 * @param {readonly Named[]} named
 * @param {Asked} [asked]
 * @returns {string} empty where there is nothing to say
 */
export function announcement(named, asked = DEFAULTS) {
  const said = named.flatMap(({ title, answer: given }) => {
    const answer = readOf(given);
    if (!answer) return [];
    const sure = answer.verdict === "digit" ? "announcement.sure" : "announcement.unsure";
    const key = isNoDigit(answer) ? "announcement.noDigit" : sure;
    return [t(key, { title, digit: answer.digit, percent: percent(answer.confidence) })];
  });
  return said.length > 0 ? altered(said.join(" "), asked) : "";
}

/**
 * How many images the networks had seen at a moment of their training.
 *
 * @param {Readonly<Record<string, readonly number[]>>} moments by network
 * @param {number} at
 */
export function seenWords(moments, at) {
  const [ff, cnn] = [moments.ff, moments.cnn].map((counts) => number(counts?.[at] ?? 0));
  if (ff === cnn) return t("film.images", { images: ff ?? "" });
  return t("film.imagesEach", { ff: ff ?? "", cnn: cnn ?? "" });
}

/**
 * The frame for those who cannot see it.
 *
 * @param {Frame} frame
 */
export function frameWords(frame) {
  const inked = (/** @type {readonly number[]} */ values) => values.some((value) => value > 0.1);
  const rows = (frame ?? []).flatMap((row, index) => (inked(row) ? [index + 1] : []));
  const columns = (frame?.[0] ?? []).flatMap((_, index) =>
    inked((frame ?? []).map((row) => row[index] ?? 0)) ? [index + 1] : [],
  );
  if (rows.length === 0) return t("frame.empty");
  return t("frame.inked", {
    top: rows[0] ?? "",
    bottom: rows.at(-1) ?? "",
    left: columns[0] ?? "",
    right: columns.at(-1) ?? "",
  });
}
