import type { HeadPose, Liveness, Rect } from './estimation.ts';

/**
 * What passive liveness needs of a picture, and what its networks' scores mean. Source of the patch and of the score:
 * minivision's Silent-Face-Anti-Spoofing; of the limits: their own advice (camera frames, turned at most 30 degrees) and
 * measurements on 71 living portraits, of which 84 % passed with a patch of 1.5 times the box, 63 % with 1.3, and none
 * of 40 tight crops. Too little context makes the living look like attacks, never the other way round.
 */
export interface LivenessScene {
  /** The detector's box, in pixels of the picture. */
  readonly rect: Rect;
  readonly pose: Pick<HeadPose, 'yaw' | 'pitch'>;
  readonly picture: { readonly width: number; readonly height: number };
}

/** Of the box, in each direction, that the network with the narrower view wants to see. */
export const wantedContext = 2.7;
export const leastContext = 1.5;
/** Pixels of the face's width in a picture whose longer side is 640: below, it is not estimated. */
export const leastFaceWidth = 60;
export const goodFaceWidth = 120;
export const viewSide = 640;
/** Degrees: 30 by the authors, and 5 for the error of our own estimate of the pose. */
export const mostTurned = 35;
/** Between them the networks are undecided. */
export const attackBelow = 0.4;
export const liveAbove = 0.6;

/** Times its box that can be seen of a face, at most `scale`: where the picture is too small, less. */
export function contextScale(
  rect: Rect,
  { width, height }: { readonly width: number; readonly height: number },
  scale: number,
): number {
  return Math.min((height - 1) / rect.height, (width - 1) / rect.width, scale);
}

/**
 * The patch a network looks at: the box, grown `scale` times about its centre, moved into the picture where it leaves
 * it. First and last column and row, whole numbers.
 */
export function contextPatch(rect: Rect, picture: { readonly width: number; readonly height: number }, scale: number) {
  const [x, y] = [Math.trunc(rect.x), Math.trunc(rect.y)];
  const [boxWidth, boxHeight] = [Math.max(1, Math.trunc(rect.width)), Math.max(1, Math.trunc(rect.height))];
  const grown = contextScale({ x, y, width: boxWidth, height: boxHeight }, picture, scale);
  const along = (start: number, length: number, size: number): [first: number, last: number] => {
    const centre = start + length / 2;
    let [low, high] = [centre - (length * grown) / 2, centre + (length * grown) / 2];
    if (low < 0) [low, high] = [0, high - low];
    if (high > size - 1) [low, high] = [low - (high - size + 1), size - 1];
    return [Math.max(0, Math.trunc(low)), Math.trunc(high)];
  };
  const [left, right] = along(x, boxWidth, picture.width);
  const [top, bottom] = along(y, boxHeight, picture.height);
  return { left, top, right, bottom };
}

/**
 * Suitability of a picture for the estimate, 0..1: the share of the wanted context that it shows, and of the wanted
 * width of the face. Null when liveness cannot be told at all.
 */
export function livenessQuality({ rect, pose, picture }: LivenessScene): number | null {
  const shown = contextScale(rect, picture, wantedContext);
  const faceWidth = rect.width * Math.min(1, viewSide / Math.max(picture.width, picture.height));
  const turned = Math.max(Math.abs(pose.yaw), Math.abs(pose.pitch));
  const fits = shown >= leastContext && faceWidth >= leastFaceWidth && turned <= mostTurned;
  return fits ? Math.min(1, shown / wantedContext, faceWidth / goodFaceWidth) : null;
}

export const undeterminedLiveness: Liveness = { prediction: 'unknown', probability: null, quality: null };

/** LP5 `liveness_threshold` and `quality_threshold`, each 0..1. */
export interface LivenessThresholds {
  readonly liveness: number;
  readonly quality: number;
}

/** Between the limits, and where a network gave no number: it cannot tell. */
function isUndecided(probability: number): boolean {
  return !(probability < attackBelow || probability > liveAbove);
}

/** @param probability mean probability, over the networks, that the face lives; no number where one of them failed */
export function livenessFrom(probability: number, quality: number): Liveness {
  if (!(probability >= 0 && probability <= 1)) return undeterminedLiveness;
  const decided = probability > liveAbove ? 'real' : 'spoof';
  return { prediction: isUndecided(probability) ? 'unknown' : decided, probability, quality };
}

/**
 * What the thresholds make of an estimate (LP5 3.3, 9.1): `unknown` below the quality threshold, without an estimate, or
 * where the networks are undecided, whatever the thresholds; else `real` from the liveness threshold on.
 */
export function judgeLiveness(
  { probability, quality }: Pick<Liveness, 'probability' | 'quality'>,
  thresholds: LivenessThresholds,
): Liveness {
  if (probability === null || isUndecided(probability) || (quality !== null && quality < thresholds.quality)) {
    return { prediction: 'unknown', probability, quality };
  }
  return { prediction: probability >= thresholds.liveness ? 'real' : 'spoof', probability, quality };
}
