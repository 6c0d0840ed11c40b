import type { CandidateFilters, CandidateSet } from '#contract/matching/candidates';
import type { Candidate, PythonMatcher, ResolvedReference } from '#contract/matching/matches';
import type { VersionInUse } from '#domain/descriptor/descriptor';
import { lunaError } from '#kernel/errors';
import type { Storage } from '#storage/storage';
import { pickVector } from './references.ts';

export interface CrossMatch {
  reference: { type: 'face' | 'event'; id: string };
  result: Candidate[];
}

/** References of one search: as many as share a scan a few times over. */
const batch = 128;

/**
 * Compares every face or event that fits `references` with a candidate set, in the order they were stored; those without a descriptor
 * are left out. Throws `CrossMatchTooLarge` 31002, `BadJson` for references of origin attributes and for more candidates
 * than an answer may have.
 */
export async function crossMatch(
  deps: {
    storage: Storage;
    matchAll: PythonMatcher['matchAll'];
    keysOf: (
      filters: CandidateFilters & { origin: 'faces' | 'events' },
      visibleTo: string | null,
    ) => AsyncIterable<number[]>;
    /** References of one request, and candidates of one answer. */
    most: { references: number; candidates: number };
    versionInUse: VersionInUse;
  },
  references: CandidateFilters,
  candidates: CandidateSet,
  visibleTo: string | null,
): Promise<CrossMatch[]> {
  const { matchAll, keysOf, most } = deps;
  if (references.origin === 'attributes') {
    throw lunaError('BadJson', { path: 'references.origin', message: 'must be faces or events' });
  }
  const keys: number[] = [];
  for await (const some of keysOf(references, visibleTo)) {
    if (keys.length + some.length > most.references) {
      throw lunaError('CrossMatchTooLarge', { limit: most.references });
    }
    keys.push(...some);
  }
  if (keys.length * candidates.limit > most.candidates) {
    const message = `an answer has at most ${most.candidates} candidates, got ${keys.length} references`;
    throw lunaError('BadJson', { path: 'candidates.limit', message });
  }
  keys.sort((a, b) => a - b);
  const answers: CrossMatch[] = [];
  for (let start = 0; start < keys.length; start += batch) {
    const resolved = resolve(deps, references.origin, keys.slice(start, start + batch));
    const results = await matchAll(resolved, candidates, visibleTo);
    for (const [i, { reference }] of resolved.entries()) {
      const type = references.origin === 'faces' ? 'face' : 'event';
      answers.push({ reference: { type, id: reference.id }, result: results[i] ?? [] });
    }
  }
  return answers;
}

function resolve(
  { storage, versionInUse }: { storage: Storage; versionInUse: VersionInUse },
  origin: 'faces' | 'events',
  keys: readonly number[],
): ResolvedReference[] {
  const rows =
    origin === 'faces'
      ? storage.faces.findByKeys(keys).map(({ face_key, face_id }) => ({ key: face_key, id: face_id }))
      : storage.events.findByKeys(keys).map(({ event_key, event_id }) => ({ key: event_key, id: event_id }));
  const descriptors = Map.groupBy(storage.matchFeed.ofKeys(origin, keys), ({ key }) => key);
  return rows.flatMap(({ key, id }) => {
    const found = pickVector(id, descriptors.get(key) ?? [], versionInUse);
    const type = origin === 'faces' ? ('face' as const) : ('event' as const);
    return found ? [{ ...found, reference: { type, id }, object: { origin, key } }] : [];
  });
}
