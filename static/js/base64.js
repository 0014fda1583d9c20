// @ts-check
// Bytes as text, and back. Pure.

/** @param {Iterable<number>} bytes */
export const base64Of = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>} throws where it is not base64
 */
export const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
