// @ts-check
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { isListed } from "../../static/js/insides/fact-list.js";
import { PANELS } from "../../static/js/panel-list.js";
import { has, number, t, useTexts } from "../../static/js/texts.js";
import { english } from "./english.js";

/** @import { Texts } from "../../static/js/texts.js" */

const STATIC = new URL("../../static/", import.meta.url);

/**
 * @param {Texts} texts
 * @param {string} [path]
 * @returns {[string, string][]}
 */
function flat(texts, path = "") {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [[path + key, value]] : flat(value, `${path}${key}.`),
  );
}

const placeholders = (/** @type {string} */ text) =>
  [...text.matchAll(/\{\w+\}/g)].map(([found]) => found).sort();

test("every language has every text, with the same placeholders", () => {
  const names = readdirSync(new URL("texts/", STATIC));
  assert.ok(names.length >= 2);
  for (const name of names) {
    const texts = JSON.parse(readFileSync(new URL(`texts/${name}`, STATIC), "utf8"));
    const expected = flat(english).map(([key, text]) => [key, placeholders(text)]);
    assert.deepEqual(
      flat(texts).map(([key, text]) => [key, placeholders(text)]),
      expected,
      name,
    );
  }
});

test("the page's tabs, which stand in the order of their texts, are the panels that the scripts know", () => {
  const panels = Object.entries(english.panels).filter(([, words]) => typeof words === "object");
  assert.deepEqual(
    panels.map(([name]) => name),
    PANELS,
  );
});

test("no line breaks within a size, a share or a logarithm", () => {
  for (const name of readdirSync(new URL("texts/", STATIC))) {
    const texts = JSON.parse(readFileSync(new URL(`texts/${name}`, STATIC), "utf8"));
    const broken = flat(texts).filter(([, text]) => /[\d}] ×|× [\d{]|\d %|\bln \d/.test(text));
    assert.deepEqual(broken, [], name);
  }
});

test("every fact about the committed networks that the page lists has words", () => {
  for (const name of ["ff", "cnn"]) {
    const facts = JSON.parse(readFileSync(new URL(`../../models/${name}.json`, import.meta.url), "utf8"));
    const untold = keysOf(facts).filter((key) => !has(`facts.${key}`));
    assert.deepEqual(untold, [], name);
  }
});

/**
 * @param {Record<string, unknown>} facts
 * @param {string} [path]
 * @returns {string[]}
 */
function keysOf(facts, path = "") {
  const listed = Object.entries(facts).filter(([key, value]) => isListed(path + key, value));
  return listed.flatMap(([key, value]) => {
    const nested = typeof value === "object" && !Array.isArray(value);
    return nested ? [key, ...keysOf(/** @type {{}} */ (value), `${path}${key}.`)] : [key];
  });
}

test("what the committed networks learnt from has words", () => {
  for (const name of ["ff", "cnn"]) {
    const { data } = JSON.parse(readFileSync(new URL(`../../models/${name}.json`, import.meta.url), "utf8"));
    const parts = Object.values(data).flatMap((/** @type {{ name: string }} */ one) => one.name.split(" + "));
    const kinds = parts.map((part) => part.replace(/^[\d,]+ /, "").replace(/ \d+ times$/, ""));
    assert.deepEqual(
      kinds.filter((kind) => !has(`facts.${kind}`)),
      [],
      name,
    );
  }
});

test("every text that the scripts ask for is there", () => {
  const files = readdirSync(new URL("js/", STATIC), { recursive: true }).map(String);
  const asked = files
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => [
      ...readFileSync(new URL(`js/${file}`, STATIC), "utf8").matchAll(/\bt\(\s*"([^"]+)"/g),
    ])
    .map(([, key]) => key ?? "");
  assert.ok(asked.length > 100);
  assert.deepEqual(
    asked.filter((key) => !has(key)),
    [],
  );
});

test("placeholders are filled in, and an unknown key shows itself", () => {
  assert.equal(t("agreement.both", { digit: 7 }), "Both say 7");
  assert.equal(t("no.such.text"), "no.such.text");
});

test("numbers are written as the reader writes them, and never as minus zero", () => {
  assert.deepEqual([number(1234.5, 1), number(-0.001, 2), number(-1.005, 1)], ["1,234.5", "0.00", "-1.0"]);
  useTexts(english, "de");
  assert.equal(number(1234.5, 1), "1.234,5");
  useTexts(english, "en");
});
