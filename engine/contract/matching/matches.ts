/** What the matcher takes and gives, between services. The wire form of all of it is LP5's (`services/matcher/matcher.schema.ts`). */
import type { CandidateOrigin, CandidateSet, Reference } from './candidates.ts';
import type { VersionedVector } from './raw-descriptors.ts';

export interface MatchRequest {
  references: readonly Reference[];
  candidates: readonly CandidateSet[];
  /** The account whose objects take part; null for all of them (`visibleTo`). */
  visibleTo: string | null;
}

/** A reference with the vector that stands for it. `key` is the row of a stored object. */
export interface ResolvedReference extends VersionedVector {
  reference: Reference;
  object: ObjectKey | null;
}

/** A stored object as the galleries know it. */
export interface ObjectKey {
  origin: CandidateOrigin;
  key: number;
}

/** The members asked for by `targets`, in LP5's wire spelling, under the name of the origin. */
export interface Candidate {
  face?: Record<string, unknown>;
  event?: Record<string, unknown>;
  attribute?: Record<string, unknown>;
  /** 0..1, rounded to 6 digits. */
  similarity: number;
}

export interface CandidateMatches {
  filters: CandidateSet['filters'];
  limit: number;
  threshold: number;
  result: Candidate[];
}

export interface ReferenceMatches {
  reference: { type: Reference['type']; id: string };
  matches: CandidateMatches[];
}

/** What both Python Matcher and its proxy do for the other services. */
export interface Matching {
  /**
   * Compares every reference with every candidate set; answers in the order of the request. Each result is sorted by
   * similarity, equals by id. Sees every write that was acknowledged before the call.
   * Throws `TooManyReferences` 31007, `BadJson` 12022 for too many sets or too large an answer, `InvalidTarget` 22016, and what `vectorOf` throws.
   */
  match(request: MatchRequest): Promise<ReferenceMatches[]>;
  /**
   * One descriptor that is stored nowhere against one candidate set: `match_policy` of a handler, whose limits and
   * targets were checked when it was written.
   */
  matchVector(vector: VersionedVector, candidates: CandidateSet, visibleTo: string | null): Promise<Candidate[]>;
  /** Similarity 0..1 of two vectors. Throws `InvalidDescriptor` when their versions differ. */
  compare(a: VersionedVector, b: VersionedVector): number;
  /**
   * The vector of a reference. Throws `FaceNotFound` 22002, `FaceHasNoAttributes` 11032, `EventNotFound` 23001,
   * `AttributeNotFound` 22011, `NoFaceWithExternalId` 11041, and for descriptors in the request what
   * `readRawDescriptor` throws.
   */
  vectorOf(reference: Reference, visibleTo: string | null): ResolvedReference;
  /** The members of stored objects as candidates have them, by id. What is not there is absent. */
  membersOf(
    origin: CandidateOrigin,
    ids: readonly string[],
    visibleTo: string | null,
  ): ReadonlyMap<string, Record<string, unknown>>;
}

/** What the proxy needs of Python Matcher beside that. */
export interface PythonMatcher extends Matching {
  /** Checks limits and targets and resolves the references of a request. */
  resolve(request: MatchRequest): ResolvedReference[];
  /** Several references against one candidate set: one shared scan. */
  matchAll(
    references: readonly ResolvedReference[],
    candidates: CandidateSet,
    visibleTo: string | null,
  ): Promise<Candidate[][]>;
  /**
   * What `matchAll` would answer for one reference if its candidates were only those with these ids: exact similarities,
   * order, filters, visibility, rejections and targets. Reads the vectors from the database. `vetoed`: how many of them
   * a rejection took out.
   */
  rescore(
    reference: ResolvedReference,
    candidates: CandidateSet,
    ids: readonly string[],
    visibleTo: string | null,
  ): Promise<{ candidates: Candidate[]; vetoed: number }>;
  /** Applies what was written since the last search. */
  catchUp(): Promise<void>;
  /** Calls `listener` inside `catchUp` with the keys that changed. Returns the function that ends it. */
  onChange(listener: (origin: 'faces' | 'events', keys: readonly number[]) => void): () => void;
}

/** A vector that is stored nowhere, as a reference. */
export function unstored({ version, vector }: VersionedVector): ResolvedReference {
  return { version, vector, object: null, reference: { type: 'raw_descriptor', id: '', data: '' } };
}

/** Puts results together in the order of the request. `bySet[j][i]`: of candidate set j and reference i. */
export function toReferenceMatches(
  references: readonly ResolvedReference[],
  candidates: readonly CandidateSet[],
  bySet: readonly (readonly Candidate[][])[],
): ReferenceMatches[] {
  return references.map(({ reference: { type, id } }, i) => ({
    reference: { type, id },
    matches: candidates.map(({ filters, limit, threshold }, j) => ({
      filters,
      limit,
      threshold,
      result: bySet[j]?.[i] ?? [],
    })),
  }));
}
