// @ts-check
// The convolutional net's numbers, painted into its stages.

import { write } from "../html.js";
import { channelOf, rowOf } from "../insides/arithmetic.js";
import { scaleOf } from "../insides/colours.js";
import { HIDDEN, handedOn, isOff, layersOf, mosaic, OUTPUTS, sizeOf } from "../insides/convolution.js";
import { tensorOf } from "../insides/facts.js";
import { paintMatrix } from "../insides/picture-grid.js";
import { number, t } from "../texts.js";
import { finePercent } from "../words.js";

/** @import { Answer, Inside, Layer } from "../client.js" */
/** @import { Weights } from "../insides/facts.js" */
/** @import { Cells } from "./cnn-cells.js" */
/** @import { Convolution, Strip } from "./cnn-stages.js" */

/**
 * @param {readonly Convolution[]} convolutions
 * @param {Weights} weights
 */
export function paintKernels(convolutions, weights) {
  for (const { stage, legends, maps } of convolutions) {
    const weight = tensorOf(weights, `layers.${layersOf(stage).sums}.weight`);
    const scale = scaleOf(weight.values);
    legends.kernels.update(scale.most, scale);
    for (const [map, { kernel }] of maps.entries()) {
      const label = t("cnn.kernels", { stage: stage + 1, map: map + 1 });
      paintMatrix(kernel, { ...mosaic(rowOf(weight, map)), most: scale.most, label });
    }
  }
}

/**
 * @param {Convolution} convolution
 * @param {readonly Layer[]} layers none before there is an answer
 * @param {readonly string[]} off
 */
export function paintMaps({ stage, legends, maps }, layers, off) {
  const layer = handedOn(layers, stage);
  const scale = scaleOf(layer?.values ?? []);
  legends.maps.update(scale.most, scale);
  for (const [map, { cells, mark, element }] of maps.entries()) {
    const values = layer && channelOf(layer, map);
    paintCells(cells, values, scale.most, t("cnn.map", { stage: stage + 1, map: map + 1 }));
    const switchedOff = isOff(off, stage, map);
    const silent = !switchedOff && values !== undefined && values.every((value) => value === 0);
    element.classList.toggle("is-off", switchedOff);
    mark.title = silent ? t("cnn.mapSilentMore") : "";
    const name = String(map + 1);
    write(
      mark,
      switchedOff ? t("cnn.mapOff", { map: name }) : silent ? t("cnn.mapSilent", { map: name }) : name,
    );
  }
}

/**
 * @param {Strip} strip
 * @param {(Answer & Inside) | undefined} answer
 * @param {readonly string[]} off
 */
export function paintStrip({ stage, scale, cells, items }, answer, off) {
  const values = handedOn(answer?.layers ?? [], stage)?.values;
  const colours = scaleOf(values ?? []);
  scale.update(colours.most, colours);
  paintCells(cells, values, colours.most, t(stage === HIDDEN ? "cnn.hidden" : "cnn.outputs"));
  for (const [index, { value, more, element }] of items.entries()) {
    const own = values?.[index];
    const switchedOff = stage === HIDDEN && isOff(off, stage, index);
    const probability = stage === OUTPUTS && values ? answer?.probabilities[index] : undefined;
    write(value, own === undefined ? "–" : number(own, 1));
    write(
      more,
      switchedOff ? t("cnn.unitOff") : probability === undefined ? "" : `${finePercent(probability)} %`,
    );
    element.classList.toggle("is-off", switchedOff);
    element.classList.toggle("is-best", stage === OUTPUTS && index === answer?.digit);
  }
}

/**
 * @param {Strip} outputs
 * @param {(Answer & Inside) | undefined} answer
 * @param {boolean} judges whether it is told from these outputs that something is no digit
 */
export function writeAtAll({ atAll }, answer, judges) {
  const evidence = answer?.layers.length ? answer.evidence : undefined;
  atAll.hidden = !judges || evidence === undefined;
  write(atAll, t("cnn.atAll", { percent: finePercent(evidence ?? 0) }));
}

/**
 * @param {Cells} cells
 * @param {readonly number[] | undefined} values
 * @param {number} most
 * @param {string} name
 */
function paintCells({ stage, canvas }, values, most, name) {
  const { rows, columns } = sizeOf(stage);
  paintMatrix(canvas, {
    values: values ?? new Float32Array(rows * columns),
    columns,
    most,
    signed: stage === OUTPUTS,
    label: t("cnn.cells", { name, rows, columns }),
  });
}
