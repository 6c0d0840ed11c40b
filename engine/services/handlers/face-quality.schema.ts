/**
 * `face_quality` of detect policies (LP5 3.3.1): every check by its name, each threshold by the kind of its check. A name
 * that no check has is refused, and so is a bound that no range has: left out, they would let faces pass.
 */
import * as z from 'zod';
import { thresholdText } from '#contract/pictures/face-checks-table';
import type { Check, CheckThreshold } from '#domain/face/checks/check';
import { type RefusedCheckName, refusedCheckNames, refusedChecks } from '#domain/face/checks/refused-checks';
import { type FaceCheckName, faceCheckNames, faceChecks } from '#domain/face/face-checks';
import { Flag, flag } from './flag.schema.ts';

const RangeThreshold = z
  .strictObject({ min: z.number().optional(), max: z.number().optional() })
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, 'min must not be above max');

/** LP5's model of red eyes has a number where its other checks have a list: both are taken, and kept as sent. */
const FlagThreshold = z.union([Flag, z.array(Flag).min(1).max(2)], 'must be 0, 1 or a list of them');

function thresholdOf(check: Check): z.ZodType<CheckThreshold | 0 | 1> {
  if (check.kind === 'list') return z.array(z.enum(check.values)).min(1).max(32);
  return check.kind === 'flag' ? FlagThreshold : RangeThreshold;
}

function decided(name: FaceCheckName) {
  const check: Check = faceChecks[name];
  return z
    .object({ estimate: flag, threshold: thresholdOf(check).optional() })
    .optional()
    .meta({ description: `${check.unit}. Default threshold: ${thresholdText(check.threshold)}.` });
}

function refused(name: RefusedCheckName) {
  return z
    .object({ estimate: flag, threshold: z.unknown().optional() })
    .optional()
    .meta({ description: `11044 unless \`estimate\` is 0: ${refusedChecks[name]}.` });
}

const FaceQualityChecks = z
  .strictObject({
    ...(Object.fromEntries(faceCheckNames.map((name) => [name, decided(name)])) as Record<
      FaceCheckName,
      ReturnType<typeof decided>
    >),
    ...(Object.fromEntries(refusedCheckNames.map((name) => [name, refused(name)])) as Record<
      RefusedCheckName,
      ReturnType<typeof refused>
    >),
  })
  .meta({
    id: 'FaceQualityChecks',
    description:
      'A check that is named runs unless its `estimate` is 0. The description of `/iso` says how each one is decided.',
  });

export const FaceQualityPolicy = z.object({ estimate: flag, filter: flag, checks: FaceQualityChecks.optional() }).meta({
  description:
    'Without `checks`, or with none in it, all checks run with their default thresholds; else those that it names.',
});
