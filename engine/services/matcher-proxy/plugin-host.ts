import { descriptorVersions, exactScore, similarityOf } from '#domain/descriptor/similarity';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import { type GuardedPlugin, guardPlugin, within } from './guard.ts';
import type { NamedPlugin } from './load-plugins.ts';
import type { MatcherProxySettings } from './matcher-proxy.settings.ts';
import { type FacesForPlugins, type MatchPlugin, type PluginContext, Rematch } from './plugin.ts';

export interface PluginHost {
  /** Begins to start all plugins side by side and does not wait. */
  start(): void;
  /** Resolves when every plugin is active or stays off. */
  ready(): Promise<void>;
  stop(): Promise<void>;
  /** Those that take requests if they are ready, in the order of the setting. */
  active(): GuardedPlugin[];
  /** What keeps plugins of the setting from answering, a sentence for each. */
  problems(): string[];
}

interface Place {
  readonly name: string;
  made?: MatchPlugin;
  guarded?: GuardedPlugin;
  problem: string | undefined;
}

/** Starts the plugins of the setting and keeps those that work. One that fails stays off, with a line in the log. */
export function createPluginHost(deps: {
  plugins: readonly NamedPlugin[];
  settings: MatcherProxySettings;
  context: FacesForPlugins;
  clock: Clock;
  log: Log;
}): PluginHost {
  const { settings, clock, log } = deps;
  const places: Place[] = deps.plugins.map(({ name, problem }) => ({ name, problem: problem ?? 'is being started' }));
  let starting: Promise<unknown> = Promise.resolve();
  let isStopped = false;

  const contextOf = (place: Place): PluginContext => ({
    ...deps.context,
    // A plugin that failed to take a change is out of step for good: it must not answer any more.
    onFacesChanged: (listener) =>
      deps.context.onFacesChanged((keys) => {
        try {
          // Each its own: others are told of the same keys.
          listener([...keys]);
        } catch (error) {
          log.error({ plugin: place.name, err: error }, 'matching plugin lost a change and is switched off');
          place.problem = 'lost a change and is switched off';
        }
      }),
    similarity(number, a, b) {
      const version = descriptorVersions.get(number);
      if (!version) throw new RangeError(`descriptor version ${number} is not known`);
      return similarityOf(version, exactScore(version, a, b));
    },
    rematch: (reason) => new Rematch(reason),
    lunaError,
    settings: settings.plugin_settings[place.name],
    log: log.child({ plugin: place.name }),
    clock,
  });

  const close = async (plugin: MatchPlugin): Promise<void> => {
    try {
      await within(settings.plugin_timeout_ms, async () => plugin.close());
    } catch (error) {
      log.warn({ plugin: plugin.name, err: error }, 'matching plugin did not close');
    }
  };

  const startOne = async (place: Place, create: NamedPlugin['create']): Promise<void> => {
    if (!create) return;
    const { name } = place;
    try {
      const made = create();
      place.made = made;
      await within(settings.init_timeout_ms, async () => made.init(contextOf(place)));
      if (isStopped) return;
      place.guarded = guardPlugin(made, { clock, log, limits: settings });
      if (place.problem === 'is being started') place.problem = undefined;
      log.info({ plugin: name }, 'matching plugin is active');
    } catch (error) {
      if (isStopped) return;
      place.problem = `did not start: ${(error as Error).message}`;
      log.error({ plugin: name, err: error }, 'matching plugin stays off');
      if (place.made) await close(place.made);
      delete place.made;
    }
  };

  return {
    start() {
      starting = Promise.all(places.map((place, i) => startOne(place, deps.plugins[i]?.create)));
    },
    async ready() {
      await starting;
    },
    async stop() {
      isStopped = true;
      await Promise.all(places.map(({ made }) => made && close(made)));
      for (const place of places) {
        delete place.made;
        delete place.guarded;
      }
    },
    active: () => places.flatMap(({ guarded, problem }) => (guarded && problem === undefined ? [guarded] : [])),
    problems: () =>
      places.flatMap(({ name, guarded, problem }) => {
        const why = problem ?? guarded?.problem();
        return why === undefined ? [] : [`${name} ${why}`];
      }),
  };
}
