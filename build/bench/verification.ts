/** Error rates of 1:1 verification from scores of same-person and different-person pairs. Higher score: more alike. */

export interface VerificationScores {
  same: readonly number[];
  different: readonly number[];
}

/** Share of `scores` that reach `threshold`. */
function shareAtLeast(scores: readonly number[], threshold: number): number {
  return scores.filter((score) => score >= threshold).length / scores.length;
}

/** Equal error rate: where false rejections and false acceptances are closest, their mean (ISO/IEC 19795-1). */
export function equalErrorRate({ same, different }: VerificationScores): number {
  let best = { gap: Number.POSITIVE_INFINITY, rate: Number.NaN };
  for (const threshold of new Set([...same, ...different])) {
    const falseAccepts = shareAtLeast(different, threshold);
    const falseRejects = 1 - shareAtLeast(same, threshold);
    const gap = Math.abs(falseAccepts - falseRejects);
    if (gap < best.gap) best = { gap, rate: (falseAccepts + falseRejects) / 2 };
  }
  return best.rate;
}

/** True accept rate at the lowest threshold whose false accept rate does not exceed `far`. */
export function trueAcceptRate(
  { same, different }: VerificationScores,
  far: number,
): { rate: number; threshold: number } {
  const allowed = Math.floor(far * different.length);
  const sorted = [...different].sort((a, b) => b - a);
  // The first impostor that must not pass any more sets the threshold just above itself.
  const barred = sorted[allowed] ?? Number.NEGATIVE_INFINITY;
  const passing = same.filter((score) => score > barred);
  return { rate: passing.length / same.length, threshold: barred };
}
