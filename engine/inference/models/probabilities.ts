/** Of a float32 softmax, and of rounding in golden vectors. */
const sumTolerance = 1e-3;

export function isProbability(value: number): boolean {
  return value >= 0 && value <= 1;
}

/** Whether a network's classes are probabilities: each 0..1, together 1. Logits and what is no number are not. */
export function areProbabilities(values: ArrayLike<number>): boolean {
  const all = Array.from(values);
  return all.every(isProbability) && Math.abs(all.reduce((sum, value) => sum + value, 0) - 1) <= sumTolerance;
}
