import type { Check, CheckedFace, CheckNeed, CheckThreshold } from './checks/check.ts';
import { expressionChecks } from './checks/expression-checks.ts';
import { geometryChecks } from './checks/geometry-checks.ts';
import { pictureChecks } from './checks/picture-checks.ts';
import { qualityChecks } from './checks/quality-checks.ts';

/**
 * Checks of one face and its picture against thresholds (LP5 9.3): `face_quality` of policies and `/iso`. Only what the
 * networks or the pixels can decide stands here; each record says how, and `FACE_CHECKS.md` is made from them. A value
 * that could not be measured is null and fails its check.
 *
 * Default thresholds: LP5 9.3, where only roll, mouth and the quality settings are documented; the rest is recalled.
 */
export const faceChecks = { ...pictureChecks, ...qualityChecks, ...expressionChecks, ...geometryChecks } as const;

export type FaceCheckName = keyof typeof faceChecks;
export const faceCheckNames = Object.keys(faceChecks) as FaceCheckName[];

export interface CheckResult {
  /** 1 when every check passed. */
  status: 0 | 1;
  checks: { name: string; object_value: number | string | null; threshold_value: CheckThreshold; result: 0 | 1 }[];
}

/** Which checks to run, with the thresholds that hold for them. */
export type CheckPlan = ReadonlyMap<FaceCheckName, CheckThreshold>;

/** Every check with its default threshold. */
export const allChecks: CheckPlan = new Map(
  faceCheckNames.map((name): [FaceCheckName, CheckThreshold] => [name, faceChecks[name].threshold]),
);

/** What has to be estimated for the checks of a plan. */
export function needsOf(plan: CheckPlan): Set<CheckNeed> {
  return new Set([...plan.keys()].flatMap((name): readonly CheckNeed[] => faceChecks[name].needs));
}

function passes(value: number | string | null, threshold: CheckThreshold): boolean {
  if (value === null) return false;
  if (Array.isArray(threshold)) return threshold.includes(value);
  if (typeof value !== 'number') return false;
  return (
    (threshold.min === undefined || value >= threshold.min) && (threshold.max === undefined || value <= threshold.max)
  );
}

export function checkFace(facts: CheckedFace, plan: CheckPlan): CheckResult {
  const checks = [...plan].map(([name, threshold]) => {
    const check: Check = faceChecks[name];
    const value = check.measure(facts);
    return { name, object_value: value, threshold_value: threshold, result: passes(value, threshold) ? 1 : 0 } as const;
  });
  return { status: checks.every(({ result }) => result === 1) ? 1 : 0, checks };
}
