import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unpackArchive } from './archive/unpack.ts';
import { isSameDescriptor } from './descriptor-meaning.ts';
import { sweepLeftovers, temporaryPath } from './leftovers.ts';
import { type PackManifest, packId } from './manifest.ts';
import { PackError } from './pack-error.ts';
import { type DescribedPack, describePack, readPackFiles, type Trust } from './pack-files.ts';
import type { PackInUse } from './pack-in-use.ts';
import type { CheckNetworks } from './run-check.ts';

/** An installed pack, or why it cannot be used. */
export type StoredPack =
  | { readonly id: string; readonly pack: DescribedPack; readonly problem: null }
  | { readonly id: string; readonly pack: null; readonly problem: string };

/** Has the last word on a pack whose manifest is in order, before its networks are run. Throws `PackError` to refuse. */
export type AcceptPack = (manifest: PackManifest) => void;

/** The packs of this appliance, each in a folder `<name>-<version>` that never changes. */
export interface PackStore {
  /** Manifest and signature of every pack, by id. Files are not read. */
  list(): Promise<StoredPack[]>;
  /** An installed pack, every file read and compared with its checksum. Throws `PackError`. */
  open(id: string): Promise<PackInUse>;
  /** Everything `install` checks, without installing. Throws `PackError` with the reason, and what `accept` throws. */
  verify(source: string, accept?: AcceptPack): Promise<DescribedPack>;
  /**
   * Copies or unpacks, checks the copy (signature, checksums, shapes, golden vectors), and puts it in place at once.
   * `source`: a folder, or a .zip, .tar or .tar.gz of it. Throws `PackError` with the reason; nothing of the pack is left
   * then.
   */
  install(source: string, accept?: AcceptPack): Promise<DescribedPack>;
  /** False when it is not installed. */
  remove(id: string): Promise<boolean>;
  /** Writes an archive that comes in parts, hands `use` its path, and removes it. What `parts` throws is thrown. */
  withUpload<T>(parts: AsyncIterable<Uint8Array>, use: (path: string) => Promise<T>): Promise<T>;
  /** Removes what a process that ended amid its work has left. Once, before anything else. */
  sweep(): Promise<void>;
}

const idPattern = /^[a-z0-9][a-z0-9-]{0,40}-\d{1,5}\.\d{1,5}\.\d{1,5}$/;

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function copyInto(source: string, target: string, { manifest, manifestBytes, signature }: DescribedPack) {
  await mkdir(target, { recursive: true, mode: 0o755 });
  const copies: (() => Promise<void>)[] = [];
  try {
    await readPackFiles(source, manifest, async (name) => {
      const copy = await open(join(target, name), 'wx', 0o644);
      copies.push(async () => {
        await copy.sync().finally(() => copy.close());
      });
      return async (part) => {
        await copy.writeFile(part);
      };
    });
  } finally {
    for (const finish of copies) await finish();
  }
  await writeFile(join(target, 'manifest.json'), manifestBytes, { flush: true });
  if (signature) await writeFile(join(target, 'manifest.sig'), signature, { flush: true });
  await syncFolder(target);
}

/** Unpacks into `target`, where nothing but what the manifest names is left. */
async function unpackInto(archive: string, target: string, trust: Trust): Promise<DescribedPack> {
  await unpackArchive(archive, target);
  const pack = await describePack(target, trust, 'the archive');
  await readPackFiles(target, pack.manifest, async () => undefined);
  const named = new Set(['manifest.json', 'manifest.sig', ...Object.keys(pack.manifest.files)]);
  for (const name of await readdir(target)) if (!named.has(name)) await rm(join(target, name));
  await syncFolder(target);
  return pack;
}

/** Throws `PackError` when there is no space, and whatever `job` throws otherwise. */
async function whileThereIsSpace<T>(job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new PackError('no space is left for the pack', 'full');
    throw error;
  }
}

/** Two packs must not give one version number two meanings: their vectors would be compared. */
function refuseSharedVersion(manifest: PackManifest, installed: readonly StoredPack[]): void {
  const { descriptor } = manifest;
  const rival = installed.find(
    ({ id, pack }) =>
      descriptor &&
      id !== packId(manifest) &&
      pack?.manifest.descriptor?.version === descriptor.version &&
      !isSameDescriptor(pack.manifest, manifest),
  );
  if (rival)
    throw new PackError(
      `descriptor version ${descriptor?.version} is already that of the pack '${rival.id}'`,
      'conflict',
    );
}

/** `dir`: made when missing. `check` runs the networks in a process of their own (`run-check.ts`). */
export function createPackStore(deps: { dir: string; trust: () => Trust; check: CheckNetworks }): PackStore {
  const { dir, trust, check } = deps;

  const list = async (): Promise<StoredPack[]> => {
    const names = existsSync(dir) ? (await readdir(dir)).filter((name) => idPattern.test(name)).sort() : [];
    return Promise.all(
      names.map(async (id): Promise<StoredPack> => {
        try {
          const pack = await describePack(join(dir, id), trust());
          if (packId(pack.manifest) !== id) throw new PackError(`the folder '${id}' holds another pack`);
          return { id, pack, problem: null };
        } catch (error) {
          return { id, pack: null, problem: (error as Error).message };
        }
      }),
    );
  };

  const makeRoom = async (): Promise<void> => {
    await mkdir(dir, { recursive: true, mode: 0o755 });
    await sweepLeftovers(dir, { atStart: false });
  };

  /** A checked copy in a folder of its own, for `use` to take or leave. */
  const withCopy = async (
    source: string,
    accept: AcceptPack,
    use: (copy: string, pack: DescribedPack) => Promise<void>,
  ) => {
    const isArchive = (await stat(source).catch(() => undefined))?.isFile() ?? false;
    const described = isArchive ? undefined : await describePack(source, trust());
    await makeRoom();
    const copy = temporaryPath(dir, 'incoming');
    try {
      return await whileThereIsSpace(async () => {
        const pack = described ?? (await unpackInto(source, copy, trust()));
        refuseSharedVersion(pack.manifest, await list());
        accept(pack.manifest);
        if (described) await copyInto(source, copy, pack);
        await check(copy);
        await use(copy, pack);
        return pack;
      });
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  };

  return {
    list,
    async open(id) {
      if (!idPattern.test(id)) throw new PackError(`'${id}' is no name of a pack`);
      const folder = join(dir, id);
      const { manifest } = await describePack(folder, trust());
      if (packId(manifest) !== id) throw new PackError(`the folder '${id}' holds another pack`);
      await readPackFiles(folder, manifest, async () => undefined);
      return { dir: folder, manifest };
    },
    verify: (source, accept = () => {}) => withCopy(source, accept, async () => {}),
    async install(source, accept = () => {}) {
      return withCopy(source, accept, async (copy, { manifest, manifestBytes, signature }) => {
        const target = join(dir, packId(manifest));
        if (existsSync(target)) {
          const present = await readFile(join(target, 'manifest.json')).catch(() => Buffer.alloc(0));
          const intact = await readPackFiles(target, manifest, async () => undefined).then(
            () => true,
            () => false,
          );
          const sealed = await readFile(join(target, 'manifest.sig')).catch(() => Buffer.alloc(0));
          // A signature that is missing or another one comes with the pack; one that is there is never taken away.
          const isSealed = signature === null || sealed.equals(signature);
          if (present.equals(manifestBytes) && isSealed && intact) return;
          if (!present.equals(manifestBytes) && present.length > 0) {
            throw new PackError(
              `another pack is already installed as '${basename(target)}': give this one a new version`,
              'conflict',
            );
          }
          await rename(target, temporaryPath(dir, 'removed'));
        }
        await rename(copy, target);
        await syncFolder(dir);
      });
    },
    async remove(id) {
      if (!idPattern.test(id) || !existsSync(join(dir, id))) return false;
      const away = temporaryPath(dir, 'removed');
      await rename(join(dir, id), away);
      await syncFolder(dir);
      await rm(away, { recursive: true, force: true });
      return true;
    },
    async withUpload(parts, use) {
      await makeRoom();
      const path = temporaryPath(dir, 'incoming');
      try {
        await whileThereIsSpace(async () => {
          const file = await open(path, 'wx', 0o600);
          try {
            for await (const part of parts) await file.writeFile(part);
          } finally {
            await file.close();
          }
        });
        return await use(path);
      } finally {
        await rm(path, { force: true });
      }
    },
    sweep: () => sweepLeftovers(dir, { atStart: true }),
  };
}
