// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRetry } from "../../static/js/retry.js";

/** @import { Clock, Clocks } from "../../static/js/retry.js" */

test("a failure is followed by another try, ever later; after an answer by none, and it is soon again", () => {
  /** @type {Map<Clock, { action: () => void, wait: number }>} */
  const running = new Map();
  /** @type {Clocks} */
  const clocks = {
    setTimeout(action, wait) {
      const clock = /** @type {Clock} */ (/** @type {unknown} */ (Symbol("clock")));
      running.set(clock, { action, wait });
      return clock;
    },
    clearTimeout: (clock) => clock && running.delete(clock),
  };
  let tries = 0;
  const retry = createRetry(() => {
    tries += 1;
  }, clocks);
  /** Fails, and lets the clock run out that is running then. */
  function waited() {
    retry.failed();
    retry.failed(); // as while one draws on: it is no other wait
    const [[clock, { action, wait }] = assert.fail("no clock"), ...others] = running;
    assert.equal(others.length, 0);
    running.delete(clock);
    action();
    return wait;
  }
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(waited), [2000, 4000, 8000, 16_000, 30_000, 30_000]);
  assert.equal(tries, 6);
  retry.failed();
  retry.stop();
  assert.equal(running.size, 0);
  assert.equal(waited(), 2000);
});
