import { join } from 'node:path';
import type { BootSettings } from '#contract/boot-settings';
import { packsFolder } from '#contract/data-folder';
import { createInference, workerUrl } from '#inference/inference';
import { packId } from '#inference/packs/manifest';
import { createPackStore } from '#inference/packs/pack-store';
import { createNetworkCheck } from '#inference/packs/run-check';
import type { Log } from '#kernel/log';
import type { Storage } from '#storage/storage';
import { type TimedInference, timed } from './inference-times.ts';
import { createModelPacks, type ModelPacks } from './services/model-packs/model-packs.service.ts';
import { trustOf } from './services/model-packs/model-packs.settings.ts';
import { ownKeys } from './services/model-packs/own-key.ts';

/** The networks, shipped ones and those of active model packs. */
export async function composeEstimation(deps: {
  settings: BootSettings;
  storage: Storage;
  log: Log;
  shippedDir: string;
}): Promise<{
  inference: TimedInference;
  modelPacks: ModelPacks;
  /** The detector that events name. */
  detectorName: () => string;
}> {
  const { settings, storage, log, shippedDir } = deps;
  const packsDir = packsFolder(settings.data_dir);
  const modelPacks = createModelPacks({
    store: createPackStore({
      dir: packsDir,
      trust: () => trustOf(settings, ownKeys(packsDir)),
      check: createNetworkCheck(workerUrl),
    }),
    meta: storage.meta,
    log,
  });
  await modelPacks.learnDescriptorVersions();
  const inference = timed(
    createInference({
      packs: modelPacks.wanted,
      networksDir: join(shippedDir, 'networks'),
      log,
      device: settings.device,
      tiles: settings.small_faces,
      ...(settings.workers ? { workers: settings.workers } : {}),
    }),
  );
  const detectorName = (): string => {
    const pack = inference.packs().find(({ manifest }) => manifest.kind === 'detector');
    return pack ? packId(pack.manifest) : 'blazeface';
  };
  return { inference, modelPacks, detectorName };
}
