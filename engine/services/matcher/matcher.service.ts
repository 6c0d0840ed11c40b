import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkTargets } from '#contract/matching/candidate-targets';
import type { CandidateFilters, CandidateSet } from '#contract/matching/candidates';
import { checkFilterLengths, checkMatchLimit } from '#contract/matching/match-limits';
import {
  type Candidate,
  type PythonMatcher,
  type ResolvedReference,
  toReferenceMatches,
  unstored,
} from '#contract/matching/matches';
import { embeddedVersion, type VersionInUse } from '#domain/descriptor/descriptor';
import { descriptorVersions, exactScore, similarityOf } from '#domain/descriptor/similarity';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { Subsystem } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import type { Matching as Engine } from '#matching/matching';
import type { Storage } from '#storage/storage';
import { createGalleryFeed } from './galleries/feed.ts';
import type { MatcherSettings } from './matcher.settings.ts';
import { createVeto } from './rejections/veto.ts';
import { matchAttributes, membersOf, presentKeys, scoreKeys } from './search/candidate-rows.ts';
import { type CrossMatch, crossMatch } from './search/cross-match.ts';
import { createReferenceReader } from './search/references.ts';
import { minScoreOf, searchGallery } from './search/search.ts';
import { keysOfRows, selectRows } from './search/selection.ts';

export interface Matcher extends PythonMatcher, Subsystem {
  /** Writes snapshots of the galleries now, so that the next start is fast. */
  snapshot(): Promise<void>;
  /** Every face or event that fits `references` against a candidate set (`cross-match.ts`). */
  crossMatch(references: CandidateFilters, candidates: CandidateSet, visibleTo: string | null): Promise<CrossMatch[]>;
}

/**
 * Python Matcher (LP5 5100): exact 1:N and N:M search over faces, events and temporary attributes.
 *
 * `match` takes references and candidate sets; reference -> vector in `references.ts`, candidate filters -> rows in
 * `selection.ts`, search with rejections in `search.ts` and `veto.ts`, answers in `candidate-rows.ts`. The vectors of
 * faces and events lie in galleries of the engine, one per origin and descriptor version, kept in step by `feed.ts`;
 * descriptors of different versions are never compared. Results are exact: those of comparing with every candidate,
 * unless the setting `ivf` lets large choices be answered approximately.
 *
 * `start` before the first search: it fills the galleries from their snapshots or from the database.
 */
export function createMatcher(deps: {
  storage: Storage;
  engine: Engine;
  settings: MatcherSettings;
  ids: Ids;
  clock: Clock;
  log: Log;
  versionInUse?: VersionInUse;
}): Matcher {
  const { storage, settings, clock, versionInUse = embeddedVersion } = deps;
  const feed = createGalleryFeed(deps);
  const vectorOf = createReferenceReader(deps);
  const veto = createVeto({
    storage,
    minScoreOf(version) {
      const known = descriptorVersions.get(version);
      return known ? minScoreOf(known, settings.rejection_similarity) : Number.POSITIVE_INFINITY;
    },
  });

  const checkSet = ({ filters, targets, limit }: CandidateSet, path: string): void => {
    checkFilterLengths(filters, settings, `${path}.filters`);
    checkMatchLimit(limit, settings, `${path}.limit`);
    if (targets) checkTargets(filters.origin, targets);
  };

  const resolve: PythonMatcher['resolve'] = ({ references, candidates, visibleTo }) => {
    if (references.length > settings.reference_limit) {
      throw lunaError('TooManyReferences', { count: references.length, limit: settings.reference_limit });
    }
    if (candidates.length > settings.candidate_limit) {
      const message = `at most ${settings.candidate_limit} sets, got ${candidates.length}`;
      throw lunaError('BadJson', { path: 'candidates', message });
    }
    for (const [i, set] of candidates.entries()) checkSet(set, `candidates.${i}`);
    const most = references.length * candidates.reduce((sum, { limit }) => sum + limit, 0);
    if (most > settings.answer_candidate_limit) {
      const message = `an answer has at most ${settings.answer_candidate_limit} candidates, ${references.length} references with the limits of all sets could find ${most}`;
      throw lunaError('BadJson', { path: 'candidates', message });
    }
    return references.map((reference) => vectorOf(reference, visibleTo));
  };

  const matchAll: PythonMatcher['matchAll'] = async (references, set, visibleTo) => {
    const { filters } = set;
    if (filters.origin === 'attributes') {
      return matchAttributes({ storage, nowMs: clock.now() }, references, { ...set, filters }, visibleTo);
    }
    const { origin } = filters;
    await feed.catchUp();
    const selections = await selectRows({ storage, labels: feed.labels }, filters, visibleTo, clock.now());
    const results = new Map<ResolvedReference, Candidate[]>();
    const byVersion = Map.groupBy(references, ({ version }) => version);
    await Promise.all(
      [...byVersion].map(async ([version, some]) => {
        const gallery = await feed.gallery(origin, version);
        if (!gallery || selections.length === 0) return;
        const found = await searchGallery({ gallery, origin, veto }, some, selections, set);
        for (const [i, reference] of some.entries()) {
          // Rows and records of many references take long together: others have a turn in between.
          if (i > 0) await nextTurn();
          results.set(reference, presentKeys(storage, origin, reference, found[i] ?? [], set));
        }
      }),
    );
    return references.map((reference) => results.get(reference) ?? []);
  };

  const rescore: PythonMatcher['rescore'] = async (reference, set, ids, visibleTo) => {
    const { filters, threshold } = set;
    if (ids.length === 0) return { candidates: [], vetoed: 0 };
    if (filters.origin === 'attributes') {
      const deps = { storage, nowMs: clock.now() };
      const [candidates] = await matchAttributes(deps, [reference], { ...set, filters }, visibleTo, ids);
      return { candidates: candidates ?? [], vetoed: 0 };
    }
    const { origin } = filters;
    const selections = await selectRows({ storage, labels: feed.labels }, filters, visibleTo, clock.now(), ids);
    const keys = selections.flatMap((selection) => selection.keys ?? []);
    const version = descriptorVersions.get(reference.version);
    const scored = scoreKeys(storage, origin, reference, keys).filter(
      ({ score }) => version && similarityOf(version, score) >= threshold,
    );
    const out = veto.isIdle() ? new Set<number>() : veto.vetoed(reference, origin, scored);
    const kept = scored.filter(({ key }) => !out.has(key));
    return { candidates: presentKeys(storage, origin, reference, kept, set), vetoed: out.size };
  };

  return {
    name: 'matcher',
    start: feed.start,
    stop: feed.stop,
    snapshot: feed.snapshot,
    catchUp: feed.catchUp,
    onChange: feed.onChange,
    vectorOf,
    membersOf: (origin, ids, visibleTo) => membersOf({ storage, nowMs: clock.now() }, origin, ids, visibleTo),
    resolve,
    matchAll,
    rescore,
    compare(a, b) {
      const version = descriptorVersions.get(a.version);
      if (!version || a.version !== b.version) {
        const reason = `version ${a.version} cannot be compared with version ${b.version}`;
        throw lunaError('InvalidDescriptor', { id: '', reason });
      }
      return similarityOf(version, exactScore(version, a.vector, b.vector));
    },
    crossMatch(references, candidates, visibleTo) {
      checkFilterLengths(references, settings, 'references');
      checkSet(candidates, 'candidates');
      const keysOf: Parameters<typeof crossMatch>[0]['keysOf'] = (filters, account) =>
        keysOfRows(storage, filters, account, clock.now());
      const most = { references: settings.cross_match_limit, candidates: settings.cross_match_candidate_limit };
      return crossMatch({ storage, matchAll, keysOf, most, versionInUse }, references, candidates, visibleTo);
    },
    async match(request) {
      const references = resolve(request);
      const bySet = await Promise.all(request.candidates.map((set) => matchAll(references, set, request.visibleTo)));
      return toReferenceMatches(references, request.candidates, bySet);
    },
    async matchVector(vector, set, visibleTo) {
      const [result] = await matchAll([unstored(vector)], set, visibleTo);
      return result ?? [];
    },
  };
}
