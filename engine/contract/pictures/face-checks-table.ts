import type { CheckThreshold } from '#domain/face/checks/check';
import { refusedCheckNames, refusedChecks } from '#domain/face/checks/refused-checks';
import { faceCheckNames, faceChecks } from '#domain/face/face-checks';

/** A threshold in words: `at least 5120, at most 2097152`, names in code. */
export function thresholdText(threshold: CheckThreshold): string {
  if (Array.isArray(threshold)) return threshold.map((value) => `\`${value}\``).join(', ');
  const { min, max } = threshold;
  const parts = [...(min === undefined ? [] : [`at least ${min}`]), ...(max === undefined ? [] : [`at most ${max}`])];
  return parts.join(', ') || 'any value';
}

const notes = `Luma is that of ITU-R BT.601, 0..255. Luminance is that of ISO/IEC 29794-5: ITU-R BT.709 weights on linear light, 0..255.
OFIQ is the reference code of ISO/IEC 29794-5 by the Federal Office for Information Security of Germany
(<https://github.com/BSI-OFIQ/OFIQ-Project>). Its ways are followed on other landmarks: its values are not met digit by digit.`;

/**
 * The checks of `face_quality` and `/iso` as two Markdown tables with notes, from the records that decide and refuse
 * them: for the OpenAPI document and for `engine/domain/face/FACE_CHECKS.md`.
 */
export function faceChecksTable(): string {
  const decided = faceCheckNames.map((name) => {
    const { unit, threshold, formula, source } = faceChecks[name];
    return `| \`${name}\` | ${unit} | ${thresholdText(threshold)} | ${formula} | ${source} |`;
  });
  const refused = refusedCheckNames.map((name) => `| \`${name}\` | ${refusedChecks[name]} |`);
  return [
    '| check | value | passes by default | how it is decided | source |',
    '|---|---|---|---|---|',
    ...decided,
    '',
    '| refused | because |',
    '|---|---|',
    ...refused,
    '',
    notes,
  ].join('\n');
}
