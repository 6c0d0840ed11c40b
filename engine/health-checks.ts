import type { Inference } from '#inference/inference';
import type { Matching } from '#matching/matching';
import type { Storage } from '#storage/storage';
import type { HealthCheck } from './services/api/service.routes.ts';
import type { MatcherProxy } from './services/matcher-proxy/matcher-proxy.service.ts';
import type { PackChanges } from './services/model-packs/pack-changes.ts';

/** What `/healthcheck` looks at: whatever a request needs, asked so that it fails when the request would. */
export function createHealthChecks(deps: {
  storage: Pick<Storage, 'meta'>;
  inference: Pick<Inference, 'stats'>;
  matching: Pick<Matching, 'repair'>;
  packChanges: Pick<PackChanges, 'problems'>;
  /** Undefined when it is switched off. */
  proxy: Pick<MatcherProxy, 'problems'> | undefined;
}): HealthCheck[] {
  const { storage, inference, matching, packChanges, proxy } = deps;
  return [
    { name: 'database', own: true, check: () => void storage.meta.get('device.id') },
    {
      name: 'inference',
      own: true,
      check() {
        if (inference.stats().workers === 0) throw new Error('no worker is left');
      },
    },
    { name: 'matching', own: true, check: () => matching.repair() },
    { name: 'model packs', own: false, check: () => noneOf(packChanges.problems()) },
    { name: 'matching plugins', own: false, check: () => noneOf(proxy?.problems() ?? []) },
  ];
}

function noneOf([problem]: readonly string[]): void {
  if (problem !== undefined) throw new Error(problem);
}
