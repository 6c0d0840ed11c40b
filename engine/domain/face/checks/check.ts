import type { FaceEstimate } from '../estimation.ts';

export interface CheckRange {
  min?: number | undefined;
  max?: number | undefined;
}

/** A range (either end may be absent) or the list of admitted values (LP5 3.3.1). */
export type CheckThreshold = CheckRange | (string | number)[];

export interface CheckedFace {
  face: FaceEstimate;
  picture: { width: number; height: number; format: string; sizeBytes: number };
}

/** What has to be estimated for a check; detection and the five landmarks are always there. */
export type CheckNeed = 'headPose' | 'gaze' | 'eyes' | 'mouth' | 'quality' | 'landmarks68' | 'portrait';

interface Described {
  readonly needs: readonly CheckNeed[];
  /** Of the value: pixels, degrees, 0..1 ... */
  readonly unit: string;
  /** How the value comes about, and where the way of it is from: for the page of checks and the OpenAPI document. */
  readonly formula: string;
  readonly source: string;
}

/** A number that has to lie in a range. */
export interface RangeCheck extends Described {
  readonly kind: 'range';
  readonly threshold: CheckRange;
  readonly measure: (facts: CheckedFace) => number | null;
}

/** A name that has to be among the admitted ones. `values`: all that LP5 has, also those that are never answered here. */
export interface ListCheck extends Described {
  readonly kind: 'list';
  readonly values: readonly [string, ...string[]];
  readonly threshold: string[];
  readonly measure: (facts: CheckedFace) => string | null;
}

/** 0 or 1. */
export interface FlagCheck extends Described {
  readonly kind: 'flag';
  readonly threshold: (0 | 1)[];
  readonly measure: (facts: CheckedFace) => 0 | 1 | null;
}

/** The value of a check is null where it could not be measured, and null never passes. */
export type Check = RangeCheck | ListCheck | FlagCheck;

/** Three digits are more than any of the values means. */
export const round = (value: number): number => Math.round(value * 1000) / 1000;
export const rounded = (value: number | null | undefined): number | null => (value == null ? null : round(value));

export const own = 'our own';
