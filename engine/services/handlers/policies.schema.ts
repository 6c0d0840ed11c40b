/**
 * Policies of handlers and verifiers (LP5 3.2 to 3.5). Input is liberal: 0/1 and booleans, numbers and names of enums,
 * older spellings. What comes out is LP5's own spelling without defaults: it is stored and given back as it was sent.
 * An unknown member is ignored, since newer clients send more, and named by the validator (`ignored-members.ts`); but in
 * candidates and filters it is refused by name: a condition left out would widen what they choose.
 */
import * as z from 'zod';
import { enumNumbers, limits } from '#contract/established/names';
import { CandidateFilters, MatchTargets, numberOf } from '#contract/matching/candidates';
import { Tag, Uuid } from '#contract/schemas';
import { FaceQualityPolicy } from './face-quality.schema.ts';
import { flag } from './flag.schema.ts';

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Older names of members. */
const synonyms: Readonly<Record<string, string>> = {
  extract_descriptor: 'extract_face_descriptor',
  similarity__lt: 'similarity__lte',
};
export const currentName = (name: string): string => synonyms[name] ?? name;

/** An object that is also known under older names of its members. */
function withSynonyms<Schema extends z.ZodType>(schema: Schema) {
  const rename = (value: unknown): unknown =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [currentName(name), member]))
      : value;
  return z.preprocess(rename, schema);
}

/** One or more values of an enum, as numbers. */
const states = (names: Readonly<Record<string, number>>) => z.array(numberOf(names)).min(1).max(16).optional();
const Unit = z.number().min(0).max(1);
const Degrees = z.int().min(0).max(180);
const Label = z.string().min(1).max(limits.label);

const MatchCondition = withSynonyms(
  z.strictObject({ label: Label, similarity__gte: Unit.optional(), similarity__lte: Unit.optional() }),
);

const attributeFilters = {
  gender: numberOf(enumNumbers.gender).optional(),
  age__gte: z.int().min(0).max(1000).optional(),
  age__lt: z.int().min(0).max(1000).optional(),
  emotions: states(enumNumbers.emotion),
  ethnic_groups: states(enumNumbers.ethnicGroup),
  masks: states(enumNumbers.mask),
  liveness: states(enumNumbers.liveness),
};

/** Conditions on what was estimated. All of them have to hold; one on something that was not estimated does not. */
export const AttributeFilters = z.strictObject(attributeFilters).meta({ id: 'AttributeFilters' });
export const Filters = z
  .strictObject({ ...attributeFilters, match: z.array(MatchCondition).min(1).max(limits.policyList).optional() })
  .meta({ id: 'Filters' });
export type Filters = z.infer<typeof Filters>;
const filters = Filters.optional();

const LivenessPolicy = z.object({
  estimate: flag,
  liveness_threshold: Unit.optional(),
  quality_threshold: Unit.optional(),
});

const faceDetectPolicy = {
  multiface_policy: z.int().min(0).max(2).optional(),
  detect_face: flag,
  estimate_head_pose: flag,
  estimate_emotions: flag,
  estimate_mask: flag,
  estimate_quality: flag,
  estimate_gaze: flag,
  estimate_eyes_attributes: flag,
  estimate_mouth_attributes: flag,
  estimate_glasses: flag,
  detect_landmarks68: flag,
  extract_exif: flag,
  estimate_liveness: z
    .preprocess((value) => (isObject(value) ? value : { estimate: value }), LivenessPolicy)
    .optional(),
  liveness_states: states(enumNumbers.liveness),
  mask_states: states(enumNumbers.mask),
  pitch_threshold: Degrees.optional(),
  yaw_threshold: Degrees.optional(),
  roll_threshold: Degrees.optional(),
  face_quality: FaceQualityPolicy.optional(),
};

const BodyAttributes = z.object({
  estimate_basic_attributes: flag,
  estimate_upper_body: flag,
  estimate_accessories: flag,
  estimate_lower_body: flag,
});

export const DetectPolicy = z
  .object({ ...faceDetectPolicy, detect_body: flag, body_attributes: BodyAttributes.optional() })
  .meta({ id: 'DetectPolicy' });
export type DetectPolicy = z.infer<typeof DetectPolicy>;

export const ExtractPolicy = withSynonyms(
  z.object({
    extract_face_descriptor: flag,
    extract_body_descriptor: flag,
    extract_basic_attributes: flag,
    fd_score_threshold: Unit.optional(),
  }),
).meta({ id: 'ExtractPolicy' });

export const MatchPolicy = z
  .object({
    label: Label,
    candidates: CandidateFilters,
    targets: MatchTargets,
    threshold: Unit.optional(),
    limit: z.int().min(1).max(limits.resultCandidates).optional(),
    filters: AttributeFilters.optional(),
    descriptor_type: z.enum(['face', 'body']).optional(),
  })
  .meta({ id: 'MatchPolicy' });
export type MatchPolicy = z.infer<typeof MatchPolicy>;

const SamplePolicy = z.object({ store_sample: flag, filters });
const AttributePolicy = z.object({
  store_attribute: flag,
  ttl: z.int().min(1).max(limits.attributeTtl).optional(),
  filters,
});
const ImageOriginPolicy = z.object({ store_image: flag, use_external_references: flag, filters });

export const StoragePolicy = z
  .object({
    face_sample_policy: SamplePolicy.optional(),
    body_sample_policy: SamplePolicy.optional(),
    image_origin_policy: ImageOriginPolicy.optional(),
    attribute_policy: AttributePolicy.optional(),
    face_policy: z
      .object({
        store_face: flag,
        set_sample_as_avatar: flag,
        link_to_lists_policy: z
          .array(z.object({ list_id: Uuid, filters }))
          .max(limits.policyList)
          .optional(),
        filters,
      })
      .optional(),
    event_policy: z
      .object({
        store_event: flag,
        wait_saving: flag.describe('Taken and given back as LP5 does; the answer waits for the disk in both cases.'),
        filters,
      })
      .optional(),
    notification_policy: z.object({ send_notification: flag, filters }).optional(),
  })
  .meta({ id: 'StoragePolicy' });
export type StoragePolicy = z.infer<typeof StoragePolicy>;

export const Policies = z
  .object({
    detect_policy: DetectPolicy.optional(),
    extract_policy: ExtractPolicy.optional(),
    match_policy: z.array(MatchPolicy).max(limits.policyList).optional(),
    conditional_tags_policy: z
      .array(z.object({ tag: Tag, filters }))
      .max(limits.policyList)
      .optional(),
    storage_policy: StoragePolicy.optional(),
  })
  .meta({ id: 'Policies', description: 'Omitted members have their defaults.' });
export type Policies = z.infer<typeof Policies>;

/** Filters are not supported in verifiers, and a descriptor is always extracted (LP5 4.1). */
export const VerifierPolicies = z
  .strictObject({
    verification_threshold: Unit.optional(),
    detect_policy: z.strictObject(faceDetectPolicy).optional(),
    extract_policy: z.strictObject({ extract_basic_attributes: flag, fd_score_threshold: Unit.optional() }).optional(),
    storage_policy: z
      .strictObject({
        face_sample_policy: SamplePolicy.omit({ filters: true }).strict().optional(),
        attribute_policy: AttributePolicy.omit({ filters: true }).strict().optional(),
        image_origin_policy: ImageOriginPolicy.omit({ filters: true }).strict().optional(),
      })
      .optional(),
  })
  .meta({ id: 'VerifierPolicies' });
export type VerifierPolicies = z.infer<typeof VerifierPolicies>;
