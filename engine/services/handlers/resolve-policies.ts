import { limits } from '#contract/established/names';
import { policyDefaults } from '#contract/established/policy-defaults';
import { checkTargets } from '#contract/matching/candidate-targets';
import type { CandidateSet } from '#contract/matching/candidates';
import type { CheckThreshold } from '#domain/face/checks/check';
import type { DetectionRules } from '#domain/face/detection-rules';
import { detectionOnly, type EstimationRequest } from '#domain/face/estimation';
import {
  allChecks,
  type CheckPlan,
  type FaceCheckName,
  faceCheckNames,
  faceChecks,
  needsOf,
} from '#domain/face/face-checks';
import { lunaError } from '#kernel/errors';
import type { DetectPolicy, Filters, Policies, StoragePolicy, VerifierPolicies } from './policies.schema.ts';
import { refuseUnsupported } from './unsupported.ts';

/** Policies with every default filled in, as the pipeline uses them. */
export interface ResolvedPolicies {
  detectFace: boolean;
  /** What the networks have to do for a picture; its kind and box are added per picture. */
  estimation: EstimationRequest;
  rules: DetectionRules;
  /** Whether the event gets them; the networks may have to make them for a rule only. */
  extract: { descriptor: boolean; basicAttributes: boolean };
  matches: { label: string; candidates: CandidateSet; filters: Filters }[];
  tags: { tag: string; filters: Filters }[];
  storage: ResolvedStorage;
}

export interface ResolvedStorage {
  faceSample: { store: boolean; filters: Filters };
  imageOrigin: { store: boolean; useExternalReferences: boolean; filters: Filters };
  /** `ttl` in seconds. */
  attribute: { store: boolean; ttl: number; filters: Filters };
  face: { store: boolean; setAvatar: boolean; links: { listId: string; filters: Filters }[]; filters: Filters };
  event: { store: boolean; filters: Filters };
  notification: { send: boolean; filters: Filters };
}

const isOn = (flag: 0 | 1 | undefined, byDefault: 0 | 1 = policyDefaults.estimate): boolean =>
  (flag ?? byDefault) === 1;

function checkPlanOf(policy: DetectPolicy['face_quality']): CheckPlan | null {
  if (!isOn(policy?.estimate) && !isOn(policy?.filter)) return null;
  const checks = policy?.checks ?? {};
  if (Object.keys(checks).length === 0) return allChecks;
  const plan: [FaceCheckName, CheckThreshold][] = [];
  for (const name of faceCheckNames) {
    const check = checks[name];
    if (!check || !isOn(check.estimate, policyDefaults.estimateNamedCheck)) continue;
    const threshold = check.threshold ?? faceChecks[name].threshold;
    plan.push([name, typeof threshold === 'number' ? [threshold] : threshold]);
  }
  return new Map(plan);
}

/** The networks' part of a detect and an extract policy, and the rules that follow it. */
function resolveDetection(
  policy: DetectPolicy,
  extract: { descriptor: boolean; basicAttributes: boolean; minScore: number; warp: boolean },
): { estimation: EstimationRequest; rules: DetectionRules } {
  const angles = {
    yaw: policy.yaw_threshold ?? policyDefaults.angleThreshold,
    pitch: policy.pitch_threshold ?? policyDefaults.angleThreshold,
    roll: policy.roll_threshold ?? policyDefaults.angleThreshold,
  };
  const filtersByAngle = Math.min(angles.yaw, angles.pitch, angles.roll) < 180;
  const plan = checkPlanOf(policy.face_quality);
  const needs = needsOf(plan ?? new Map());
  const states = policy.liveness_states;
  const filtersByLiveness = states !== undefined && new Set(states).size < 3;
  const liveness = isOn(policy.estimate_liveness?.estimate) || filtersByLiveness;
  const multifacePolicy = (policy.multiface_policy ?? policyDefaults.multifacePolicy) as 0 | 1 | 2;
  return {
    estimation: {
      ...detectionOnly,
      faces: multifacePolicy === 2 ? 'best' : 'all',
      landmarks68: isOn(policy.detect_landmarks68) || needs.has('landmarks68'),
      headPose: isOn(policy.estimate_head_pose) || filtersByAngle || needs.has('headPose'),
      emotions: isOn(policy.estimate_emotions),
      gaze: isOn(policy.estimate_gaze) || needs.has('gaze'),
      eyes: isOn(policy.estimate_eyes_attributes) || needs.has('eyes'),
      mouth: isOn(policy.estimate_mouth_attributes) || needs.has('mouth'),
      quality: isOn(policy.estimate_quality) || needs.has('quality'),
      portrait: needs.has('portrait'),
      exif: isOn(policy.extract_exif),
      liveness,
      basicAttributes: extract.basicAttributes,
      descriptor: extract.descriptor || extract.minScore > 0,
      warp: extract.warp,
    },
    rules: {
      multifacePolicy,
      angles,
      liveness: liveness
        ? {
            liveness: policy.estimate_liveness?.liveness_threshold ?? policyDefaults.livenessThreshold,
            quality: policy.estimate_liveness?.quality_threshold ?? policyDefaults.livenessQualityThreshold,
          }
        : null,
      livenessStates: filtersByLiveness ? states : null,
      minDescriptorScore: extract.minScore,
      faceQuality: plan && { plan, filter: isOn(policy.face_quality?.filter) },
    },
  };
}

function resolveStorage(policy: StoragePolicy): ResolvedStorage {
  const { face_sample_policy, image_origin_policy, attribute_policy, face_policy } = policy;
  const { event_policy, notification_policy } = policy;
  return {
    faceSample: {
      store: isOn(face_sample_policy?.store_sample, policyDefaults.storeSample),
      filters: face_sample_policy?.filters ?? {},
    },
    imageOrigin: {
      store: isOn(image_origin_policy?.store_image, policyDefaults.storeImage),
      useExternalReferences: isOn(image_origin_policy?.use_external_references, policyDefaults.useExternalReferences),
      filters: image_origin_policy?.filters ?? {},
    },
    attribute: {
      store: isOn(attribute_policy?.store_attribute, policyDefaults.storeAttribute),
      ttl: attribute_policy?.ttl ?? limits.defaultAttributeTtl,
      filters: attribute_policy?.filters ?? {},
    },
    face: {
      store: isOn(face_policy?.store_face, policyDefaults.storeFace),
      setAvatar: isOn(face_policy?.set_sample_as_avatar, policyDefaults.setSampleAsAvatar),
      links: (face_policy?.link_to_lists_policy ?? []).map((link) => ({
        listId: link.list_id,
        filters: link.filters ?? {},
      })),
      filters: face_policy?.filters ?? {},
    },
    event: {
      store: isOn(event_policy?.store_event, policyDefaults.storeEvent),
      filters: event_policy?.filters ?? {},
    },
    notification: {
      send: isOn(notification_policy?.send_notification, policyDefaults.sendNotification),
      filters: notification_policy?.filters ?? {},
    },
  };
}

/** Labels are unique, filters name only labels there are, targets fit their origin, matching has what to match. */
function checkLabels(policies: Policies): void {
  const labels = (policies.match_policy ?? []).map(({ label }) => label);
  const refuse = (path: string, message: string) => lunaError('BadJson', { path: `policies.${path}`, message });
  const repeated = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (repeated >= 0) throw refuse(`match_policy.${repeated}.label`, `label '${labels[repeated]}' is used twice`);
  if (labels.length > 0 && policies.extract_policy?.extract_face_descriptor === 0) {
    throw refuse('match_policy', 'matching needs extract_policy.extract_face_descriptor 1');
  }
  for (const { candidates, targets } of policies.match_policy ?? [])
    if (targets) checkTargets(candidates.origin, targets);
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      if (name !== 'match') visit(member, `${path}.${name}`);
      else {
        for (const { label } of member as { label: string }[]) {
          if (!labels.includes(label)) throw refuse(`${path}.match`, `no match_policy has the label '${label}'`);
        }
      }
    }
  };
  visit(policies.conditional_tags_policy ?? [], 'conditional_tags_policy');
  visit(policies.storage_policy ?? {}, 'storage_policy');
}

/**
 * Fills in LP5's defaults. Throws `FeatureDisabled` 11044 for what is not carried out, `BadJson` 12022 for members that
 * contradict each other, `InvalidTarget` 22016.
 */
export function resolvePolicies(policies: Policies): ResolvedPolicies {
  refuseUnsupported(policies);
  checkLabels(policies);
  const { detect_policy = {}, extract_policy = {}, match_policy = [], conditional_tags_policy = [] } = policies;
  const storage = resolveStorage(policies.storage_policy ?? {});
  const extract = {
    descriptor: isOn(extract_policy.extract_face_descriptor, policyDefaults.extractFaceDescriptor),
    basicAttributes: isOn(extract_policy.extract_basic_attributes, policyDefaults.extractBasicAttributes),
  };
  const minScore = extract_policy.fd_score_threshold ?? policyDefaults.fdScoreThreshold;
  return {
    detectFace: isOn(detect_policy.detect_face, policyDefaults.detectFace),
    ...resolveDetection(detect_policy, { ...extract, minScore, warp: storage.faceSample.store }),
    extract,
    matches: match_policy.map(({ label, candidates, targets, threshold, limit, filters }) => ({
      label,
      candidates: {
        filters: candidates,
        limit: limit ?? limits.defaultMatchLimit,
        threshold: threshold ?? policyDefaults.matchThreshold,
        targets,
      },
      filters: filters ?? {},
    })),
    tags: conditional_tags_policy.map(({ tag, filters }) => ({ tag, filters: filters ?? {} })),
    storage,
  };
}

export interface ResolvedVerifier {
  threshold: number;
  estimation: EstimationRequest;
  rules: DetectionRules;
  basicAttributes: boolean;
  storeSample: boolean;
  storeImage: boolean;
  useExternalReferences: boolean;
  attribute: { store: boolean; ttl: number };
}

/** As `resolvePolicies`, for a verifier: a descriptor is always extracted. */
export function resolveVerifier(policies: VerifierPolicies): ResolvedVerifier {
  const { detect_policy = {}, extract_policy = {}, storage_policy = {} } = policies;
  refuseUnsupported({ detect_policy });
  const { faceSample, imageOrigin, attribute } = resolveStorage(storage_policy);
  const basicAttributes = isOn(extract_policy.extract_basic_attributes, policyDefaults.extractBasicAttributes);
  const minScore = extract_policy.fd_score_threshold ?? policyDefaults.fdScoreThreshold;
  return {
    threshold: policies.verification_threshold ?? policyDefaults.verificationThreshold,
    ...resolveDetection(detect_policy, { descriptor: true, basicAttributes, minScore, warp: faceSample.store }),
    basicAttributes,
    storeSample: faceSample.store,
    storeImage: imageOrigin.store,
    useExternalReferences: imageOrigin.useExternalReferences,
    attribute: { store: attribute.store, ttl: attribute.ttl },
  };
}
