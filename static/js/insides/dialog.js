// @ts-check
// A dialog over the page, with a title and a way out.

import { button, h } from "../html.js";
import { t } from "../texts.js";

/**
 * @param {string} title
 * @param {...Node} content
 * @returns {HTMLDialogElement} open, and gone once it is closed
 */
export function openDialog(title, ...content) {
  const heading = h("h2", {}, title);
  const close = button(t("dialog.close"), () => dialog.close());
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": title },
    h("header", {}, heading, close),
    ...content,
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
