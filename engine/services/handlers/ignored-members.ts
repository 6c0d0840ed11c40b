import { boundlessTargets } from '#contract/matching/candidate-targets';
import { currentName, type Policies } from './policies.schema.ts';

export interface PolicyWarning {
  /** Where in the body: `policies.storage_policy.callbacks`. */
  path: string;
  message: string;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Paths of what was given and is not part of what was taken of it. */
function leftOut(given: unknown, taken: unknown, path: string): string[] {
  if (Array.isArray(given) && Array.isArray(taken)) {
    return given.flatMap((item, i) => leftOut(item, taken[i], `${path}.${i}`));
  }
  if (!isObject(given) || !isObject(taken)) return [];
  return Object.entries(given).flatMap(([name, member]) => {
    const current = currentName(name);
    if (!Object.hasOwn(taken, current)) return [`${path}.${name}`];
    // Taken in two forms, and never with a member left out.
    return name === 'candidates' ? [] : leftOut(member, taken[current], `${path}.${name}`);
  });
}

/** What valid policies ask for that is not carried out, and harms nobody. `given`: as sent, `taken`: as parsed. */
export function policyWarnings(given: unknown, taken: Policies): PolicyWarning[] {
  const unknown = leftOut(given, taken, 'policies').map((path) => ({ path, message: 'unknown here, ignored' }));
  const boundless = (taken.match_policy ?? []).flatMap(({ candidates, targets }, i) => {
    const names = candidates.origin === 'events' ? boundlessTargets.filter((name) => targets?.includes(name)) : [];
    const message = 'never told of the candidates of an event';
    return names.map((name) => ({ path: `policies.match_policy.${i}.targets`, message: `'${name}' is ${message}` }));
  });
  return [...unknown, ...boundless];
}
