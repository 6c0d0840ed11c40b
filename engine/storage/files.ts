import { type FileHandle, mkdir, open, opendir, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { lunaError } from '#kernel/errors';
import { createGate } from '#kernel/gate';

/** A stored file as the garbage collection sees it. */
export interface FileEntry {
  id: string;
  modifiedMs: number;
}

/** The calls that change the disk; tests put failing ones in their place. */
export interface DiskPort {
  mkdir(path: string): Promise<void>;
  open(path: string, flags: string): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const disk: DiskPort = {
  mkdir: async (path) => void (await mkdir(path, { recursive: true })),
  open,
  rename,
  remove: (path) => rm(path, { force: true }),
};

/**
 * Files by bucket and id: `<dir>/<bucket>/<first 3 characters of the id>/<id>`. A file is there whole or not at all,
 * and is on the disk when `put` returns. Ids are UUIDs and buckets plain words, so no path can leave `dir`.
 */
export interface Files {
  /**
   * Replaces a file of the same id. Throws `StorageFull`, when the database would have no room left too, or
   * `StorageFailed`; nothing is left behind then.
   */
  put(bucket: string, id: string, bytes: Uint8Array): Promise<void>;
  get(bucket: string, id: string): Promise<Uint8Array | undefined>;
  /** As `get`, without holding the whole file in memory. Ends by itself; cancel it when it is not read to its end. */
  stream(bucket: string, id: string): Promise<ReadableStream<Uint8Array> | undefined>;
  /** False when there was none. */
  remove(bucket: string, id: string): Promise<boolean>;
  list(bucket: string): AsyncGenerator<FileEntry>;
}

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const bucketPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
const shardChars = 3;
export const uploadsFolder = '.uploads';
const concurrentWrites = 8;
const waitingWrites = 256;

/** Kept free for the database, bytes: on a full disk removing has to go on. Of a small disk a sixteenth. */
const reserveBytes = 16 * 1024 * 1024;

/** Throws as a full disk does when so many bytes would take the reserve. */
async function requireRoom(dir: string, bytes: number): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(dir);
  // A file system that cannot tell has no blocks at all.
  if (blocks === 0 || bavail * bsize - bytes >= Math.min(reserveBytes, (blocks * bsize) / 16)) return;
  throw Object.assign(new Error('the reserve of the database is not for files'), { code: 'ENOSPC' });
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | null)?.code ?? 'unknown');
}

function diskError(error: unknown): Error {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return lunaError('StorageFull', undefined, error);
  return lunaError('StorageFailed', { reason: code }, error);
}

export function createFiles(dir: string, port: DiskPort = disk): Files {
  const gate = createGate({ name: 'files', concurrent: concurrentWrites, waiting: waitingWrites });
  // Folders that are known to exist and to be on the disk themselves.
  const known = new Set<string>();
  let uploads = 0;

  const folderOf = (bucket: string): string => {
    if (!bucketPattern.test(bucket)) throw new TypeError(`not a bucket name: ${bucket}`);
    return join(dir, bucket);
  };
  const pathOf = (bucket: string, id: string): string => {
    if (!idPattern.test(id)) throw new TypeError(`not a file id: ${id}`);
    return join(folderOf(bucket), id.slice(0, shardChars), id);
  };
  const flushFolder = async (folder: string): Promise<void> => {
    const handle = await port.open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  };
  const ensureFolder = async (folder: string): Promise<void> => {
    if (known.has(folder)) return;
    await port.mkdir(folder);
    // Up to the folder that `dir` itself is named in.
    const top = dirname(resolve(dir));
    let parent = resolve(folder);
    do {
      parent = dirname(parent);
      await flushFolder(parent);
    } while (parent !== top);
    known.add(folder);
  };
  const write = async (bucket: string, id: string, bytes: Uint8Array): Promise<void> => {
    const target = pathOf(bucket, id);
    uploads += 1;
    const upload = join(dir, uploadsFolder, `${process.pid}-${uploads}`);
    try {
      await ensureFolder(join(dir, uploadsFolder));
      await ensureFolder(dirname(target));
      await requireRoom(dir, bytes.length);
      const handle = await port.open(upload, 'wx');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await port.rename(upload, target);
      await flushFolder(dirname(target));
    } catch (error) {
      // The folder may be gone because somebody tidied up; the next write makes it again.
      known.clear();
      await port.remove(upload).catch(() => undefined);
      throw diskError(error);
    }
  };

  /** Undefined when there is no such file. */
  const ifThere = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw diskError(error);
    }
  };

  return {
    put: (bucket, id, bytes) => gate.pass(() => write(bucket, id, bytes)),
    get: async (bucket, id) => ifThere(readFile(pathOf(bucket, id))),
    async stream(bucket, id) {
      const handle = await ifThere(open(pathOf(bucket, id)));
      return handle && (Readable.toWeb(handle.createReadStream()) as ReadableStream<Uint8Array>);
    },
    async remove(bucket, id) {
      const path = pathOf(bucket, id);
      const there = await ifThere(stat(path));
      if (!there) return false;
      await ifThere(port.remove(path));
      return true;
    },
    async *list(bucket) {
      const folder = folderOf(bucket);
      for (const shard of await readdir(folder).catch(() => [])) {
        const entries = await opendir(join(folder, shard)).catch(() => undefined);
        if (!entries) continue;
        for await (const entry of entries) {
          if (!idPattern.test(entry.name)) continue;
          const info = await stat(join(folder, shard, entry.name)).catch(() => undefined);
          if (info) yield { id: entry.name, modifiedMs: info.mtimeMs };
        }
      }
    },
  };
}
