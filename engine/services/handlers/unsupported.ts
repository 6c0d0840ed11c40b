import { refusedCheckNames, refusedChecks } from '#domain/face/checks/refused-checks';
import { lunaError } from '#kernel/errors';
import type { DetectPolicy, Filters, Policies } from './policies.schema.ts';

/**
 * What LP5 has in policies and this appliance does not carry out. Such a member may be switched off; switched on it is
 * refused by name (11044) when the handler is written, never ignored. The compatibility table is made from this list.
 */
export interface Unsupported {
  /** Path below `policies`; `*` stands for any element. */
  member: string;
  reason: string;
  isUsed: (policies: Policies) => boolean;
}

const noBody = 'no network of this appliance detects bodies';
const noMask = 'no network of this appliance tells masks';

/** Every `filters` of the storage policy, the conditional tags and the match policies. */
function allFilters(policies: Policies): Filters[] {
  const { storage_policy: storage = {}, match_policy = [], conditional_tags_policy = [] } = policies;
  const links = storage.face_policy?.link_to_lists_policy ?? [];
  return [...match_policy, ...conditional_tags_policy, ...Object.values(storage), ...links].flatMap(
    (owner) => owner?.filters ?? [],
  );
}

const detect = (isUsed: (policy: DetectPolicy) => boolean) => (policies: Policies) =>
  isUsed(policies.detect_policy ?? {});

/** The checks of face quality that neither a network nor the pixels decide. Naming one switches it on. */
const unsupportedChecks = refusedCheckNames.map(
  (name): Unsupported => ({
    member: `detect_policy.face_quality.checks.${name}`,
    reason: refusedChecks[name],
    isUsed: detect(({ face_quality }) => {
      const check = face_quality?.checks?.[name];
      return check !== undefined && check.estimate !== 0;
    }),
  }),
);

export const unsupportedPolicies: readonly Unsupported[] = [
  { member: 'detect_policy.detect_body', reason: noBody, isUsed: detect((p) => p.detect_body === 1) },
  {
    member: 'detect_policy.body_attributes',
    reason: noBody,
    isUsed: detect((p) => Object.values(p.body_attributes ?? {}).includes(1)),
  },
  { member: 'detect_policy.estimate_mask', reason: noMask, isUsed: detect((p) => p.estimate_mask === 1) },
  {
    member: 'detect_policy.mask_states',
    reason: noMask,
    isUsed: detect((p) => p.mask_states !== undefined && new Set(p.mask_states).size < 3),
  },
  {
    member: 'detect_policy.estimate_glasses',
    reason: 'no network of this appliance tells glasses',
    isUsed: detect((p) => p.estimate_glasses === 1),
  },
  {
    member: 'extract_policy.extract_body_descriptor',
    reason: noBody,
    isUsed: (p) => p.extract_policy?.extract_body_descriptor === 1,
  },
  {
    member: 'match_policy.*.descriptor_type',
    reason: `${noBody}: only 'face'`,
    isUsed: (p) => (p.match_policy ?? []).some(({ descriptor_type }) => descriptor_type === 'body'),
  },
  { member: '*.filters.masks', reason: noMask, isUsed: (p) => allFilters(p).some(({ masks }) => masks !== undefined) },
  {
    member: '*.filters.ethnic_groups',
    reason: 'no network of this appliance tells ethnic groups',
    isUsed: (p) => allFilters(p).some(({ ethnic_groups }) => ethnic_groups !== undefined),
  },
  ...unsupportedChecks,
];

/** Throws `FeatureDisabled` 11044 for the first member that is switched on and not carried out. */
export function refuseUnsupported(policies: Policies): void {
  const found = unsupportedPolicies.find(({ isUsed }) => isUsed(policies));
  if (found) throw lunaError('FeatureDisabled', { feature: `policies.${found.member} (${found.reason})` });
}
