// @ts-check
// Small helps for building a part of the page once.

/** @import { Point } from "./strokes.js" */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | boolean>} [attributes] false leaves one out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Finds what the page cannot do without.
 *
 * @template {Element} [Kind=HTMLElement]
 * @param {ParentNode} within
 * @param {string} selector
 * @param {new () => Kind} [kind]
 * @returns {Kind}
 */
export function find(within, selector, kind) {
  const found = within.querySelector(selector);
  if (!(found instanceof (kind ?? HTMLElement))) throw new Error(`The page has no ${selector}.`);
  return /** @type {Kind} */ (found);
}

/**
 * What may be wider than the screen, and is scrolled by key as well.
 *
 * @param {string} label
 * @param {...(Node | string)} content
 */
export const scroller = (label, ...content) =>
  h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, ...content);

/**
 * @param {string} text
 * @param {() => void} action
 * @param {Record<string, string | boolean>} [attributes]
 */
export function button(text, action, attributes = {}) {
  const made = h("button", { type: "button", class: "button", ...attributes }, text);
  made.addEventListener("click", action);
  return made;
}

/**
 * The key that was pressed; none with Alt, Ctrl or Cmd, which make it the browser's own.
 *
 * @param {KeyboardEvent} event
 */
export const keyOf = ({ key, altKey, ctrlKey, metaKey }) => (altKey || ctrlKey || metaKey ? "" : key);

/**
 * Where a pointer is on an element, in units of its sides.
 *
 * @param {Element} element
 * @param {MouseEvent} event
 * @returns {Point}
 */
export function pointOn(element, { clientX, clientY }) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}
