// @ts-check
// Text for the clipboard, where there is one.

/**
 * @param {string} text
 * @returns {Promise<boolean>} false where there is none: on plain http:// in a local network, or not allowed
 */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
