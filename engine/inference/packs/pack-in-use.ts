import { join } from 'node:path';
import { embeddedModels, type ModelSet } from '../models/model-set.ts';
import type { NetworkFile, NetworkFiles } from '../networks.ts';
import type { PackManifest } from './manifest.ts';
import { networkName, recipes } from './recipes.ts';

/** An installed and checked pack, as it is handed to the workers. */
export interface PackInUse {
  readonly dir: string;
  readonly manifest: PackManifest;
}

/** The networks of packs by name, as `createNetworks` takes them; files are absolute. */
export function networkFilesOf(packs: readonly PackInUse[]): NetworkFiles {
  return Object.fromEntries(
    packs.flatMap(({ dir, manifest }) =>
      manifest.networks.map((network): [string, NetworkFile] => {
        const { sha256 = '', size_bytes: sizeBytes = 0 } = manifest.files[network.file] ?? {};
        const inputs = { [network.input.name]: network.input.shape };
        const file = join(dir, network.file);
        return [networkName(manifest, network), { file, sha256, sizeBytes, inputs, outputs: network.outputs }];
      }),
    ),
  );
}

/** The embedded models with those of the packs in their place. Throws `PackError`. */
export function modelsWith(packs: readonly PackInUse[]): { models: ModelSet; files: NetworkFiles } {
  const brought = packs.map(({ manifest }) => recipes[manifest.recipe].modelsOf(manifest));
  const models: ModelSet = Object.assign({}, embeddedModels, ...brought);
  return { models, files: networkFilesOf(packs) };
}
