// @ts-check
// The indices that the networks' parts are counted by.

/** @param {number} count */
export const upTo = (count) => Array.from({ length: count }, (_, index) => index);

export const EIGHT = upTo(8); // hidden units of the feed-forward net, maps of each stage of the convolutional one
export const DIGITS = upTo(10);
