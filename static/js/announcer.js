// @ts-check
// Speaks the settled answer: while a person draws, a screen reader stays quiet.

const SETTLED = 700; // ms without a change

/** @param {{ textContent: string | null }} region polite live region */
export function mountAnnouncer(region) {
  /** @type {string | null} */
  let text = null; // what the page begins with is no news
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let clock;

  /** @param {{ announcement: string }} state */
  return ({ announcement }) => {
    if (announcement === text) return;
    const begins = text === null;
    text = announcement;
    clearTimeout(clock);
    if (begins) return;
    clock = setTimeout(() => {
      region.textContent = text;
    }, SETTLED);
  };
}
