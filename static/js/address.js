// @ts-check
// The page's address: a link that shows a drawing, for as long as that is what is on the pad.

import { fragmentOf, linkOf } from "./link.js";
import { greyOf, pictureFrom } from "./picture-grey.js";

/** @import { Settings } from "./settings.js" */
/** @import { Sheet } from "./strokes.js" */
/**
 * @typedef {object} Opened
 * @property {Sheet | null} sheet
 * @property {number | null} pen
 * @property {Settings | null} settings
 * @property {string[]} hide
 * @property {boolean} broken it holds a drawing that cannot be read
 */

/**
 * @param {Sheet} sheet
 * @param {number} pen
 * @param {Settings} settings
 * @returns {string} the link that reopens the same
 */
export function linkTo({ ink, picture }, pen, settings) {
  const grey = picture && greyOf(picture);
  return new URL(fragmentOf({ ink, grey }, pen, { ...settings, spared: [] }), location.href).href;
}

export function createAddress() {
  let link = linkOf("");
  /** @type {Sheet | null} */
  let linked = null; // what the link shows

  /** @param {Sheet} sheet */
  const shows = ({ ink, picture }) => linked !== null && ink === linked.ink && picture === linked.picture;

  return {
    /** @returns {Opened} null for what it does not hold */
    read() {
      link = linkOf(location.hash);
      const { ink, grey, pen, settings, hide, broken } = link;
      linked = ink || grey ? { ink: ink ?? [], picture: grey && pictureFrom(grey) } : null;
      return { sheet: linked, pen, settings, hide, broken };
    },
    shows,
    /**
     * Puts a link into the address.
     *
     * @param {string} href
     * @param {Sheet} sheet what it shows
     */
    show(href, { ink, picture }) {
      history.replaceState(null, "", href);
      link = linkOf(location.hash);
      linked = { ink, picture };
    },
    /**
     * A link follows its pen and settings; once its drawing is changed it is none any more, but still hides what it hid.
     *
     * @param {Sheet} sheet
     * @param {number} pen
     * @param {Settings} settings
     */
    follow(sheet, pen, settings) {
      if (!linked && !link.settings && !link.broken) return;
      const kept = shows(sheet) ? fragmentOf(link, pen, settings) : hidingOf(settings);
      history.replaceState(null, "", location.pathname + location.search + kept);
    },
  };
}

/** @param {Settings} settings */
const hidingOf = ({ hide }) => (hide.length > 0 ? `#hide=${hide.join(",")}` : "");
