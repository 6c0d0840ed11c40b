import { type DetectedFace, type DetectorModel, type Outputs, requireOutput } from './model.ts';

/** MediaPipe BlazeFace (Bazarevsky et al. 2019), the back camera's network: two grids of anchors over 256 pixels. */
const grids = [
  { scores: 'scores16', boxes: 'boxes16', cells: 16, anchorsPerCell: 2 },
  { scores: 'scores32', boxes: 'boxes32', cells: 8, anchorsPerCell: 6 },
] as const;
const side = 256;
const valuesPerAnchor = 16;
/** Below it the boxes are noise. What a request gets without a threshold of its own is `defaultScoreThreshold`. */
const lowestScore = 0.3;
/** The score is the logistic of the output: compared before it is taken, since nearly all anchors are empty. */
const lowestLogit = Math.log(lowestScore / (1 - lowestScore));

function decode(outputs: Outputs): DetectedFace[] {
  const faces: DetectedFace[] = [];
  for (const grid of grids) {
    const count = grid.cells * grid.cells * grid.anchorsPerCell;
    const scores = requireOutput(outputs, grid.scores, count);
    const boxes = requireOutput(outputs, grid.boxes, count * valuesPerAnchor);
    const stride = side / grid.cells;
    for (let i = 0; i < count; i++) {
      const logit = scores[i] as number;
      if (logit < lowestLogit) continue;
      const cell = Math.floor(i / grid.anchorsPerCell);
      const anchorX = ((cell % grid.cells) + 0.5) * stride;
      const anchorY = (Math.floor(cell / grid.cells) + 0.5) * stride;
      // Centre, size, then six points (both eyes, nose, mouth, both ears), all but the size from the anchor on.
      const at = (index: number): number => boxes[i * valuesPerAnchor + index] as number;
      const [width, height] = [at(2), at(3)];
      if (!(width > 0 && height > 0)) continue;
      faces.push({
        rect: { x: anchorX + at(0) - width / 2, y: anchorY + at(1) - height / 2, width, height },
        score: 1 / (1 + Math.exp(-logit)),
        leftEye: [anchorX + at(4), anchorY + at(5)],
        rightEye: [anchorX + at(6), anchorY + at(7)],
      });
    }
  }
  return faces.sort((a, b) => b.score - a.score);
}

export const blazeface: DetectorModel = {
  network: 'blazeface',
  side,
  normalisation: { scale: 1 / 127.5, offset: -1 },
  lowestScore,
  decode,
};
