import type { Inference } from '#inference/inference';
import { type ArchiveFormat, archiveFormatOf } from '#inference/packs/archive/unpack';
import { packId } from '#inference/packs/manifest';
import { PackError } from '#inference/packs/pack-error';
import type { PackStore } from '#inference/packs/pack-store';
import { LunaError, lunaError } from '#kernel/errors';
import { createGate } from '#kernel/gate';
import type { ListedPack, ModelPacks } from './model-packs.service.ts';

/** A pack, and whether the workers run with it. */
export interface ShownPack extends ListedPack {
  readonly inUse: boolean;
}

/** An archive on its way in, and what its sender says it is. */
export interface IncomingArchive {
  readonly parts: AsyncIterable<Uint8Array>;
  readonly declared: ArchiveFormat;
}

/**
 * Model packs of a daemon that runs. Every change is taken up at once, one after the other, and is answered when it is in
 * use. Errors are catalogued: `ModelPackRefused`, `ModelPackNotFound`, `ModelPackConflict`, `ModelPackNotTakenUp`,
 * `ContentTypeMismatch`, `StorageFull`, `ServiceBusy`.
 */
export interface PackChanges {
  list(): Promise<ShownPack[]>;
  verify(archive: IncomingArchive): Promise<ShownPack>;
  install(archive: IncomingArchive): Promise<ShownPack>;
  /** When the networks cannot be put in use, those before stay in use, and active. */
  activate(name: string): Promise<ShownPack>;
  deactivate(name: string): Promise<ShownPack>;
  remove(name: string): Promise<void>;
  /** Takes up what was changed beside the daemon. */
  refresh(): Promise<void>;
  /** Why active packs are not in use. */
  problems(): readonly string[];
}

/** Archives that come in at the same time: each takes its space on the disk. */
const uploads = { name: 'model pack uploads', concurrent: 2, waiting: 0 };
const changes = { name: 'model pack changes', concurrent: 1, waiting: 8 };
const mostReasonChars = 300;

/** The content type of each kind of archive. */
export const archiveTypes = {
  zip: 'application/zip',
  tar: 'application/x-tar',
  gzip: 'application/gzip',
} as const satisfies Record<ArchiveFormat, string>;

function toLunaError(error: unknown): unknown {
  if (!(error instanceof PackError)) return error;
  const { message: reason, problem } = error;
  switch (problem) {
    case 'unknown':
      return lunaError('ModelPackNotFound', { reason });
    case 'conflict':
      return lunaError('ModelPackConflict', { reason });
    case 'full':
      return lunaError('StorageFull');
    case 'refused':
      return lunaError('ModelPackRefused', { reason });
  }
}

async function catalogued<T>(job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    throw toLunaError(error);
  }
}

export function createPackChanges(deps: {
  packs: ModelPacks;
  store: Pick<PackStore, 'withUpload'>;
  inference: Pick<Inference, 'packs' | 'reload'>;
}): PackChanges {
  const { packs, store, inference } = deps;
  const uploadGate = createGate(uploads);
  const changeGate = createGate(changes);
  const inUse = (id: string): boolean => inference.packs().some(({ manifest }) => packId(manifest) === id);
  const list = async (): Promise<ShownPack[]> => (await packs.list()).map((one) => ({ ...one, inUse: inUse(one.id) }));

  const show = async (id: string): Promise<ShownPack> => {
    const found = (await list()).find((one) => one.id === id);
    if (!found) throw new PackError(`no pack '${id}' is installed`, 'unknown');
    return found;
  };

  const reload = async (): Promise<void> => {
    try {
      await inference.reload();
    } catch (error) {
      if (error instanceof PackError || error instanceof LunaError) throw error;
      const reason = (error as Error).message.split('\n')[0]?.slice(0, mostReasonChars) ?? '';
      throw lunaError('ModelPackNotTakenUp', { reason });
    }
  };
  const refresh = async (): Promise<void> => {
    if (packs.changed()) await reload();
  };

  /** Changes wait for each other, never for an archive that is still on its way. */
  const withArchive = <T>({ parts, declared }: IncomingArchive, job: (path: string) => Promise<T>): Promise<T> =>
    uploadGate.pass(() =>
      catalogued(() =>
        store.withUpload(parts, async (path) => {
          const actual = await archiveFormatOf(path);
          if (actual && actual !== declared) {
            throw lunaError('ContentTypeMismatch', { declared: archiveTypes[declared], actual: archiveTypes[actual] });
          }
          return changeGate.pass(() => job(path));
        }),
      ),
    );
  const alone = <T>(job: () => Promise<T>): Promise<T> => changeGate.pass(() => catalogued(job));

  return {
    list,
    verify: (archive) =>
      withArchive(archive, async (path) => {
        const pack = await packs.verify(path);
        const id = packId(pack.manifest);
        return { id, pack, problem: null, active: packs.active().includes(id), inUse: inUse(id) };
      }),
    install: (archive) =>
      withArchive(archive, async (path) => {
        const { manifest } = await packs.install(path);
        await packs.learnDescriptorVersions();
        return show(packId(manifest));
      }),
    activate: (name) => alone(async () => show(await packs.activate(name, reload))),
    deactivate: (name) =>
      alone(async () => {
        const id = await packs.deactivate(name, reload);
        // It may be gone from the disk.
        return show(id).catch(() => ({ id, pack: null, problem: 'it is not installed', active: false, inUse: false }));
      }),
    remove: (name) =>
      alone(async () => {
        // One that was deactivated beside the daemon may still be in use.
        await refresh();
        await packs.remove(name);
      }),
    refresh: () => alone(refresh),
    problems() {
      if (packs.changed()) return packs.problems();
      const told = packs.problems();
      const idle = packs.active().filter((id) => !inUse(id) && !told.some((text) => text.includes(`'${id}'`)));
      return [...told, ...idle.map((id) => `model pack '${id}': its networks could not be put in use`)];
    },
  };
}
