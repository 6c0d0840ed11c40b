import type { CandidateSet } from '#contract/matching/candidates';
import {
  type Candidate,
  type Matching,
  type PythonMatcher,
  type ResolvedReference,
  toReferenceMatches,
  unstored,
} from '#contract/matching/matches';
import type { Clock } from '#kernel/clock';
import type { Subsystem } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import type { GuardedPlugin } from './guard.ts';
import { countChanges, createJudge, type Pair } from './judge.ts';
import type { NamedPlugin } from './load-plugins.ts';
import type { MatcherProxySettings } from './matcher-proxy.settings.ts';
import type { FacesForPlugins, SubRequest } from './plugin.ts';
import { createPluginHost } from './plugin-host.ts';
import { chooseRoute } from './route.ts';
import { subRequestsOf } from './sub-request.ts';

export interface MatcherProxy extends Matching, Subsystem {
  /** Resolves when every plugin is active or stays off. Until a plugin is, the Python Matcher answers for it. */
  ready(): Promise<void>;
  /** Names of the plugins that take requests, in the order of the setting. */
  activePlugins(): string[];
  /** What keeps plugins of the setting from answering, a sentence for each. */
  problems(): string[];
}

/**
 * Python Matcher Proxy (LP5 5110). Takes a request apart into all pairs of reference and candidate set, asks every
 * plugin what a pair would cost, gives it to the cheapest (the Python Matcher costs 100) and puts the answers together
 * in the order of the request. Pairs of one candidate set that stay with the Python Matcher share one scan.
 *
 * A plugin's answer is scored again by the Python Matcher (`judge.ts`), which also fills the targets; a plugin that
 * throws, is late, answers in a wrong shape, or proposes a candidate that does not exist, does not fit or is not as
 * similar as claimed, is passed over and the pair goes to the Python Matcher. The caller sees none of it. What a plugin
 * leaves out is seen only where the Python Matcher answers too: that is done for one of `check_every` answers.
 */
export function createMatcherProxy(deps: {
  matcher: PythonMatcher;
  settings: MatcherProxySettings;
  plugins: readonly NamedPlugin[];
  context: FacesForPlugins;
  clock: Clock;
  log: Log;
}): MatcherProxy {
  const { matcher, settings } = deps;
  const host = createPluginHost(deps);
  const count = countChanges(matcher);
  const judge = createJudge({ matcher, count });
  const answers = new Map<GuardedPlugin, number>();

  const isCompared = (guarded: GuardedPlugin): boolean => {
    if (settings.check_every === 0 || guarded.plugin.isApproximate?.()) return false;
    const before = answers.get(guarded) ?? 0;
    answers.set(guarded, before + 1);
    return before % settings.check_every === 0;
  };

  /** The candidates a plugin finds, or undefined when the Python Matcher has to. */
  const askPlugin = async (
    guarded: GuardedPlugin,
    request: SubRequest,
    pair: Pair,
  ): Promise<Candidate[] | undefined> => {
    const changesBefore = count.changes;
    const outcome = await guarded.ask(request, (matches) =>
      judge(pair, matches, { changesBefore, isCompared: isCompared(guarded) }),
    );
    if (outcome.kind === 'final') throw outcome.error;
    return outcome.kind === 'answer' ? outcome.answer : undefined;
  };

  const matchAll = async (
    references: readonly ResolvedReference[],
    set: CandidateSet,
    visibleTo: string | null,
  ): Promise<Candidate[][]> => {
    const active = host.active();
    if (active.length === 0) return matcher.matchAll(references, set, visibleTo);
    await matcher.catchUp();
    const requestOf = subRequestsOf(set, visibleTo);
    const results = await Promise.all(
      references.map(async (reference) => {
        // Looked at for each: the catching up may have switched one off, and one that is tried again takes one call.
        const ready = host.active().filter((guarded) => guarded.isReady());
        const guarded = chooseRoute(() => requestOf(reference), ready);
        return guarded ? askPlugin(guarded, requestOf(reference), { reference, set, visibleTo }) : undefined;
      }),
    );
    const open = references.filter((_, i) => results[i] === undefined);
    const rest = open.length > 0 ? await matcher.matchAll(open, set, visibleTo) : [];
    return results.map((result) => result ?? rest.shift() ?? []);
  };

  return {
    name: 'matcher-proxy',
    compare: matcher.compare,
    vectorOf: matcher.vectorOf,
    membersOf: matcher.membersOf,
    ready: host.ready,
    activePlugins: () => host.active().map(({ plugin }) => plugin.name),
    problems: host.problems,
    start: host.start,
    async stop() {
      await host.stop();
      count.stop();
    },
    async match(request) {
      const references = matcher.resolve(request);
      const bySet = await Promise.all(request.candidates.map((set) => matchAll(references, set, request.visibleTo)));
      return toReferenceMatches(references, request.candidates, bySet);
    },
    async matchVector(vector, set, visibleTo) {
      const [result] = await matchAll([unstored(vector)], set, visibleTo);
      return result ?? [];
    },
  };
}
