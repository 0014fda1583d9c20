// @ts-check
// Which panels there are, in the order of their tabs, and how each is fetched; texts/*.json has their words.

/** @import { Panel } from "./panels.js" */
/** @typedef {keyof typeof LOADERS} PanelName */

/** @satisfies {Readonly<Record<string, () => Promise<Panel>>>} */
export const LOADERS = {
  ff: () => import("./panels/ff.js"),
  cnn: () => import("./panels/cnn.js"),
  film: () => import("./panels/film.js"),
  break: () => import("./panels/break.js"),
  evidence: () => import("./panels/evidence.js"),
  data: () => import("./panels/data.js"),
  keep: () => import("./panels/keep.js"),
};

export const PANELS = /** @type {readonly PanelName[]} */ (Object.keys(LOADERS));
