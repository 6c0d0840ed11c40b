/** Keeps a plugin from doing harm: time-outs, the shape of its answer, and rest after failures in a row. */
import type { Clock } from '#kernel/clock';
import { isLunaError, type LunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import { type MatchPlugin, type PluginMatch, Rematch, type SubRequest } from './plugin.ts';

/** `ids`: the plugin answered. `final`: an error for the caller. `fallback`: the Python Matcher has to answer. */
export type Outcome =
  | { kind: 'proposal'; matches: readonly PluginMatch[] }
  | { kind: 'final'; error: LunaError }
  | { kind: 'fallback' };

export interface GuardedPlugin {
  readonly plugin: MatchPlugin;
  /** False while it rests after failures. */
  isReady(): boolean;
  ask(request: SubRequest): Promise<Outcome>;
  /** Counts an answer that turned out wrong. */
  blame(reason: string): void;
  /** Counts an answer that turned out right. */
  praise(): void;
}

export class PluginTimeout extends Error {}

/** `work` under a time limit; its signal is aborted when the limit passes. What comes later is ignored. */
export async function within<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      work(abort.signal),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new PluginTimeout(`no answer within ${timeoutMs} ms`)), timeoutMs);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/** What is wrong with an answer as such; undefined when nothing is. */
function faultOf(answer: unknown, request: SubRequest): string | undefined {
  if (!Array.isArray(answer)) return 'the answer is not an array';
  if (answer.length > request.limit) return `${answer.length} candidates where ${request.limit} were asked for`;
  const seen = new Set<string>();
  for (const match of answer as readonly Partial<PluginMatch>[]) {
    const { id, similarity } = match ?? {};
    if (typeof id !== 'string' || typeof similarity !== 'number' || !(similarity >= 0 && similarity <= 1)) {
      return 'a candidate is not {id, similarity}';
    }
    if (seen.has(id)) return `candidate ${id} stands there twice`;
    seen.add(id);
  }
  return undefined;
}

export function guardPlugin(
  plugin: MatchPlugin,
  deps: {
    clock: Clock;
    log: Log;
    limits: { plugin_timeout_ms: number; failures_before_pause: number; pause_seconds: number };
  },
): GuardedPlugin {
  const { clock, log, limits } = deps;
  let failures = 0;
  let restsUntil = Number.NEGATIVE_INFINITY;
  const blame = (reason: string): void => {
    failures += 1;
    const rests = failures >= limits.failures_before_pause;
    if (rests) restsUntil = clock.now() + limits.pause_seconds * 1000;
    log.warn({ plugin: plugin.name, reason, failures, rests }, 'matching plugin failed, the Python Matcher answers');
  };
  return {
    plugin,
    blame,
    praise() {
      failures = 0;
    },
    isReady: () => clock.now() >= restsUntil,
    async ask(request) {
      try {
        const answer: unknown = await within(limits.plugin_timeout_ms, async (signal) => plugin.match(request, signal));
        if (isLunaError(answer)) return { kind: 'final', error: answer };
        const fault = faultOf(answer, request);
        if (fault === undefined) return { kind: 'proposal', matches: answer as readonly PluginMatch[] };
        blame(fault);
      } catch (error) {
        if (error instanceof Rematch)
          log.debug({ plugin: plugin.name, reason: error.message }, 'plugin asks for rematch');
        else blame(error instanceof Error ? error.message : String(error));
      }
      return { kind: 'fallback' };
    },
  };
}
