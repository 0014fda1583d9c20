// @ts-check
// Live questions to the server: one in flight, only the newest waiting.

import { has, t } from "./texts.js";

/** @import { Png } from "./png.js" */
/** @typedef {"digit" | "unsure" | "blank"} Verdict */
/**
 * @typedef {object} Answer
 * @property {number | null} digit
 * @property {number} confidence
 * @property {readonly number[]} probabilities index = digit
 * @property {Verdict} verdict
 * @property {number} [evidence] the probability that it is a digit at all
 * @property {{ version: string }} [model] the weights that gave it
 */
/** @typedef {{ name: string, shape: readonly number[], values: readonly number[] }} Layer */
/**
 * @typedef {object} Inside what a network says of how it came to its answer
 * @property {readonly Layer[]} layers empty where they were not asked for
 * @property {readonly number[] | null} intact the probabilities with nothing switched off; null where nothing is
 */
/** @typedef {readonly (readonly number[])[] | null} Frame  28 rows of 28 values, 0 … 1 */
/**
 * @typedef {object} Inspection
 * @property {Frame} frame
 * @property {Record<string, Answer & Inside>} networks
 * @property {number | null} checkpoint
 */
/** @typedef {{ url: string | URL, body: Png }} Question */
/** @typedef {() => Promise<Question>} Asking  the picture is encoded only when its turn comes */
/**
 * @typedef {object} Options
 * @property {(inspection: Inspection, newest: boolean) => void} onAnswer newest: none about a later drawing is to come
 * @property {(problem: string | null, passing: boolean) => void} onProblem null: the server cannot be reached;
 *   passing: the same question may be answered later
 * @property {typeof globalThis.fetch} [fetch]
 * @property {number} [patience] ms until a silent server counts as unreachable
 */

const PASSING = [408, 429]; // what 4xx say of the moment, and not of the question

/** @param {Options} options */
export function createClient({ onAnswer, onProblem, fetch = globalThis.fetch, patience = 10_000 }) {
  /** @type {AbortController | null} */
  let flight = null;
  /** @type {Asking | null} */
  let waiting = null;

  /** @param {Asking} asking */
  async function fly(asking) {
    const mine = new AbortController();
    flight = mine;
    const clock = setTimeout(() => mine.abort(), patience);
    const outcome = await ask(fetch, asking, mine.signal).catch(() => ({ problem: null, passing: true }));
    clearTimeout(clock);
    if (flight !== mine) return; // overtaken: this is about an older drawing
    flight = null;
    const next = waiting;
    waiting = null;
    if (next) fly(next);
    if ("inspection" in outcome) onAnswer(outcome.inspection, !next);
    else if (!next) onProblem(outcome.problem, outcome.passing);
  }

  function cancel() {
    const overtaken = flight;
    flight = null;
    waiting = null;
    overtaken?.abort();
  }

  return {
    /**
     * The same stroke grew: its last answer is still worth showing while this one waits.
     *
     * @param {Asking} asking
     */
    follow(asking) {
      if (flight) waiting = asking;
      else fly(asking);
    },
    /**
     * The drawing is another one now: what is in flight is dropped, and nothing is waited for.
     *
     * @param {Asking} asking
     */
    overtake(asking) {
      cancel();
      fly(asking);
    },
    /** The drawing rests: what waits is asked at once; if nothing does, the newest is on its way already. */
    flush() {
      if (waiting) this.overtake(waiting);
    },
    cancel,
  };
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {Asking} asking
 * @param {AbortSignal} signal
 * @returns {Promise<{ inspection: Inspection } | { problem: string, passing: boolean }>}
 */
async function ask(fetch, asking, signal) {
  const { url, body } = await asking();
  signal.throwIfAborted();
  const headers = { "Content-Type": "image/png", Accept: "application/json" };
  const response = await fetch(url, { method: "POST", body, headers, signal });
  if (response.ok) return { inspection: await response.json() };
  const passing = response.status >= 500 || PASSING.includes(response.status);
  return { problem: await problemOf(response), passing };
}

/**
 * What a problem document says, in the reader's words where there are some, else the status.
 *
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function problemOf(response) {
  const problem = await response.json().catch(() => null);
  const words = `problem.codes.${problem?.code}`;
  if (has(words)) return t(words);
  return typeof problem?.detail === "string" ? problem.detail : String(response.status);
}
