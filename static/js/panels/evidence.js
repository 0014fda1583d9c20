// @ts-check
// The evidence: how often each network is right, what it takes for what, and the digits it finds hardest.

import { h } from "../html.js";
import { factList, nameOf } from "../insides/fact-list.js";
import { factsOfAll } from "../insides/facts.js";
import { fromMnist } from "../insides/mnist.js";
import { number, t } from "../texts.js";
import { hardest } from "./evidence-hardest.js";

/** @import { Facts } from "../insides/facts.js" */
/** @import { Shelf } from "../insides/mnist.js" */
/** @import { Surroundings, Update } from "../panels.js" */
/** @typedef {{ name: string, title: string, facts: Facts }} Known */

export const needsLayers = /** @type {readonly string[]} */ ([]);

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

/**
 * @param {HTMLElement} element
 * @param {Surroundings} surroundings
 * @returns {Update}
 */
export function mount(element, { networks }) {
  const room = h("div", { class: "evidence" });
  element.append(room);
  Promise.all([factsOfAll(), fromMnist("")]).then(
    ([all, shelf]) => {
      const known = networks.map(({ name, title }) => ({ name, title, facts: all[name] ?? {} }));
      room.replaceChildren(
        guessing(known),
        recalls(known),
        confusions(known),
        part(
          t("evidence.hardest"),
          t("evidence.hardestMore"),
          ...hardest(known, /** @type {Shelf} */ (shelf)),
        ),
        others(known, "pen_digits", "accuracy"),
        others(known, "non_digits", "passed"),
        about(known),
      );
    },
    (error) => room.replaceChildren(h("p", { class: "missing" }, String(error.message))),
  );
  return () => {};
}

/**
 * @param {string} title
 * @param {string} lead
 * @param {...Node} content
 */
function part(title, lead, ...content) {
  return h("section", {}, h("h3", {}, title), h("p", { class: "small" }, lead), ...content);
}

/**
 * @param {string} caption
 * @param {readonly string[]} columns
 * @param {readonly (readonly [string, ...(string | Node)[]])[]} rows
 * @param {string} [className]
 */
function table(caption, columns, rows, className = "facts-table") {
  const head = h("tr", {}, h("td", {}), ...columns.map((column) => h("th", { scope: "col" }, column)));
  const body = rows.map(([name, ...cells]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      ...cells.map((cell) => (cell instanceof HTMLTableCellElement ? cell : h("td", {}, cell))),
    ),
  );
  const made = h(
    "table",
    { class: className },
    h("caption", {}, caption),
    h("thead", {}, head),
    h("tbody", {}, ...body),
  );
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, made);
}

/** @param {Known[]} known */
function guessing(known) {
  const base = known[0]?.facts.base_cost ?? Math.log(10);
  const row = (
    /** @type {string} */ name,
    /** @type {number | undefined} */ accuracy,
    /** @type {number | undefined} */ cost,
  ) =>
    /** @type {[string, string, string]} */ ([
      name,
      share(accuracy),
      cost === undefined ? "–" : number(cost, 3),
    ]);
  const rows = known.map(({ title, facts }) => row(title, facts.test?.accuracy, facts.test?.nll));
  const columns = [nameOf("accuracy"), nameOf("nll")];
  return part(
    t("evidence.right"),
    t("evidence.base"),
    table(t("evidence.onTest"), columns, [row(t("evidence.guesser"), 0.1, base), ...rows]),
  );
}

/** @param {number | undefined} value */
const share = (value) => (value === undefined ? "–" : `${number(100 * value, 2)} %`);

/** @param {Known[]} known */
function recalls(known) {
  const rows = DIGITS.map(
    (digit) =>
      /** @type {[string, ...HTMLElement[]]} */ ([
        String(digit),
        ...known.map(({ name, facts }) => bar(name, facts.test?.recall?.[digit])),
      ]),
  );
  return part(
    t("evidence.perDigit"),
    t("evidence.perDigitMore"),
    table(
      t("evidence.perDigit"),
      known.map(({ title }) => title),
      rows,
      "facts-table recalls",
    ),
  );
}

/**
 * @param {string} name
 * @param {number | undefined} value
 */
function bar(name, value) {
  const cell = h("td", { class: `bar-cell accent-${name}` }, share(value));
  cell.style.setProperty("--share", String(Math.max(0, ((value ?? 0) - 0.8) / 0.2))); // from 80 % on
  return cell;
}

/** @param {Known[]} known */
function confusions(known) {
  const tables = known.flatMap(({ name, title, facts }) => {
    /** @type {number[][]} */
    const counts = facts.test?.confusion ?? [];
    if (counts.length === 0) return [];
    const most = Math.max(...counts.flatMap((row, label) => row.filter((_, said) => said !== label)), 1);
    const rows = counts.map(
      (row, label) =>
        /** @type {[string, ...HTMLElement[]]} */ ([
          String(label),
          ...row.map((count, said) => confused(name, count, label === said ? 0 : count / most, label, said)),
        ]),
    );
    return [table(title, DIGITS.map(String), rows, "facts-table confusion")];
  });
  return part(
    t("evidence.confusion"),
    t("evidence.confusionMore"),
    h("div", { class: "columns" }, ...tables),
  );
}

/**
 * @param {string} name
 * @param {number} count
 * @param {number} tint 0 … 1
 * @param {number} label
 * @param {number} said
 */
function confused(name, count, tint, label, said) {
  const title = t(label === said ? "evidence.rightly" : "evidence.wrongly", { count, label, said });
  const cell = h(
    "td",
    { class: `accent-${name}${label === said ? " is-right" : ""}`, title },
    count === 0 ? "·" : String(count),
  );
  cell.style.setProperty("--share", String(tint));
  return cell;
}

/**
 * What the networks make of other things than MNIST's test digits, where the facts tell.
 *
 * @param {Known[]} known
 * @param {"pen_digits" | "non_digits"} key of the facts
 * @param {"accuracy" | "passed"} figure
 */
function others(known, key, figure) {
  const names = [...new Set(known.flatMap(({ facts }) => Object.keys(facts[key] ?? {})))];
  if (names.length === 0) return "";
  const rows = names.map(
    (name) =>
      /** @type {[string, ...string[]]} */ ([
        nameOf(name),
        ...known.map(({ facts }) => share(facts[key]?.[name]?.[figure])),
      ]),
  );
  const title = t(`evidence.${key}`);
  return part(
    title,
    t(`evidence.${key}More`),
    table(
      title,
      known.map(({ title: network }) => network),
      rows,
    ),
  );
}

/** @param {Known[]} known */
function about(known) {
  const lists = known.map(({ name, title, facts: { pen_digits: _, non_digits: __, ...facts } }) =>
    h(
      "details",
      { class: `about accent-${name}` },
      h("summary", {}, t("evidence.aboutOne", { title })),
      factList(facts),
    ),
  );
  return part(t("evidence.about"), t("evidence.aboutMore"), h("div", { class: "columns" }, ...lists));
}
