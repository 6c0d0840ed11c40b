import type { CandidateSet } from '#contract/candidates';
import {
  type Candidate,
  type Matching,
  type PythonMatcher,
  type ResolvedReference,
  toReferenceMatches,
  unstored,
} from '#contract/matches';
import type { Clock } from '#kernel/clock';
import type { Subsystem } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import { type GuardedPlugin, guardPlugin, within } from './guard.ts';
import type { MatcherProxySettings } from './matcher-proxy.settings.ts';
import type { MatchPlugin, PluginContext, PluginFactory, SubRequest } from './plugin.ts';
import { chooseRoute } from './route.ts';

export interface MatcherProxy extends Matching, Subsystem {
  /** Names of the plugins that take requests, in the order of the setting. */
  activePlugins(): string[];
}

/** How far a plugin's similarity may be from the exact one: half precision and other roundings, not other people. */
const similarityTolerance = 0.02;

function toSubRequest(reference: ResolvedReference, set: CandidateSet, visibleTo: string | null): SubRequest {
  const { version, vector } = reference;
  const { type, id } = reference.reference;
  const { filters, limit, threshold } = set;
  return { reference: { type, id, version, vector }, filters, limit, threshold, visibleTo };
}

/**
 * Python Matcher Proxy (LP5 5110). Takes a request apart into all pairs of reference and candidate set, asks every
 * plugin what a pair would cost, gives it to the cheapest (the Python Matcher costs 100) and puts the answers together
 * in the order of the request. Pairs of one candidate set that stay with the Python Matcher share one scan.
 *
 * A plugin's answer is scored again by the Python Matcher (`rescore`), which also fills the targets; a plugin that
 * throws, is late, answers in a wrong shape, or proposes a candidate that does not exist, does not fit or is not as
 * similar as claimed, is passed over and the pair goes to the Python Matcher. The caller sees none of it.
 */
export function createMatcherProxy(deps: {
  matcher: PythonMatcher;
  settings: MatcherProxySettings;
  plugins: readonly { name: string; create: PluginFactory }[];
  context: Omit<PluginContext, 'settings' | 'log' | 'clock'>;
  clock: Clock;
  log: Log;
}): MatcherProxy {
  const { matcher, settings, clock, log } = deps;
  const active: GuardedPlugin[] = [];
  const outOfStep = new Set<MatchPlugin>();

  const startPlugin = async (name: string, create: PluginFactory): Promise<void> => {
    let plugin: MatchPlugin | undefined;
    try {
      const made = create();
      plugin = made;
      const context: PluginContext = {
        ...deps.context,
        // A plugin that failed to take a change is out of step for good: it must not answer any more.
        onFacesChanged: (listener) =>
          deps.context.onFacesChanged((keys) => {
            try {
              listener(keys);
            } catch (error) {
              log.error({ plugin: name, err: error }, 'matching plugin lost a change and is switched off');
              outOfStep.add(made);
            }
          }),
        settings: settings.plugin_settings[name],
        log: log.child({ plugin: name }),
        clock,
      };
      await within(settings.init_timeout_ms, async () => made.init(context));
      active.push(guardPlugin(made, { clock, log, limits: settings }));
      log.info({ plugin: name }, 'matching plugin is active');
    } catch (error) {
      log.error({ plugin: name, err: error }, 'matching plugin stays off');
      if (plugin) await stopPlugin(plugin);
    }
  };
  const stopPlugin = async (plugin: MatchPlugin): Promise<void> => {
    try {
      await within(settings.plugin_timeout_ms, async () => plugin.close());
    } catch (error) {
      log.warn({ plugin: plugin.name, err: error }, 'matching plugin did not close');
    }
  };

  /** The candidates a plugin finds, or undefined when the Python Matcher has to. */
  const askPlugin = async (
    guarded: GuardedPlugin,
    reference: ResolvedReference,
    set: CandidateSet,
    visibleTo: string | null,
  ): Promise<Candidate[] | undefined> => {
    const outcome = await guarded.ask(toSubRequest(reference, set, visibleTo));
    if (outcome.kind === 'final') throw outcome.error;
    if (outcome.kind === 'fallback') return undefined;
    const { matches } = outcome;
    const { candidates, vetoed } = await matcher.rescore(
      reference,
      set,
      matches.map(({ id }) => id),
      visibleTo,
    );
    if (candidates.length + vetoed !== matches.length) {
      guarded.blame('a candidate does not exist, does not fit the filters or lies below the threshold');
      return undefined;
    }
    const claimed = matches.map(({ similarity }) => similarity).sort((a, b) => b - a);
    const wrong =
      vetoed === 0 && candidates.some((c, i) => Math.abs(c.similarity - (claimed[i] ?? 0)) > similarityTolerance);
    if (wrong) {
      guarded.blame('a similarity is not what the stored vectors say');
      return undefined;
    }
    guarded.praise();
    // A rejection took a place away: only the Python Matcher knows who comes next.
    return vetoed > 0 ? undefined : candidates;
  };

  const matchAll = async (
    references: readonly ResolvedReference[],
    set: CandidateSet,
    visibleTo: string | null,
  ): Promise<Candidate[][]> => {
    if (active.length > 0) await matcher.catchUp();
    const ready = active.filter((guarded) => guarded.isReady() && !outOfStep.has(guarded.plugin));
    const plugins = ready.map(({ plugin }) => plugin);
    const results = await Promise.all(
      references.map(async (reference) => {
        const route = chooseRoute(toSubRequest(reference, set, visibleTo), plugins);
        const guarded = route && ready.find(({ plugin }) => plugin === route);
        return guarded ? askPlugin(guarded, reference, set, visibleTo) : undefined;
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
    activePlugins: () => active.filter(({ plugin }) => !outOfStep.has(plugin)).map(({ plugin }) => plugin.name),
    async start() {
      // One after the other: the order of the setting decides ties.
      for (const { name, create } of deps.plugins) await startPlugin(name, create);
    },
    async stop() {
      for (const { plugin } of active.splice(0).reverse()) await stopPlugin(plugin);
    },
    async match(request) {
      const references = matcher.resolve(request);
      const bySet = await Promise.all(request.candidates.map((set) => matchAll(references, set, request.visibleTo)));
      return toReferenceMatches(references, request.candidates, bySet);
    },
    async matchVector(vector, candidates, visibleTo) {
      const [result] = await matchAll([unstored(vector)], candidates, visibleTo);
      return result ?? [];
    },
  };
}
