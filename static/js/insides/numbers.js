// @ts-check
// The numbers behind pictures, as a table in a dialog.

import { button, h } from "../html.js";
import { number, t } from "../texts.js";
import { largest } from "./arithmetic.js";

/** @typedef {{ title: string, rows: readonly (readonly number[])[] }} Numbers */

/**
 * A button that opens the numbers as they are at that moment.
 *
 * @param {string} title
 * @param {() => readonly Numbers[]} now
 * @param {number} [decimals]
 */
export function numbersButton(title, now, decimals = 2) {
  return button(t("numbers.show"), () => openNumbers(title, now(), decimals), {
    class: "link-button",
    "aria-label": t("numbers.showOf", { title }),
  });
}

/**
 * @param {string} title
 * @param {readonly Numbers[]} pictures
 * @param {number} decimals
 */
export function openNumbers(title, pictures, decimals) {
  const holder = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title });
  const choice = h("select", { "aria-label": t("numbers.which") });
  for (const [index, picture] of pictures.entries())
    choice.append(h("option", { value: String(index) }, picture.title));
  const show = () => {
    const picture = pictures[Number(choice.value)];
    holder.replaceChildren(picture ? tableOf(picture, decimals) : t("numbers.none"));
  };
  choice.addEventListener("change", show);
  show();
  openDialog(title, ...(pictures.length > 1 ? [choice, holder] : [holder]));
}

/**
 * Columns of one width, and a tint by size: so that the table has the picture's shape.
 *
 * @param {Numbers} picture
 * @param {number} decimals
 */
export function tableOf({ title, rows }, decimals) {
  const most = largest(rows.flat());
  const columns = (rows[0] ?? []).map((_, column) => h("th", { scope: "col" }, String(column + 1)));
  const body = rows.map((row, index) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, String(index + 1)),
      ...row.map((value) => cell(value, decimals, most)),
    ),
  );
  const table = h(
    "table",
    { class: "figures tinted" },
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, h("td", {}), ...columns)),
    h("tbody", {}, ...body),
  );
  const longest = Math.max(...rows.flat().map((value) => number(value, decimals).length), 2);
  table.style.setProperty("--longest", `${longest}ch`);
  return table;
}

/**
 * @param {number} value
 * @param {number} decimals
 * @param {number} most of all, without signs
 */
function cell(value, decimals, most) {
  const made = h("td", { class: value < 0 ? "is-minus" : "" }, number(value, decimals));
  made.style.setProperty("--share", String(most > 0 ? Math.abs(value) / most : 0));
  return made;
}

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
