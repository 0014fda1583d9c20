// @ts-check
// The evidence: how often each network is right, what it takes for what, and the digits it finds hardest.

import { h, scroller } from "../html.js";
import { mountAsking } from "../insides/asking.js";
import { baseOf } from "../insides/costs.js";
import { factList, nameOf } from "../insides/fact-list.js";
import { factsOfAll, followServed } from "../insides/facts.js";
import { part } from "../insides/part.js";
import { DIGITS } from "../insides/ranges.js";
import { number, t } from "../texts.js";
import { confusions } from "./evidence-confusion.js";
import { hardest } from "./evidence-hardest.js";

/** @import { Facts } from "../insides/facts.js" */
/** @import { Surroundings, Update } from "../panels.js" */
/** @typedef {{ name: string, title: string, facts: Facts }} Known */

export const needsLayers = /** @type {readonly string[]} */ ([]);

const STARTS = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99];

/**
 * @param {HTMLElement} element
 * @param {Surroundings} surroundings
 * @returns {Update}
 */
export function mount(element, { networks }) {
  const room = h("div", { class: "evidence" });
  element.append(room);
  const again = mountAsking(room, factsOfAll, (all) => {
    const known = networks.map(({ name, title }) => ({ name, title, facts: all[name] ?? {} }));
    room.replaceChildren(
      guessing(known),
      recalls(known),
      part(t("evidence.confusion"), t("evidence.confusionMore"), confusions(known)),
      part(t("evidence.hardest"), t("evidence.hardestMore"), hardest(known)),
      others(known, "pen_digits", "accuracy"),
      others(known, "non_digits", "passed"),
      about(known),
    );
  });
  const follow = followServed(again);
  return ({ inspection }) => follow(inspection);
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
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", {}, head),
    h("tbody", {}, ...body),
  );
  return scroller(caption, made);
}

/** @param {Known[]} known */
function guessing(known) {
  const base = baseOf(known.map(({ facts }) => facts));
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
    table(testWords(known), columns, [row(t("evidence.guesser"), 1 / DIGITS.length, base), ...rows]),
  );
}

/** @param {readonly Known[]} known */
function testWords(known) {
  const count = known.map(({ facts }) => facts.test?.count).find(Boolean);
  return count === undefined ? nameOf("MNIST test digits") : t("evidence.onTest", { count: number(count) });
}

/** @param {number | undefined} value */
const share = (value) => (value === undefined ? "–" : `${number(100 * value, 2)} %`);

/** @param {Known[]} known */
function recalls(known) {
  const columns = known.map(({ name, title, facts }) => {
    /** @type {readonly number[]} */
    const values = facts.test?.recall ?? [];
    const start = barStart(values);
    const head = t("evidence.barsFrom", { title, share: number(100 * start) });
    return { head, cells: DIGITS.map((digit) => bar(name, values[digit], start)) };
  });
  const rows = DIGITS.map(
    (digit) =>
      /** @type {[string, ...(string | Node)[]]} */ ([
        String(digit),
        ...columns.map(({ cells }) => cells[digit] ?? ""),
      ]),
  );
  const heads = columns.map(({ head }) => head);
  const title = t("evidence.perDigit");
  return part(title, t("evidence.perDigitMore"), table(title, heads, rows, "facts-table recalls"));
}

/**
 * Where bars begin, so that the values can be told apart: below all of them, at a round share.
 *
 * @param {readonly number[]} values 0 … 1
 */
export const barStart = (values) =>
  STARTS.findLast((start) => values.length > 0 && start < Math.min(...values)) ?? 0;

/**
 * @param {string} name
 * @param {number | undefined} value
 * @param {number} start
 */
function bar(name, value, start) {
  const cell = h("td", { class: `bar-cell accent-${name}` }, share(value));
  cell.style.setProperty("--share", String(Math.max(0, ((value ?? 0) - start) / (1 - start))));
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
      factList({ ...facts, ...(facts.judged_by && { judged_by: titleOfVersion(known, facts.judged_by) }) }),
    ),
  );
  return part(t("evidence.about"), t("evidence.aboutMore"), h("div", { class: "columns" }, ...lists));
}

/**
 * @param {readonly Known[]} known
 * @param {string} version
 */
const titleOfVersion = (known, version) =>
  known.find(({ facts }) => facts.version === version)?.title ?? version;
