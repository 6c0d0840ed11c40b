import { createHash } from 'node:crypto';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type PackManifest, packLimits, parseManifest } from './manifest.ts';
import { PackError } from './pack-error.ts';
import { checkRecipe } from './recipes.ts';
import { signerOf, type TrustedKey } from './signature.ts';

/** Who may have made a pack. */
export interface Trust {
  readonly keys: readonly TrustedKey[];
  readonly allowUnsigned: boolean;
}

/** A pack whose manifest is in order; its files are not looked at yet. */
export interface DescribedPack {
  readonly manifest: PackManifest;
  readonly manifestBytes: Uint8Array;
  readonly signature: Uint8Array | null;
  /** Name of the key; null for an unsigned pack. */
  readonly signedBy: string | null;
}

/** A plain file, never through a link, a pipe or a device. Throws `PackError`; undefined when it is not there. */
async function openPlain(path: string, name: string): Promise<{ file: FileHandle; sizeBytes: number } | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP') throw new PackError(`'${name}' is a link`);
    throw new PackError(`'${name}' cannot be read (${code})`);
  }
  const stat = await file.stat();
  if (stat.isFile()) return { file, sizeBytes: stat.size };
  await file.close();
  throw new PackError(`'${name}' is not a plain file`);
}

async function readBounded(dir: string, name: string, limitBytes: number): Promise<Uint8Array | undefined> {
  const opened = await openPlain(join(dir, name), name);
  if (!opened) return undefined;
  try {
    if (opened.sizeBytes > limitBytes) throw new PackError(`'${name}' is larger than ${limitBytes} bytes`);
    return await opened.file.readFile();
  } finally {
    await opened.file.close();
  }
}

/**
 * Reads manifest and signature. Throws `PackError` for a manifest that is wrong and a maker who is not trusted. `place`:
 * what to call the folder in a message.
 */
export async function describePack(dir: string, trust: Trust, place = dir): Promise<DescribedPack> {
  const manifestBytes = await readBounded(dir, 'manifest.json', packLimits.manifestBytes);
  if (!manifestBytes) throw new PackError(`there is no manifest.json in ${place}`);
  const signature = (await readBounded(dir, 'manifest.sig', packLimits.signatureBytes)) ?? null;
  // Before anything in the manifest is believed. A wrong signature is never taken for none.
  const signedBy = signature && signerOf(manifestBytes, signature, trust.keys);
  if (!signedBy && !trust.allowUnsigned) {
    throw new PackError('the pack is not signed (no manifest.sig), and unsigned packs are not allowed');
  }
  const manifest = parseManifest(manifestBytes);
  if (Object.keys(manifest.files).length > packLimits.files) {
    throw new PackError(`a pack has at most ${packLimits.files} files`);
  }
  checkRecipe(manifest);
  const licence = manifest.files[manifest.licence.file];
  if (licence && licence.size_bytes > packLimits.licenceBytes) throw new PackError('the licence text is too large');
  return { manifest, manifestBytes, signature, signedBy };
}

/**
 * Reads every file of the pack once, compares size and checksum, and hands the parts to `keep`: what is kept is what
 * was checked. Throws `PackError` that names the file.
 */
export async function readPackFiles(
  dir: string,
  { files }: PackManifest,
  keep: (name: string) => Promise<((part: Uint8Array) => Promise<void>) | undefined>,
): Promise<void> {
  for (const [name, { sha256, size_bytes: sizeBytes }] of Object.entries(files)) {
    const opened = await openPlain(join(dir, name), name);
    if (!opened) throw new PackError(`'${name}' is missing`);
    try {
      if (opened.sizeBytes !== sizeBytes) {
        throw new PackError(`'${name}' has ${opened.sizeBytes} bytes instead of ${sizeBytes}`);
      }
      const hash = createHash('sha256');
      const write = await keep(name);
      let read = 0;
      for await (const part of opened.file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
        read += (part as Uint8Array).length;
        if (read > sizeBytes) throw new PackError(`'${name}' grows while it is read`);
        hash.update(part as Uint8Array);
        await write?.(part as Uint8Array);
      }
      if (hash.digest('hex') !== sha256) throw new PackError(`'${name}' is damaged (wrong sha256)`);
    } finally {
      await opened.file.close();
    }
  }
}
