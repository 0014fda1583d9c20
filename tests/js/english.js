// @ts-check
// The English texts, for the tests of modules that speak.
import { readFileSync } from "node:fs";
import { useTexts } from "../../static/js/texts.js";

export const english = JSON.parse(
  readFileSync(new URL("../../static/texts/en.json", import.meta.url), "utf8"),
);
useTexts(english, "en");
