// @ts-check
// Speaks the settled answer: while a person draws, a screen reader stays quiet.

const SETTLED = 700; // ms without a change

/** @param {{ textContent: string | null }} region polite live region */
export function mountAnnouncer(region) {
  let text = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let clock;

  /** @param {{ announcement: string }} state */
  return ({ announcement }) => {
    if (announcement === text) return;
    text = announcement;
    clearTimeout(clock);
    clock = setTimeout(() => {
      region.textContent = text;
    }, SETTLED);
  };
}
