import type { ResolvedReference } from '#contract/matching/matches';
import { descriptorVersions, exactScore } from '#domain/descriptor/similarity';
import type { Storage } from '#storage/storage';
import type { RejectionRow } from '#storage/tables/rejection.table';

/** A candidate with its exact vector score. */
export interface ScoredKey {
  readonly key: number;
  readonly score: number;
}

type Side = { readonly origin: 'faces' | 'events'; readonly key: number; readonly rejection: number };

/** The other side of the pair, seen from a candidate. */
function partnerOf(row: RejectionRow, origin: 'faces' | 'events', key: number): Side {
  const rejection = row.rejection_key;
  if (origin === 'events' || row.other_face_key === key) return { origin: 'faces', key: row.face_key, rejection };
  if (row.other_face_key !== null) return { origin: 'faces', key: row.other_face_key, rejection };
  return { origin: 'events', key: row.event_key ?? -1, rejection };
}

/**
 * "Not this person": which candidates a rejection takes out. Of two objects declared to be different people, A and B, a
 * query may match only the one it looks more like. So candidate B is taken out when the query
 *   is A itself (the reference is that face or event), or
 *   looks like A (similarity to A of at least `rejection_similarity`) and more like A than like B.
 * An event's descriptors are kept with the rejection, so that this goes on when the event itself is gone.
 *
 * `minScoreOf`: the vector score of `rejection_similarity` in a version.
 */
export function createVeto(deps: { storage: Storage; minScoreOf: (version: number) => number }) {
  const { storage, minScoreOf } = deps;

  const vectorOf = ({ origin, key, rejection }: Side, version: number): Float32Array | undefined => {
    const row =
      origin === 'events'
        ? storage.rejections.eventDescriptorOf(rejection, version)
        : storage.faces.descriptorOf(key, version);
    return row && new Float32Array(new Uint8Array(row.vector).buffer);
  };

  return {
    /** True when nothing was ever rejected: then there is nothing to ask. */
    isIdle: (): boolean => storage.rejections.isEmpty(),
    /** Keys of the candidates that are taken out. */
    vetoed(reference: ResolvedReference, origin: 'faces' | 'events', candidates: readonly ScoredKey[]): Set<number> {
      const scores = new Map(candidates.map(({ key, score }) => [key, score]));
      const keys = [...scores.keys()];
      const rows = origin === 'faces' ? storage.rejections.ofFaces(keys) : storage.rejections.ofEvents(keys);
      const version = descriptorVersions.get(reference.version);
      const out = new Set<number>();
      for (const row of rows) {
        const involved = origin === 'faces' ? [row.face_key, row.other_face_key] : [row.event_key];
        for (const key of involved) {
          const score = key === null ? undefined : scores.get(key);
          if (key === null || score === undefined || !version) continue;
          const partner = partnerOf(row, origin, key);
          const { object } = reference;
          if (object?.origin === partner.origin && object.key === partner.key) out.add(key);
          const vector = vectorOf(partner, reference.version);
          const rival = vector && exactScore(version, reference.vector, vector);
          if (rival !== undefined && rival > score && rival >= minScoreOf(reference.version)) out.add(key);
        }
      }
      return out;
    },
  };
}

export type Veto = ReturnType<typeof createVeto>;
