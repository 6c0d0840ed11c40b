/**
 * What a matching plugin is. A plugin is a module whose default export is a `PluginFactory`; it is switched on by its
 * name or file in the setting `plugins` of the Matcher Proxy.
 *
 * A plugin proposes, the Python Matcher disposes: the ids that a plugin answers are scored again from the stored
 * vectors, checked against the filters, the account and the rejections, and given their targets. So a plugin needs to
 * know ids only, and one that is out of step, wrong or hostile costs time but never a wrong candidate. What cannot be
 * checked is what a plugin leaves out: an approximate plugin must say so in its log line and documentation.
 */
import type { CandidateFilters } from '#contract/candidates';
import type { Clock } from '#kernel/clock';
import type { LunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';

/** One pair of a reference and a candidate set. */
export interface SubRequest {
  readonly reference: {
    readonly type: string;
    readonly id: string;
    readonly version: number;
    readonly vector: Float32Array;
  };
  readonly filters: CandidateFilters;
  readonly limit: number;
  /** Lowest similarity 0..1. */
  readonly threshold: number;
  /** The account whose objects take part; null for all of them. */
  readonly visibleTo: string | null;
}

/** A candidate a plugin proposes: id of a face, event or attribute by the origin of the filters. */
export interface PluginMatch {
  readonly id: string;
  readonly similarity: number;
}

/** A face as a plugin may keep it. */
export interface PluginFace {
  readonly key: number;
  readonly face_id: string;
  readonly account_id: string;
  readonly external_id: string;
  readonly user_data: string;
  readonly event_id: string | null;
  /** Milliseconds since 1970. */
  readonly create_time: number;
  readonly lists: readonly string[];
  readonly descriptors: readonly { readonly version: number; readonly vector: Float32Array }[];
}

/** What a plugin is given to work with. */
export interface PluginContext {
  readonly log: Log;
  readonly clock: Clock;
  /** The plugin's own part of the settings, unchecked. */
  readonly settings: unknown;
  /**
   * Calls `listener` with the keys of faces that were added, changed, linked, unlinked or removed: always before
   * `match` of a request that must see the change. Returns the function that ends it.
   */
  onFacesChanged(listener: (keys: readonly number[]) => void): () => void;
  /** The faces of these keys as they are now; a removed face is absent. */
  readFaces(keys: readonly number[]): PluginFace[];
  /** The keys of faces greater than `afterKey`, ascending, at most `limit`: of one list, or of all (null). */
  faceKeys(listId: string | null, afterKey: number, limit: number): number[];
}

export interface MatchPlugin {
  readonly name: string;
  /** Called once, before anything else. A plugin that throws here or outlasts the time-out stays off. */
  init(context: PluginContext): Promise<void>;
  close(): Promise<void>;
  /** Cost of answering; the Python Matcher's is 100 and the lowest wins. Infinity: cannot. Quick and without effects. */
  cost(request: SubRequest): number;
  /**
   * At most `limit` candidates of at least `threshold`, each once. Throws `Rematch`, or anything, to hand the request
   * back. A returned error is final: the caller gets it.
   */
  match(request: SubRequest, signal: AbortSignal): Promise<readonly PluginMatch[] | LunaError>;
}

export type PluginFactory = () => MatchPlugin;

/** Thrown by a plugin that finds out that it cannot answer after all. Not counted as a failure. */
export class Rematch extends Error {}

/** The Python Matcher's cost of everything (LP5 7.2). */
export const pythonMatcherCost = 100;
