// @ts-check
// The links at the top: none of them may lose what the address holds.

/**
 * @param {HTMLElement} masthead
 * @param {HTMLElement} inside what "look inside" leads to
 */
export function mountMasthead(masthead, inside) {
  masthead.querySelector('a[href="#inside"]')?.addEventListener("click", (event) => {
    event.preventDefault();
    inside.scrollIntoView();
    inside.focus({ preventScroll: true });
  });
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (
    masthead.querySelectorAll("a[hreflang]")
  )) {
    link.addEventListener("click", () => {
      link.hash = location.hash;
    });
  }
}
