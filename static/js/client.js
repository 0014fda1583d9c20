// @ts-check
// Live questions to the server: one in flight, only the newest waiting.

/** @typedef {"digit" | "unsure" | "blank"} Verdict */
/**
 * @typedef {object} Answer
 * @property {number | null} digit
 * @property {number} confidence
 * @property {readonly number[]} probabilities index = digit
 * @property {Verdict} verdict
 */
/** @typedef {{ frame: readonly (readonly number[])[] | null, networks: Record<string, Answer> }} Inspection */
/** @typedef {() => Promise<Blob>} Picture  encoded only when its turn comes */
/**
 * @typedef {object} Options
 * @property {string | URL} url
 * @property {(inspection: Inspection) => void} onAnswer
 * @property {(problem: string) => void} onProblem
 * @property {typeof globalThis.fetch} [fetch]
 * @property {number} [patience] ms until a silent server counts as unreachable
 */

/** @param {Options} options */
export function createClient({ url, onAnswer, onProblem, fetch = globalThis.fetch, patience = 10_000 }) {
  /** @type {AbortController | null} */
  let flight = null;
  /** @type {Picture | null} */
  let waiting = null;

  /** @param {Picture} picture */
  async function fly(picture) {
    const mine = new AbortController();
    flight = mine;
    const clock = setTimeout(() => mine.abort(), patience);
    const outcome = await ask(picture, mine.signal).catch(() => ({ problem: UNREACHABLE }));
    clearTimeout(clock);
    if (flight !== mine) return; // overtaken: this is about an older drawing
    flight = null;
    const next = waiting;
    waiting = null;
    if (next) fly(next);
    if ("inspection" in outcome) onAnswer(outcome.inspection);
    else if (!next) onProblem(outcome.problem);
  }

  /**
   * @param {Picture} picture
   * @param {AbortSignal} signal
   * @returns {Promise<{ inspection: Inspection } | { problem: string }>}
   */
  async function ask(picture, signal) {
    const body = await picture();
    signal.throwIfAborted();
    const headers = { "Content-Type": "image/png", Accept: "application/json" };
    const response = await fetch(url, { method: "POST", body, headers, signal });
    return response.ok ? { inspection: await response.json() } : { problem: await problemOf(response) };
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
     * @param {Picture} picture
     */
    follow(picture) {
      if (flight) waiting = picture;
      else fly(picture);
    },
    /**
     * The drawing is another one now: what is in flight is dropped, and nothing is waited for.
     *
     * @param {Picture} picture
     */
    overtake(picture) {
      cancel();
      fly(picture);
    },
    cancel,
  };
}

const UNREACHABLE = "The server cannot be reached.";

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function problemOf(response) {
  const problem = await response.json().catch(() => null);
  return typeof problem?.detail === "string"
    ? problem.detail
    : `The server could not answer (${response.status}).`;
}
