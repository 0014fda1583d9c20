// @ts-check
// Weights and answers of networks that never learnt, for the tests of what looks inside them.

/** @import { Inspection, Layer } from "../../static/js/client.js" */
/** @import { Tensor } from "../../static/js/insides/facts.js" */

/** @param {number} seed */
export const random = (seed) => (Math.sin(seed * 12.9898) * 43758.5453) % 1;

/**
 * @param {...number} shape
 * @returns {Tensor}
 */
export function tensor(...shape) {
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, values: Float32Array.from({ length: size }, (_, index) => random(index + size)) };
}

/**
 * @param {number[]} values
 * @returns {Layer}
 */
export const layer = (values) => ({ name: "", shape: [values.length], values });

/**
 * @param {string} name
 * @param {Layer[]} layers
 * @returns {Inspection}
 */
export const inspectionOf = (name, layers) => ({
  frame: Array.from({ length: 28 }, () => Array(28).fill(0.5)),
  networks: {
    [name]: {
      digit: 0,
      confidence: 1,
      probabilities: Array(10).fill(0.1),
      verdict: "digit",
      layers,
      intact: null,
    },
  },
  checkpoint: null,
});
