// @ts-check
// A part of a panel: its title, what it is about, and the rest.

import { h } from "../html.js";

/**
 * @param {string} title
 * @param {string} lead
 * @param {...Node} content
 */
export const part = (title, lead, ...content) =>
  h("section", {}, h("h3", {}, title), h("p", { class: "small" }, lead), ...content);
