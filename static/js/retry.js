// @ts-check
// After a failure that may pass, the question is asked again by itself: soon, then ever more rarely.

const SOON = 2_000; // ms
const RARELY = 30_000; // ms

/** @typedef {ReturnType<typeof globalThis.setTimeout>} Clock */
/** @typedef {{ setTimeout: (action: () => void, wait: number) => Clock, clearTimeout: (clock?: Clock) => void }} Clocks */

/**
 * @param {() => void} again
 * @param {Clocks} [clocks]
 */
export function createRetry(again, { setTimeout, clearTimeout } = globalThis) {
  /** @type {Clock | undefined} */
  let clock;
  let wait = SOON;

  return {
    failed() {
      if (clock !== undefined) return;
      clock = setTimeout(() => {
        clock = undefined;
        again();
      }, wait);
      wait = Math.min(2 * wait, RARELY);
    },
    stop() {
      clearTimeout(clock);
      clock = undefined;
      wait = SOON;
    },
  };
}
