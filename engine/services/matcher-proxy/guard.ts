/**
 * Keeps a plugin from doing harm: few calls at a time, time-outs, the shape of its answer, rest after failures in a row,
 * and one call at a time after the rest until one goes well.
 */
import type { Clock } from '#kernel/clock';
import { isLunaError, type LunaError } from '#kernel/errors';
import { createGate } from '#kernel/gate';
import type { Log } from '#kernel/log';
import type { MatcherProxySettings } from './matcher-proxy.settings.ts';
import { isRematch, type MatchPlugin, type PluginMatch, type SubRequest } from './plugin.ts';

/** What became of a call. `final`: an error for the caller. `fallback`: the Python Matcher has to answer. */
export type Outcome<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'final'; readonly error: LunaError }
  | { readonly kind: 'fallback' };

/** What a proposal is worth. `open`: nothing can be said of the plugin. Without `answer` the Python Matcher has to. */
export type Verdict<Answer> =
  | { readonly mark: 'right' | 'open'; readonly answer?: Answer }
  | { readonly mark: 'wrong'; readonly reason: string; readonly answer?: Answer };

export interface GuardedPlugin {
  readonly plugin: MatchPlugin;
  /** False while it rests after failures, and while its first call after a rest is under way. */
  isReady(): boolean;
  /** Why it gets no ordinary calls; undefined when it does. */
  problem(): string | undefined;
  /** Asks when its turn comes and has the proposal judged. Throws what `judge` throws. */
  ask<Answer>(
    request: SubRequest,
    judge: (matches: readonly PluginMatch[]) => Promise<Verdict<Answer>>,
  ): Promise<Outcome<Answer>>;
}

type Limits = Pick<
  MatcherProxySettings,
  'plugin_timeout_ms' | 'plugin_concurrency' | 'plugin_waiting' | 'failures_before_pause' | 'pause_seconds'
>;

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

/** The proposal as a copy that the plugin cannot change any more, or what is wrong with the answer as such. */
function readAnswer(answer: unknown, request: SubRequest): PluginMatch[] | string {
  if (!Array.isArray(answer)) return 'the answer is not an array';
  if (answer.length > request.limit) return `${answer.length} candidates where ${request.limit} were asked for`;
  const matches: PluginMatch[] = [];
  const seen = new Set<string>();
  for (const match of answer as readonly Partial<PluginMatch>[]) {
    const { id, similarity } = match ?? {};
    if (typeof id !== 'string' || typeof similarity !== 'number' || !(similarity >= 0 && similarity <= 1)) {
      return 'a candidate is not {id, similarity}';
    }
    if (seen.has(id)) return `candidate ${id} stands there twice`;
    seen.add(id);
    matches.push({ id, similarity });
  }
  return matches;
}

export function guardPlugin(plugin: MatchPlugin, deps: { clock: Clock; log: Log; limits: Limits }): GuardedPlugin {
  const { clock, log, limits } = deps;
  const concurrent = plugin.concurrency?.() ?? limits.plugin_concurrency;
  const gate = createGate({ name: plugin.name, concurrent, waiting: limits.plugin_waiting });
  let failures = 0;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let isProbing = false;

  const needsProbe = (): boolean => failures >= limits.failures_before_pause;
  const isReady = (): boolean => !needsProbe() || (clock.now() >= restsUntil && !isProbing);
  const blame = (reason: string): void => {
    failures += 1;
    const rests = needsProbe();
    if (rests) restsUntil = clock.now() + limits.pause_seconds * 1000;
    log.warn({ plugin: plugin.name, reason, failures, rests }, 'matching plugin failed, the Python Matcher answers');
  };

  /** The time limit starts here, when the call is the plugin's, and not while it waits for its turn. */
  const propose = async (request: SubRequest): Promise<Outcome<PluginMatch[]>> => {
    try {
      const answer: unknown = await within(limits.plugin_timeout_ms, async (signal) => plugin.match(request, signal));
      if (isLunaError(answer)) return { kind: 'final', error: answer };
      const matches = readAnswer(answer, request);
      if (typeof matches !== 'string') return { kind: 'answer', answer: matches };
      blame(matches);
    } catch (error) {
      if (isRematch(error)) log.debug({ plugin: plugin.name, reason: error.message }, 'plugin asks for rematch');
      else blame(error instanceof Error ? error.message : String(error));
    }
    return { kind: 'fallback' };
  };

  return {
    plugin,
    isReady,
    problem() {
      if (needsProbe()) return `rests after ${failures} failures in a row`;
      return plugin.problem?.();
    },
    async ask(request, judge) {
      if (gate.running >= concurrent && gate.waiting >= limits.plugin_waiting) return { kind: 'fallback' };
      return gate.pass(async () => {
        // It may have failed others while this one waited.
        if (!isReady()) return { kind: 'fallback' };
        const isProbe = needsProbe();
        isProbing ||= isProbe;
        try {
          const proposal = await propose(request);
          if (proposal.kind !== 'answer') return proposal;
          const verdict = await judge(proposal.answer);
          if (verdict.mark === 'wrong') blame(verdict.reason);
          if (verdict.mark === 'right') failures = 0;
          return verdict.answer === undefined ? { kind: 'fallback' } : { kind: 'answer', answer: verdict.answer };
        } finally {
          if (isProbe) isProbing = false;
        }
      });
    },
  };
}
