// @ts-check
// A picture that tests put onto the pad.

import { UNMOVED } from "../../static/js/strokes.js";

export const PICTURE = {
  url: "data:image/png;base64,AA==",
  side: 28,
  paper: "#ffffff",
  place: UNMOVED,
  label: "a 7",
};
