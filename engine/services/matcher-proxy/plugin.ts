/**
 * What a matching plugin is. A plugin is a module whose default export is a `PluginFactory`; it is switched on by its
 * name or file in the setting `plugins` of the Matcher Proxy.
 *
 * A plugin proposes, the Python Matcher disposes: the ids that a plugin answers are scored again from the stored
 * vectors, checked against the filters, the account and the rejections, and given their targets. So a plugin needs to
 * know ids only, and one that is out of step, wrong or hostile costs time but never a wrong candidate. What a plugin
 * leaves out is looked for in some of its answers (setting `check_every`), unless it calls itself approximate.
 */
import type { CandidateFilters } from '#contract/matching/candidates';
import type { Clock } from '#kernel/clock';
import type { LunaError, lunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';

/** One pair of a reference and a candidate set. A copy for each call, frozen but for the vector. */
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
   * Similarity 0..1 of two vectors of a descriptor version, as the Python Matcher computes it. Throws on a version that
   * is not known here.
   */
  similarity(version: number, a: Float32Array, b: Float32Array): number;
  /** What `match` throws to hand the request back: the Python Matcher answers, and it is not counted as a failure. */
  rematch(reason: string): Error;
  /** Makes an error of the catalogue by its name, for `match` to return: `lunaError('NoMatcher')`. */
  readonly lunaError: typeof lunaError;
  /**
   * Calls `listener` with the keys of faces that were added, changed, linked, unlinked or removed: always before
   * `match` of a request that must see the change. Returns the function that ends it.
   */
  onFacesChanged(listener: (keys: readonly number[]) => void): () => void;
  /** The faces of these keys as they are now; a removed face is absent, and so is a descriptor that cannot be read. */
  readFaces(keys: readonly number[]): PluginFace[];
  /** The keys of faces greater than `afterKey`, ascending, at most `limit`: of one list, or of all (null). */
  faceKeys(listId: string | null, afterKey: number, limit: number): number[];
}

/** The part of it that is about the faces of the appliance (`faces-for-plugins.ts`). */
export type FacesForPlugins = Pick<PluginContext, 'onFacesChanged' | 'readFaces' | 'faceKeys'>;

export interface MatchPlugin {
  readonly name: string;
  /**
   * Called once, before anything else; others start at the same time. A plugin that throws here or outlasts the time-out
   * stays off. `close` may be called before it has ended.
   */
  init(context: PluginContext): Promise<void>;
  close(): Promise<void>;
  /** Cost of answering; the Python Matcher's is 100 and the lowest wins. Infinity: cannot. Quick and without effects. */
  cost(request: SubRequest): number;
  /**
   * At most `limit` candidates of at least `threshold`, each once. Throws `rematch` of its context, or anything, to hand
   * the request back. A returned error is final: the caller gets it. `signal` is aborted when nobody waits any more.
   */
  match(request: SubRequest, signal: AbortSignal): Promise<readonly PluginMatch[] | LunaError>;
  /** Calls of `match` that it can take at a time, asked once after `init`; default: the setting `plugin_concurrency`. */
  concurrency?(): number;
  /** True if it may leave candidates out. Then its answers are not compared with those of the Python Matcher. */
  isApproximate?(): boolean;
  /** Why it cannot answer at present, for `/healthcheck`. */
  problem?(): string | undefined;
}

export type PluginFactory = () => MatchPlugin;

/** Made by `PluginContext.rematch`. Plugins in files cannot reach this class, so that it is told by its name. */
export class Rematch extends Error {
  override readonly name = 'Rematch';
}

export function isRematch(error: unknown): error is Error {
  return error instanceof Error && error.name === 'Rematch';
}

/** The Python Matcher's cost of everything (LP5 7.2). */
export const pythonMatcherCost = 100;
