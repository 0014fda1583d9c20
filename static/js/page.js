// @ts-check
// All of the page but its panels: mounted once, and shown one state.

import { mountAnnouncer } from "./announcer.js";
import { mountControls } from "./controls.js";
import { mountFrame } from "./frame.js";
import { find } from "./html.js";
import { mountIntake } from "./intake.js";
import { mountKeyboard } from "./keyboard.js";
import { mountMasthead } from "./masthead.js";
import { mountNetworkCard } from "./network-card.js";
import { mountPad } from "./pad.js";
import { mountPointer } from "./pointer.js";
import { mountShare } from "./share.js";
import { mountSticky } from "./sticky.js";
import { EMPTY, isBlank } from "./strokes.js";
import { mountSummary } from "./summary.js";
import { t } from "./texts.js";
import { announcement } from "./words.js";

/** @import { State } from "./main.js" */
/** @import { Named } from "./words.js" */

/**
 * @param {Document} page
 * @param {Readonly<Record<string, readonly number[]>>} moments images seen at each moment of training, by network
 */
export function mountPage(page, moments) {
  const cards = cardsOn(page);
  const pad = find(page, "#pad", HTMLCanvasElement);
  const inside = find(page, "#inside");
  const updatePad = mountPad(pad);
  mountPointer(pad);
  const updateKeyboard = mountKeyboard(pad, find(page, "#cursor"), find(page, "#pad-status"));
  const updateControls = mountControls(find(page, "#controls"), pad);
  const updateFrame = mountFrame(
    find(page, "#frame", HTMLCanvasElement),
    find(page, "#numbers", HTMLButtonElement),
  );
  const updateShare = mountShare(find(page, "#share", HTMLButtonElement));
  const updateSummary = mountSummary(page.body, { moments });
  const updateAnnouncer = mountAnnouncer(find(page, "#announcement"));
  const updateSticky = mountSticky(find(page, "#sticky"), find(page, ".cards"), cards);
  mountMasthead(find(page, ".masthead"), inside);
  mountIntake(page.body, find(page, "#choose", HTMLButtonElement));

  /** @param {State & { otherwise: string }} state otherwise: what stands in an answer's place while there is none */
  function update(state) {
    const { drawing, inspection, pen, settings, otherwise } = state;
    const named = cards.map(({ name, title }) => ({ title, answer: inspection?.networks[name] }));
    updatePad({ ...drawing, pen });
    updateKeyboard(state);
    updateControls(state);
    for (const [index, card] of cards.entries()) card.update({ answer: named[index]?.answer, otherwise });
    updateFrame({ frame: inspection?.frame ?? null });
    updateShare({ sheet: state.penDown ? EMPTY : drawing, pen, settings });
    updateSummary({ ...state, named });
    updateAnnouncer({ announcement: spoken(state, named) });
    updateSticky({ inspection });
  }

  return { networks: cards, pad, inside, update };
}

/**
 * What a screen reader says, once all is settled.
 *
 * @param {State} state
 * @param {readonly Named[]} named
 */
function spoken({ drawing, penDown, pending, settings }, named) {
  if (penDown || pending) return "";
  return isBlank(drawing) ? t("announcement.blank") : announcement(named, settings);
}

/** @param {Document} page */
const cardsOn = (page) =>
  [.../** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-model]"))].map((card) => ({
    name: card.dataset.model ?? "",
    title: find(card, "h2").textContent ?? "",
    update: mountNetworkCard(card),
  }));
