/** For tests: a proxy over the faces of a world, and plugins that do as they are told. */
import { CandidateFilters, type CandidateSet } from '#contract/matching/candidates';
import { accountA, picture, sdk, type World } from '../matcher/matcher.fixture.ts';
import { createFacesForPlugins } from './faces-for-plugins.ts';
import type { NamedPlugin } from './load-plugins.ts';
import { createMatcherProxy, type MatcherProxy } from './matcher-proxy.service.ts';
import { MatcherProxySettings } from './matcher-proxy.settings.ts';
import type { MatchPlugin, SubRequest } from './plugin.ts';

/** A plugin that answers what it is told, and remembers what it was asked. */
export function createFake(match: MatchPlugin['match'], more: Partial<MatchPlugin> = {}) {
  const asked: SubRequest[] = [];
  const plugin: MatchPlugin = {
    name: 'fake',
    init: async () => {},
    close: async () => {},
    cost: ({ filters }) => (filters.origin === 'faces' ? 1 : Number.POSITIVE_INFINITY),
    ...more,
    match(request, signal) {
      asked.push(request);
      return match(request, signal);
    },
  };
  return { plugin, asked };
}

/** The answer of an honest plugin: what the Python Matcher finds. */
export function honestMatch({ matcher }: World): MatchPlugin['match'] {
  return async ({ reference, filters, limit, threshold, visibleTo }) => {
    const result = await matcher.matchVector(reference, { filters, limit, threshold }, visibleTo);
    return result.map(({ face, similarity }) => ({
      id: String(face?.['face_id']),
      similarity: Math.max(0, similarity - 0.001),
    }));
  };
}

/** Started, and every plugin active or off. */
export async function openProxy(
  world: World,
  plugins: readonly NamedPlugin[],
  settings: Partial<MatcherProxySettings> = {},
): Promise<MatcherProxy> {
  const { storage, matcher, clock, log } = world;
  const proxy = createMatcherProxy({
    matcher,
    plugins,
    context: createFacesForPlugins({ storage, matcher, log }),
    settings: MatcherProxySettings.parse({ enabled: true, plugin_timeout_ms: 2000, init_timeout_ms: 500, ...settings }),
    clock,
    log,
  });
  await proxy.start();
  await proxy.ready();
  return proxy;
}

export const named = (plugin: MatchPlugin): NamedPlugin[] => [{ name: plugin.name, create: () => plugin }];

export function set(filters: Record<string, unknown>, more: Partial<CandidateSet> = {}): CandidateSet {
  return { filters: CandidateFilters.parse(filters), limit: 2, threshold: 0, ...more };
}

/** A request of two references and three sets; of all of it, and as the Python Matcher alone answers it. */
export async function both({ world, list }: { world: World; list: string }, proxy: MatcherProxy) {
  world.addEvent(picture(1));
  const request = {
    references: [sdk(picture(1)), sdk(picture(2))],
    candidates: [set({ origin: 'faces', list_id: list }), set({ origin: 'events' }), set({ origin: 'faces' })],
    visibleTo: accountA,
  };
  // Of its own request: a plugin may have got hold of the other.
  const truth = await world.matcher.match(structuredClone(request));
  return { answer: await proxy.match(request), truth };
}
