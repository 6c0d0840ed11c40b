import { buckets } from '#contract/established/names';
import type { Clock } from '#kernel/clock';
import { type LunaError, lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { Log } from '#kernel/log';
import type { ImageRow } from '#storage/rows';
import type { Storage } from '#storage/storage';

export type Bucket = (typeof buckets)[keyof typeof buckets];

/** A file that is on the disk and has no row yet. */
export interface StagedImage {
  readonly row: ImageRow;
}

/**
 * Samples, source pictures, objects and task results: files in buckets, each with a row that says whose it is (LP5 6).
 * Files come before their rows, and rows go before their files: a crash leaves at worst a file without a row, which
 * `removeOrphans` takes away.
 */
export interface ImageStore {
  /** Writes the file. Throws `StorageFull`; nothing is left behind then. */
  stage(bucket: Bucket, accountId: string, contentType: string, bytes: Uint8Array): Promise<StagedImage>;
  /** Makes it visible. Call it inside `storage.durably`, with whatever refers to it. */
  commit(staged: StagedImage): void;
  /** Takes the file away again, when the transaction failed. Never throws. */
  discard(staged: StagedImage): Promise<void>;
  /** Stage and commit in one. Returns the id. */
  store(bucket: Bucket, accountId: string, contentType: string, bytes: Uint8Array): Promise<string>;
  /** As `store`, all or none. Returns the ids in order. */
  storeAll(
    bucket: Bucket,
    accountId: string,
    files: readonly { contentType: string; bytes: Uint8Array }[],
  ): Promise<string[]>;
  /** Throws `ImageNotFound`, or `ObjectNotFound` in the bucket of objects. `accountId` null: of any account. */
  find(bucket: Bucket, id: string, accountId: string | null): ImageRow;
  read(bucket: Bucket, id: string, accountId: string | null): Promise<{ bytes: Uint8Array; contentType: string }>;
  /** As `read`, for sending it on: small files as bytes, large ones as a stream. */
  open(row: ImageRow): Promise<Uint8Array | ReadableStream<Uint8Array>>;
  remove(accountId: string, bucket: Bucket, id: string): Promise<void>;
  /** Removes files without rows that are older than an hour. Returns how many. */
  removeOrphans(signal?: AbortSignal): Promise<number>;
}

const orphanAgeMs = 3_600_000;
const checkedAtOnce = 500;
const streamedFromBytes = 1024 * 1024;

export function createImageStore(deps: { storage: Storage; clock: Clock; ids: Ids; log: Log }): ImageStore {
  const { storage, clock, ids, log } = deps;
  const { images, files } = storage;
  const notFound = (bucket: string, id: string): LunaError =>
    bucket === buckets.objects ? lunaError('ObjectNotFound', { id }) : lunaError('ImageNotFound', { id });
  const find = (bucket: string, id: string, accountId: string | null): ImageRow => {
    const row = images.findById(bucket, id, accountId);
    if (!row) throw notFound(bucket, id);
    return row;
  };
  const lost = (row: ImageRow): LunaError => {
    log.error({ bucket: row.bucket, id: row.image_id }, 'a stored file is missing');
    return notFound(row.bucket, row.image_id);
  };
  const discard = async ({ row }: StagedImage): Promise<void> => {
    // What cannot be removed now is an orphan, and is removed later.
    await files.remove(row.bucket, row.image_id).catch((error) => log.warn({ err: error }, 'staged file not removed'));
  };
  const stage: ImageStore['stage'] = async (bucket, accountId, contentType, bytes) => {
    // Random, not in time order: the first characters of the id spread the files over the folders.
    const imageId = ids.random();
    await files.put(bucket, imageId, bytes);
    const row = {
      bucket,
      image_id: imageId,
      account_id: accountId,
      content_type: contentType,
      size_bytes: bytes.length,
      create_time: clock.now(),
    };
    return { row };
  };

  const storeAll: ImageStore['storeAll'] = async (bucket, accountId, given) => {
    const staged: StagedImage[] = [];
    try {
      for (const { contentType, bytes } of given) staged.push(await stage(bucket, accountId, contentType, bytes));
      await storage.durably(() => {
        for (const { row } of staged) images.insert(row);
      });
    } catch (error) {
      await Promise.all(staged.map(discard));
      throw error;
    }
    return staged.map(({ row }) => row.image_id);
  };

  return {
    stage,
    commit: ({ row }) => images.insert(row),
    discard,
    async store(bucket, accountId, contentType, bytes) {
      const [id = ''] = await storeAll(bucket, accountId, [{ contentType, bytes }]);
      return id;
    },
    storeAll,
    find,
    async read(bucket, id, accountId) {
      const row = find(bucket, id, accountId);
      const bytes = await files.get(bucket, id);
      if (!bytes) throw lost(row);
      return { bytes, contentType: row.content_type };
    },
    async open(row) {
      const read = row.size_bytes < streamedFromBytes ? files.get : files.stream;
      const content = await read(row.bucket, row.image_id);
      if (!content) throw lost(row);
      return content;
    },
    async remove(accountId, bucket, id) {
      if (!images.remove(bucket, id, accountId)) throw notFound(bucket, id);
      await discard({ row: { bucket, image_id: id } as ImageRow });
    },
    async removeOrphans(signal) {
      const before = clock.now() - orphanAgeMs;
      let total = 0;
      for (const bucket of Object.values(buckets)) {
        let old: string[] = [];
        const removeAbsent = async (): Promise<void> => {
          for (const id of images.findAbsent(bucket, old)) if (await files.remove(bucket, id)) total += 1;
          old = [];
        };
        for await (const { id, modifiedMs } of files.list(bucket)) {
          if (signal?.aborted) return total;
          if (modifiedMs < before) old.push(id);
          if (old.length >= checkedAtOnce) await removeAbsent();
        }
        await removeAbsent();
      }
      if (total > 0) log.info({ files: total }, 'files without rows removed');
      return total;
    },
  };
}
