import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AttributeFilters, type CandidateFilters, type CandidateSet, targetsOr } from '#contract/candidates';
import { toEventRecord } from '#contract/event-record';
import type { Candidate, ResolvedReference } from '#contract/matches';
import { parseVector } from '#domain/descriptor';
import { descriptorVersions, exactScore, similarityOf } from '#domain/similarity';
import type { AttributeRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import { narrow, toAttributeRecord, toFaceRecord } from './records.ts';
import type { ScoredKey } from './veto.ts';

/** Most temporary attributes one search compares. */
const mostAttributes = 100_000;
const attributesPerSlice = 200;
const keysPerRead = 500;

interface Found {
  id: string;
  score: number;
  candidate: Candidate;
}

/** Best first, equals by id, at most `limit`. */
function rank(found: Found[], limit: number): Candidate[] {
  return found
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** Exact scores of stored vectors of the reference's version. Objects without one are absent. */
export function scoreKeys(
  storage: Storage,
  origin: 'faces' | 'events',
  reference: ResolvedReference,
  keys: readonly number[],
): ScoredKey[] {
  const version = descriptorVersions.get(reference.version);
  if (!version) return [];
  const scored: ScoredKey[] = [];
  for (let start = 0; start < keys.length; start += keysPerRead) {
    for (const row of storage.matchFeed.ofKeys(origin, keys.slice(start, start + keysPerRead))) {
      if (row.version !== version.version) continue;
      const vector = parseVector(`${origin} ${row.key}`, version, row.vector);
      scored.push({ key: row.key, score: exactScore(version, reference.vector, vector) });
    }
  }
  return scored;
}

/** Answers scored keys: only the rows of hits are read. An object removed meanwhile is left out. */
export function presentKeys(
  storage: Storage,
  origin: 'faces' | 'events',
  reference: ResolvedReference,
  scored: readonly ScoredKey[],
  { limit, targets: asked }: Pick<CandidateSet, 'limit' | 'targets'>,
): Candidate[] {
  const targets = targetsOr(origin, asked);
  const version = descriptorVersions.get(reference.version);
  if (!version || scored.length === 0) return [];
  const scores = new Map(scored.map(({ key, score }) => [key, score]));
  const keys = scored.map(({ key }) => key);
  const found: Found[] = [];
  const add = (key: number, id: string, member: Omit<Candidate, 'similarity'>): void => {
    const score = scores.get(key) ?? Number.NEGATIVE_INFINITY;
    found.push({ id, score, candidate: { ...member, similarity: similarityOf(version, score) } });
  };
  if (origin === 'faces') {
    const lists = storage.faces.listIdsOfMany(keys);
    for (const row of storage.faces.findByKeys(keys)) {
      const record = toFaceRecord(row, lists.get(row.face_key) ?? []);
      add(row.face_key, row.face_id, { face: narrow(record, targets) });
    }
  } else {
    for (const event of storage.events.findByKeys(keys)) {
      add(event.event_key, event.event_id, { event: narrow(toEventRecord(event), targets) });
    }
  }
  return rank(found, limit);
}

/** The account that may take part: undefined when the filters ask for another one than the caller sees. */
function accountOf(filters: CandidateFilters, visibleTo: string | null): string | null | undefined {
  if (filters.account_id === undefined) return visibleTo;
  return visibleTo === null || visibleTo === filters.account_id ? filters.account_id : undefined;
}

/**
 * Temporary attributes: few and short-lived, so they are in no gallery but read and compared one by one. `onlyIds`
 * narrows the filters.
 */
export async function matchAttributes(
  deps: { storage: Storage; nowMs: number },
  references: readonly ResolvedReference[],
  set: CandidateSet & { filters: AttributeFilters },
  visibleTo: string | null,
  onlyIds?: ReadonlySet<string>,
): Promise<Candidate[][]> {
  const { storage, nowMs } = deps;
  const { filters, threshold, targets, limit } = set;
  const account = accountOf(filters, visibleTo);
  if (account === undefined) return references.map(() => []);
  const asked = filters.attribute_ids ?? storage.attributes.ids(account, nowMs, mostAttributes);
  const ids = [...new Set(asked)].filter((id) => !onlyIds || onlyIds.has(id));
  const found: Found[][] = references.map(() => []);
  for (const [n, id] of ids.entries()) {
    const row = storage.attributes.findById(id, account, nowMs);
    if (row) compareAttribute(row, references, threshold, targets, found);
    if (n % attributesPerSlice === attributesPerSlice - 1) await nextTurn();
  }
  return found.map((some) => rank(some, limit));
}

function compareAttribute(
  row: AttributeRow,
  references: readonly ResolvedReference[],
  threshold: number,
  targets: readonly string[] | undefined,
  found: Found[][],
): void {
  for (const [i, reference] of references.entries()) {
    const version = descriptorVersions.get(reference.version);
    const stored = row.descriptors.find((descriptor) => descriptor.version === reference.version);
    if (!version || !stored) continue;
    const score = exactScore(version, reference.vector, parseVector(row.attribute_id, version, stored.vector));
    const similarity = similarityOf(version, score);
    if (similarity < threshold) continue;
    const attribute = narrow(toAttributeRecord(row), targetsOr('attributes', targets));
    found[i]?.push({ id: row.attribute_id, score, candidate: { attribute, similarity } });
  }
}
