// @ts-check
// The numbers behind pictures, as a table in a dialog.

import { button, h, scroller } from "../html.js";
import { number, t } from "../texts.js";
import { largest } from "./arithmetic.js";
import { openDialog } from "./dialog.js";

/**
 * @typedef {object} Numbers
 * @property {string} title
 * @property {readonly (readonly number[])[]} rows
 * @property {boolean} [signed] whether the picture has a colour for what is above 0, as for what is below; else it is grey
 * @property {readonly string[]} [parts] the names of pictures that lie below each other in it, all of one height
 */

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
  const holder = scroller(title);
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
export function tableOf({ title, rows, signed = false, parts = [] }, decimals) {
  const most = largest(rows.flat());
  const columns = (rows[0] ?? []).map((_, column) => h("th", { scope: "col" }, String(column + 1)));
  const line = (/** @type {readonly number[]} */ row, /** @type {number} */ index) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, String(index + 1)),
      ...row.map((value) => cell(value, decimals, most, signed)),
    );
  const height = rows.length / Math.max(1, parts.length);
  const bodies = (parts.length > 0 ? parts : [""]).map((part, index) => {
    const head = h("th", { scope: "rowgroup", colspan: String(columns.length + 1) }, part);
    const lines = rows.slice(index * height, (index + 1) * height).map(line);
    return h("tbody", {}, ...(part ? [h("tr", { class: "part" }, head)] : []), ...lines);
  });
  const table = h(
    "table",
    { class: "figures tinted" },
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, h("td", {}), ...columns)),
    ...bodies,
  );
  const longest = Math.max(...rows.flat().map((value) => number(value, decimals).length), 2);
  table.style.setProperty("--longest", `${longest}ch`);
  return table;
}

/**
 * @param {number} value
 * @param {number} decimals
 * @param {number} most of all, without signs
 * @param {boolean} signed
 */
function cell(value, decimals, most, signed) {
  const made = h("td", { class: value < 0 ? "is-minus" : signed ? "is-plus" : "" }, number(value, decimals));
  made.style.setProperty("--share", String(most > 0 ? Math.abs(value) / most : 0));
  return made;
}
