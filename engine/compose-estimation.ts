import { join } from 'node:path';
import type { BootSettings } from '#contract/settings/boot-settings';
import { packsFolder } from '#contract/settings/data-folder';
import { defaultDescriptorVersion, type VersionInUse } from '#domain/descriptor/descriptor';
import { createInference, workerUrl } from '#inference/inference';
import { type PackKind, type PackManifest, packId } from '#inference/packs/manifest';
import { createPackStore } from '#inference/packs/pack-store';
import { createNetworkCheck } from '#inference/packs/run-check';
import type { Log } from '#kernel/log';
import type { Storage } from '#storage/storage';
import { type TimedInference, timed } from './inference-times.ts';
import { createModelPacks } from './services/model-packs/model-packs.service.ts';
import { trustOf } from './services/model-packs/model-packs.settings.ts';
import { ownKeys } from './services/model-packs/own-key.ts';
import { createPackChanges, type PackChanges } from './services/model-packs/pack-changes.ts';

/** The networks, shipped ones and those of active model packs. */
export async function composeEstimation(deps: {
  settings: BootSettings;
  storage: Storage;
  log: Log;
  shippedDir: string;
}): Promise<{
  inference: TimedInference;
  packChanges: PackChanges;
  /** The detector that events name. */
  detectorName: () => string;
  versionInUse: VersionInUse;
}> {
  const { settings, storage, log, shippedDir } = deps;
  const packsDir = packsFolder(settings.data_dir);
  const store = createPackStore({
    dir: packsDir,
    trust: () => trustOf(settings, ownKeys(packsDir)),
    check: createNetworkCheck(workerUrl),
  });
  const modelPacks = createModelPacks({ store, meta: storage.meta, log });
  await store.sweep();
  await modelPacks.learnDescriptorVersions();
  const inference = timed(
    createInference({
      packs: modelPacks.wanted,
      networksDir: join(shippedDir, 'networks'),
      kernels: join(shippedDir, 'kernels', 'sampling.wasm'),
      log,
      device: settings.device,
      tiles: settings.small_faces,
      ...(settings.workers ? { workers: settings.workers } : {}),
    }),
  );
  const packOf = (kind: PackKind): PackManifest | undefined =>
    inference.packs().find(({ manifest }) => manifest.kind === kind)?.manifest;
  const detectorName = (): string => {
    const pack = packOf('detector');
    return pack ? packId(pack) : 'blazeface';
  };
  const versionInUse = (): number => packOf('descriptor')?.descriptor?.version ?? defaultDescriptorVersion;
  const packChanges = createPackChanges({ packs: modelPacks, store, inference });
  return { inference, packChanges, detectorName, versionInUse };
}
