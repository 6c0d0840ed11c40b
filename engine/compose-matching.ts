import { join } from 'node:path';
import { type BootSettings, parseMembers } from '#contract/settings/boot-settings';
import { galleriesFolder } from '#contract/settings/data-folder';
import { embeddedVersion, type VersionInUse } from '#domain/descriptor/descriptor';
import type { Clock } from '#kernel/clock';
import type { Ids } from '#kernel/ids';
import type { Log } from '#kernel/log';
import { createMatching, type Matching } from '#matching/matching';
import type { Storage } from '#storage/storage';
import { createMatcher, type Matcher } from './services/matcher/matcher.service.ts';
import { MatcherSettings } from './services/matcher/matcher.settings.ts';
import { createFacesForPlugins } from './services/matcher-proxy/faces-for-plugins.ts';
import { loadPlugins } from './services/matcher-proxy/load-plugins.ts';
import { createMatcherProxy, type MatcherProxy } from './services/matcher-proxy/matcher-proxy.service.ts';
import { MatcherProxySettings } from './services/matcher-proxy/matcher-proxy.settings.ts';

/** The matching engine, the Python Matcher on it and, when it is enabled, the Python Matcher Proxy. */
export async function composeMatching(deps: {
  settings: BootSettings;
  storage: Storage;
  ids: Ids;
  clock: Clock;
  log: Log;
  shippedDir: string;
  versionInUse?: VersionInUse;
}): Promise<{
  matching: Matching;
  matcher: Matcher;
  proxy: MatcherProxy | undefined;
  /** With defaults for what was not set. */
  matcherSettings: MatcherSettings;
  proxySettings: MatcherProxySettings;
}> {
  const { settings, storage, ids, clock, log, shippedDir, versionInUse = embeddedVersion } = deps;
  const dataDir = settings.data_dir;
  const matcherSettings = parseMembers('matcher', MatcherSettings, settings.matcher);
  const matching = createMatching({
    kernels: join(shippedDir, 'kernels', 'matching.wasm'),
    log,
    dir: galleriesFolder(dataDir),
    rerank: matcherSettings.rerank,
    coalesceMs: matcherSettings.coalesce_ms,
    limits: { maxRows: matcherSettings.gallery_limit },
    ...(settings.workers ? { workers: settings.workers } : {}),
  });
  const matcher = createMatcher({
    storage,
    engine: matching,
    settings: matcherSettings,
    ids,
    clock,
    log,
    versionInUse,
  });
  const proxySettings = parseMembers('matcher_proxy', MatcherProxySettings, settings.matcher_proxy);
  const proxy = proxySettings.enabled
    ? createMatcherProxy({
        matcher,
        settings: proxySettings,
        plugins: await loadPlugins(proxySettings.plugins, log),
        context: createFacesForPlugins({ storage, matcher, log }),
        clock,
        log,
      })
    : undefined;
  return { matching, matcher, proxy, matcherSettings, proxySettings };
}
