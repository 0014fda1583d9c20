// @ts-check
// What is asked of the server: where nothing came, the place says so, and it is asked again once it is seen again.

import { button, h } from "../html.js";
import { t } from "../texts.js";

/**
 * @template T
 * @param {HTMLElement} room where a failure is told
 * @param {() => Promise<T>} ask
 * @param {(found: T) => void} onFound
 * @returns {() => Promise<void>} asks anew; only the newest answer counts
 */
export function mountAsking(room, ask, onFound) {
  const failure = h("div", { class: "missing", role: "alert" }, h("p", {}, t("panels.failed")));
  failure.append(button(t("panels.again"), () => go()));
  let newest = 0;
  let failed = false;
  let inSight = true; // it is asked for the first time because someone looks

  async function go() {
    const mine = ++newest;
    failed = false;
    const answer = await ask().then(
      (found) => ({ found }),
      () => null,
    );
    if (mine !== newest) return;
    failed = answer === null;
    if (answer === null) {
      room.append(failure);
      return;
    }
    const focused = failure.contains(document.activeElement);
    failure.remove();
    onFound(answer.found);
    if (focused) focusFirst(room);
  }

  const sight = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting } of entries) {
        if (failed && isIntersecting && !inSight) go();
        inSight = isIntersecting;
      }
    },
    { rootMargin: "100% 0%" }, // a little before it is seen
  );
  sight.observe(room);
  go();
  return go;
}

/**
 * Where the button that was pressed is gone, the keyboard goes on from what came in its place.
 *
 * @param {HTMLElement} room
 */
const focusFirst = (room) =>
  /** @type {HTMLElement | null} */ (room.querySelector("button, input, select, [tabindex='0']"))?.focus();
