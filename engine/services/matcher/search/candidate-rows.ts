import { setImmediate as nextTurn } from 'node:timers/promises';
import { toEventRecord } from '#contract/events/event-record';
import { targetsOr } from '#contract/matching/candidate-targets';
import type { AttributeFilters, CandidateFilters, CandidateOrigin, CandidateSet } from '#contract/matching/candidates';
import type { Candidate, ResolvedReference } from '#contract/matching/matches';
import { parseVector } from '#domain/descriptor/descriptor';
import { descriptorVersions, exactScore, similarityOf } from '#domain/descriptor/similarity';
import type { AttributeRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import type { ScoredKey } from '../rejections/veto.ts';
import { narrow, toAttributeRecord, toFaceRecord } from './records.ts';

const attributesPerSlice = 200;
const keysPerRead = 500;

interface Found {
  id: string;
  score: number;
}

/** Best first, equals by id. */
const better = (a: Found, b: Found): number => b.score - a.score || (a.id < b.id ? -1 : 1);

/** Best first, at most `limit`. */
function rank<One extends Found>(found: One[], limit: number): One[] {
  return found.sort(better).slice(0, limit);
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
  const found: (Found & { candidate: Candidate })[] = [];
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
  return rank(found, limit).map(({ candidate }) => candidate);
}

/** The members of stored objects, by id, as an answer without targets has them. What is not there is absent. */
export function membersOf(
  { storage, nowMs }: { storage: Storage; nowMs: number },
  origin: CandidateOrigin,
  ids: readonly string[],
  visibleTo: string | null,
): Map<string, Record<string, unknown>> {
  const targets = targetsOr(origin, undefined);
  const members = new Map<string, Record<string, unknown>>();
  for (const id of ids) {
    if (origin === 'faces') {
      const row = storage.faces.findById(id, visibleTo);
      if (row) members.set(id, narrow(toFaceRecord(row, storage.faces.listIdsOf(row.face_key)), targets));
    } else if (origin === 'events') {
      const event = storage.events.findById(id, visibleTo);
      if (event) members.set(id, narrow(toEventRecord(event), targets));
    } else {
      const row = storage.attributes.findById(id, visibleTo, nowMs);
      if (row) members.set(id, narrow(toAttributeRecord(row), targets));
    }
  }
  return members;
}

/** The account that may take part: undefined when the filters ask for another one than the caller sees. */
function accountOf(filters: CandidateFilters, visibleTo: string | null): string | null | undefined {
  if (filters.account_id === undefined) return visibleTo;
  return visibleTo === null || visibleTo === filters.account_id ? filters.account_id : undefined;
}

/** Attributes that may be candidates, a slice at a time. */
async function* attributeSlices(
  { storage, nowMs }: { storage: Storage; nowMs: number },
  account: string | null,
  asked: readonly string[] | undefined,
): AsyncGenerator<readonly AttributeRow[]> {
  if (asked) {
    const ids = [...new Set(asked)];
    for (let start = 0; start < ids.length; start += attributesPerSlice) {
      const some = ids.slice(start, start + attributesPerSlice);
      yield some.flatMap((id) => storage.attributes.findById(id, account, nowMs) ?? []);
    }
    return;
  }
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { rows, next } = storage.attributes.page(account, after, nowMs, attributesPerSlice);
    yield rows;
    after = next;
  }
}

interface FoundAttribute extends Found {
  row: AttributeRow;
  similarity: number;
}

/**
 * Temporary attributes: few and short-lived, so they are in no gallery but read and compared one by one, with a turn for
 * others after each slice. Only the best `limit` per reference are kept. `onlyIds` narrows the filters.
 */
export async function matchAttributes(
  deps: { storage: Storage; nowMs: number },
  references: readonly ResolvedReference[],
  set: CandidateSet & { filters: AttributeFilters },
  visibleTo: string | null,
  onlyIds?: readonly string[],
): Promise<Candidate[][]> {
  const { filters, threshold, limit } = set;
  const account = accountOf(filters, visibleTo);
  if (account === undefined) return references.map(() => []);
  const named = filters.attribute_ids && new Set(filters.attribute_ids);
  const asked = onlyIds ? onlyIds.filter((id) => !named || named.has(id)) : filters.attribute_ids;
  const best: FoundAttribute[][] = references.map(() => []);
  for await (const rows of attributeSlices(deps, account, asked)) {
    for (const row of rows) compareAttribute(row, references, threshold, best);
    for (const [i, some] of best.entries()) if (some.length > 2 * limit) best[i] = rank(some, limit);
    await nextTurn();
  }
  const targets = targetsOr('attributes', set.targets);
  return best.map((some) =>
    rank(some, limit).map(({ row, similarity }) => ({
      attribute: narrow(toAttributeRecord(row), targets),
      similarity,
    })),
  );
}

/** Adds the attribute to what each reference found; a vector of it is read once for all of them. */
function compareAttribute(
  row: AttributeRow,
  references: readonly ResolvedReference[],
  threshold: number,
  found: readonly FoundAttribute[][],
): void {
  for (const stored of row.descriptors) {
    const version = descriptorVersions.get(stored.version);
    if (!version || references.every((reference) => reference.version !== stored.version)) continue;
    const vector = parseVector(row.attribute_id, version, stored.vector);
    for (const [i, reference] of references.entries()) {
      if (reference.version !== stored.version) continue;
      const score = exactScore(version, reference.vector, vector);
      const similarity = similarityOf(version, score);
      if (similarity >= threshold) found[i]?.push({ id: row.attribute_id, score, row, similarity });
    }
  }
}
