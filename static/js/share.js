// @ts-check
// A button that copies a link to the drawing.

import { fragmentOf } from "./link.js";

/** @import { Ink } from "./strokes.js" */

/** @param {HTMLButtonElement} button */
export function mountShare(button) {
  const label = button.textContent;
  /** @type {Ink} */
  let shown = [];

  button.addEventListener("click", async () => {
    const link = new URL(fragmentOf(shown), document.baseURI).href;
    button.textContent = (await copied(link)) ? "Link copied" : "The link is in the address bar";
  });

  /** @param {{ ink: Ink }} state */
  return ({ ink }) => {
    if (ink === shown) return;
    shown = ink;
    button.hidden = ink.length === 0;
    button.textContent = label;
  };
}

/** @param {string} link */
async function copied(link) {
  try {
    await navigator.clipboard.writeText(link);
    return true;
  } catch {
    history.replaceState(null, "", link); // no clipboard on plain http:// in a local network
    return false;
  }
}
