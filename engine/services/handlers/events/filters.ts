import { enumNumbers } from '#contract/established/names';
import type { AggregateEstimate } from '#domain/face/aggregate';
import { livenessNumbers } from '#domain/face/detection-rules';
import { type EmotionName, type Emotions, emotionNames } from '#domain/face/estimation';
import type { Filters } from '../policies.schema.ts';

/** What filters look at: the aggregated estimates of an event, and the best similarity per label. */
export interface FilterFacts {
  attributes: Pick<AggregateEstimate, 'basicAttributes' | 'emotions' | 'liveness'>;
  /** Similarity of the best candidate per label. Absent: no candidate. */
  bestSimilarity: ReadonlyMap<string, number>;
}

export function predominantEmotion(emotions: Emotions): EmotionName {
  return emotionNames.reduce((best, name) => (emotions[name] > emotions[best] ? name : best));
}

/**
 * True when every member of the filters holds (LP5 3.5.2). `{}` always holds. A member on something that was not
 * estimated does not hold; without candidates the similarity of a label is 0.
 */
export function holds(filters: Filters, { attributes, bestSimilarity }: FilterFacts): boolean {
  const { gender, age__gte, age__lt, emotions, ethnic_groups, masks, liveness, match } = filters;
  const basic = attributes.basicAttributes;
  const age = basic && Math.round(basic.age);
  const emotion = attributes.emotions && enumNumbers.emotion[predominantEmotion(attributes.emotions)];
  const alive = attributes.liveness && livenessNumbers[attributes.liveness.prediction];
  const isOneOf = (value: number | null, wanted: readonly number[] | undefined): boolean =>
    wanted === undefined || (value !== null && wanted.includes(value));
  return (
    (gender === undefined || basic?.gender === gender) &&
    (age__gte === undefined || (age !== null && age >= age__gte)) &&
    (age__lt === undefined || (age !== null && age < age__lt)) &&
    isOneOf(emotion, emotions) &&
    isOneOf(alive, liveness) &&
    // Neither masks nor ethnic groups are ever estimated.
    isOneOf(null, ethnic_groups) &&
    isOneOf(null, masks) &&
    (match ?? []).every(({ label, similarity__gte = 0, similarity__lte = 1 }) => {
      const similarity = bestSimilarity.get(label) ?? 0;
      return similarity__gte <= similarity && similarity <= similarity__lte;
    })
  );
}
