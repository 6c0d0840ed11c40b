import type { KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackManifest } from '../../engine/inference/packs/manifest.ts';
import { signManifest } from '../../engine/inference/packs/signature.ts';
import { sha256Of } from '../networks/lock.ts';

/** Everything of a manifest that does not follow from the files. */
export type PackDescription = Omit<PackManifest, 'format' | 'files'>;

/** Writes a model pack into a folder, which is made. Unsigned without a key. */
export function writePack(
  dir: string,
  description: PackDescription,
  contents: Readonly<Record<string, Uint8Array>>,
  privateKey?: KeyObject,
): void {
  mkdirSync(dir, { recursive: true });
  const files = Object.fromEntries(
    Object.entries(contents).map(([name, data]) => [name, { sha256: sha256Of(data), size_bytes: data.length }]),
  );
  for (const [name, data] of Object.entries(contents)) writeFileSync(join(dir, name), data);
  const manifest = Buffer.from(`${JSON.stringify({ format: 1, ...description, files }, null, 2)}\n`);
  writeFileSync(join(dir, 'manifest.json'), manifest);
  if (privateKey) writeFileSync(join(dir, 'manifest.sig'), signManifest(manifest, privateKey));
}
