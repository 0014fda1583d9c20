// @ts-check
// What the server knows of its networks: facts and weights, asked for once and kept.

import { fetched } from "./fetched.js";

/** @import { Inspection } from "../client.js" */
/** @import { PanelState } from "../panels.js" */
/** @typedef {{ shape: readonly number[], values: Float32Array }} Tensor */
/** @typedef {ReadonlyMap<string, Tensor>} Weights  by name, such as "layers.1.weight" */
/** @typedef {Record<string, any>} Facts models/NAME.json */

/**
 * Reads a .safetensors file of float32: the length of its header, the header in JSON, the numbers.
 *
 * @param {ArrayBuffer} file
 * @returns {Weights}
 */
export function weightsOf(file) {
  const start = 8 + Number(new DataView(file).getBigUint64(0, true));
  /** @type {Record<string, { dtype: string, shape: number[], data_offsets: [number, number] }>} */
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, start - 8)));
  delete header.__metadata__;
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        if (dtype !== "F32") throw new TypeError(`${name} is ${dtype}, not F32.`);
        return [name, { shape, values: new Float32Array(file.slice(start + from, start + to)) }];
      },
    ),
  );
}

/**
 * @param {Weights} weights
 * @param {string} name
 * @returns {Tensor}
 */
export function tensorOf(weights, name) {
  const found = weights.get(name);
  if (!found) throw new Error(`The weights have no ${name}.`);
  return found;
}

/** @type {Promise<Record<string, Facts>> | null} */
let facts = null;

/** @returns {Promise<Record<string, Facts>>} by network */
export function factsOfAll() {
  if (facts) return facts;
  const asked = fetched("models").then((response) => response.json());
  asked.catch(() => {
    if (facts === asked) facts = null; // asked again next time
  });
  facts = asked;
  return facts;
}

/**
 * The moment of training that the answer on the page is about; without one, the moment that is set.
 *
 * @param {PanelState} state
 */
const momentOf = ({ inspection, settings }) =>
  inspection ? (inspection.checkpoint ?? null) : settings.checkpoint;

/** @type {Map<string, string>} the version of each network that answered last */
const served = new Map();
let changes = 0; // of what is served

/**
 * Takes note of who answered. Where a server has begun to serve others, nothing kept is of use.
 *
 * @param {Inspection | null} inspection
 */
export function heed(inspection) {
  for (const [name, { model }] of Object.entries(inspection?.networks ?? {})) {
    if (!model) continue;
    const before = served.get(name);
    served.set(name, model.version);
    if (before !== undefined && before !== model.version) {
      changes++;
      kept.clear();
      awaited.clear();
      facts = null;
    }
  }
}

/**
 * @param {() => void} again asks anew for what is known of the networks, once others are served
 * @returns {(inspection: Inspection | null) => void} to be called with every answer
 */
export function followServed(again) {
  let known = changes;
  return (inspection) => {
    heed(inspection);
    if (known === changes) return;
    known = changes;
    again();
  };
}

/**
 * The weights that belong to what the page shows.
 *
 * @param {string} name
 * @param {PanelState} state
 * @param {() => void} then
 * @param {() => void} [otherwise]
 * @returns {Weights | null}
 */
export function weightsFor(name, state, then, otherwise) {
  heed(state.inspection);
  return weightsAt(name, momentOf(state), then, otherwise);
}

/** @typedef {{ then: () => void, otherwise: () => void }} Waiting */

/** @type {Map<string, Weights>} */
const kept = new Map();
/** @type {Map<string, Waiting[]>} who waits for what is on its way */
const awaited = new Map();

/**
 * The weights of a network, where they are here already; else they are asked for, and `then` is called once they are.
 * Where they did not come `otherwise` is called, and the next call asks again.
 *
 * @param {string} name
 * @param {number | null} checkpoint
 * @param {() => void} then
 * @param {() => void} [otherwise]
 * @returns {Weights | null}
 */
export function weightsAt(name, checkpoint, then, otherwise = () => {}) {
  const path = `models/${name}/weights${checkpoint === null ? "" : `?checkpoint=${checkpoint}`}`;
  const known = kept.get(path);
  if (known) return known;
  const waiting = awaited.get(path) ?? [];
  if (!waiting.some((one) => one.then === then)) waiting.push({ then, otherwise });
  if (!awaited.has(path)) ask(path, waiting);
  return null;
}

/**
 * @param {string} path
 * @param {Waiting[]} waiting
 */
async function ask(path, waiting) {
  awaited.set(path, waiting);
  const weights = await fetched(path)
    .then((response) => response.arrayBuffer())
    .then(weightsOf)
    .catch(() => null);
  if (awaited.get(path) !== waiting) return; // they belong to what is no longer served
  awaited.delete(path);
  if (weights) kept.set(path, weights);
  for (const { then, otherwise } of waiting) (weights ? then : otherwise)();
}
