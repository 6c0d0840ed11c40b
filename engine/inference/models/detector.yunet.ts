import { bytesAsTheyAre } from '../sampling/normalisation.ts';
import { type Feeding, prepareOf } from './feeding.ts';
import { type DetectedFace, type DetectorModel, type Outputs, requireOutput } from './model.ts';

/** One anchor per cell of three grids. */
const strides = [8, 16, 32] as const;
const lowestScore = 0.6;
const pointValues = 10;
/** Of the logarithm of a box's side in cells: larger ones are no faces and would overflow. */
const mostLogSide = 10;

/** Names and lengths of the outputs for an input of `side` pixels. */
export function yunetOutputs(side: number): Record<string, number> {
  const perCell = { cls: 1, obj: 1, bbox: 4, kps: pointValues };
  return Object.fromEntries(
    strides.flatMap((stride) =>
      Object.entries(perCell).map(([kind, values]) => [`${kind}_${stride}`, (side / stride) ** 2 * values]),
    ),
  );
}

function decodeGrid(outputs: Outputs, side: number, stride: number): DetectedFace[] {
  const cells = side / stride;
  const count = cells * cells;
  const classes = requireOutput(outputs, `cls_${stride}`, count);
  const objects = requireOutput(outputs, `obj_${stride}`, count);
  const boxes = requireOutput(outputs, `bbox_${stride}`, count * 4);
  const points = requireOutput(outputs, `kps_${stride}`, count * pointValues);
  const faces: DetectedFace[] = [];
  const unit = (value: number): number => Math.min(1, Math.max(0, value));
  for (let i = 0; i < count; i++) {
    const score = Math.sqrt(unit(classes[i] as number) * unit(objects[i] as number));
    if (!(score >= lowestScore)) continue;
    const [column, row] = [i % cells, Math.floor(i / cells)];
    const box = (index: number): number => boxes[i * 4 + index] as number;
    if (!(box(2) < mostLogSide && box(3) < mostLogSide)) continue;
    const [width, height] = [Math.exp(box(2)) * stride, Math.exp(box(3)) * stride];
    const point = (index: number): [number, number] => [
      ((points[i * pointValues + 2 * index] as number) + column) * stride,
      ((points[i * pointValues + 2 * index + 1] as number) + row) * stride,
    ];
    const [x, y] = [(column + box(0)) * stride - width / 2, (row + box(1)) * stride - height / 2];
    faces.push({ rect: { x, y, width, height }, score, leftEye: point(0), rightEye: point(1) });
  }
  return faces;
}

/** YuNet (Wu et al. 2023, libfacedetection). Its box reaches from the brow's upper end to the chin. */
export function yunet(options: { network: string; side: number; feeding: Feeding }): DetectorModel {
  const { network, side, feeding } = options;
  return {
    network,
    side,
    normalisation: bytesAsTheyAre,
    prepare: prepareOf(feeding),
    lowestScore,
    decode: (outputs) =>
      strides.flatMap((stride) => decodeGrid(outputs, side, stride)).sort((a, b) => b.score - a.score),
  };
}
