import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EventConditions } from '#domain/event/conditions';
import type { Log } from '#kernel/log';
import { createDatabase, storageError } from './database.ts';
import { createFiles, type DiskPort, type Files, uploadsFolder } from './files.ts';
import { openDatabase } from './open-database.ts';
import { createAccountTable } from './tables/account.table.ts';
import { createAttributeTable } from './tables/attribute.table.ts';
import { createBrokerTable } from './tables/broker.table.ts';
import { createEventTable } from './tables/event.table.ts';
import {
  type EventGrouping,
  type EventMeasure,
  type EventStatistic,
  eventStatistics,
} from './tables/event-statistics.ts';
import { createFaceTable } from './tables/face.table.ts';
import { createFaceAttributeTable } from './tables/face-attribute.table.ts';
import { createImageTable } from './tables/image.table.ts';
import { createListTable } from './tables/list.table.ts';
import { createListFaceTable } from './tables/list-face.table.ts';
import { createMatchChangeTable } from './tables/match-change.table.ts';
import { createMatchFeedTable } from './tables/match-feed.table.ts';
import { createMatchLabelTable } from './tables/match-label.table.ts';
import { createMetaTable } from './tables/meta.table.ts';
import { createOutboxTable } from './tables/outbox.table.ts';
import { createHandlerTable, createVerifierTable } from './tables/policy-owner.table.ts';
import { createRejectedTable } from './tables/rejected.table.ts';
import { createRejectionTable } from './tables/rejection.table.ts';
import { createTokenTable } from './tables/token.table.ts';

/**
 * Everything that outlives a restart: one SQLite file and one folder of files. One module of prepared statements per
 * table; rows are given as stored. Reads and writes are synchronous and short; what may touch many rows (`page`, `count`,
 * `matchingKeys`) is asynchronous and gives others their turn. All errors are catalogued: `StorageFull`, `Database`,
 * `StorageFailed`. After `StorageFull` nothing has changed, and the next try works as soon as there is space.
 */
export interface Storage {
  /** All or nothing, on the disk when it returns. Nested calls join the outer one. `work` must be synchronous. */
  atomically<T>(work: () => T): T;
  /**
   * All or nothing, on the disk when it resolves. Shares the wait for the disk with whatever else is asked for in the same
   * turn: for what clients do many at a time. `work` must be synchronous, and runs when this turn of the event loop ends.
   */
  durably<T>(work: () => T): Promise<T>;
  readonly lists: ReturnType<typeof createListTable>;
  readonly faces: ReturnType<typeof createFaceTable> &
    ReturnType<typeof createFaceAttributeTable> &
    ReturnType<typeof createListFaceTable>;
  readonly attributes: ReturnType<typeof createAttributeTable>;
  readonly handlers: ReturnType<typeof createHandlerTable>;
  readonly verifiers: ReturnType<typeof createVerifierTable>;
  readonly events: ReturnType<typeof createEventTable> & {
    /** See `eventStatistics`. */
    statistics(
      conditions: EventConditions,
      groupings: readonly EventGrouping[],
      measures: readonly EventMeasure[],
      maxGroups: number,
    ): Promise<EventStatistic[]>;
  };
  readonly images: ReturnType<typeof createImageTable>;
  readonly outbox: ReturnType<typeof createOutboxTable>;
  readonly rejectedMessages: ReturnType<typeof createRejectedTable>;
  readonly broker: ReturnType<typeof createBrokerTable>;
  readonly matchChanges: ReturnType<typeof createMatchChangeTable>;
  readonly matchFeed: ReturnType<typeof createMatchFeedTable>;
  readonly matchLabels: ReturnType<typeof createMatchLabelTable>;
  readonly rejections: ReturnType<typeof createRejectionTable>;
  readonly accounts: ReturnType<typeof createAccountTable>;
  readonly tokens: ReturnType<typeof createTokenTable>;
  readonly meta: ReturnType<typeof createMetaTable>;
  readonly files: Files;
  /** Of the database with its log, without the files. */
  sizeBytes(): number;
  /** Moves the log into the database file. Cheap when there is little; `close` does it too. */
  checkpoint(): void;
  /** A copy that is consistent although others write meanwhile. */
  backup(file: string): Promise<void>;
  close(): void;
}

export function openStorage(options: {
  /** Path of the database, or `:memory:`. */
  file: string;
  filesDir: string;
  log: Log;
  disk?: DiskPort;
}): Storage {
  const { file, filesDir, log } = options;
  const connection = openDatabase({ file, log });
  // What a crash left of unfinished uploads.
  rmSync(join(filesDir, uploadsFolder), { recursive: true, force: true });
  const db = createDatabase(connection, log);
  const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return {
    atomically: db.atomically,
    durably: db.durably,
    lists: createListTable(db),
    faces: { ...createFaceTable(db), ...createFaceAttributeTable(db), ...createListFaceTable(db) },
    attributes: createAttributeTable(db),
    handlers: createHandlerTable(db),
    verifiers: createVerifierTable(db),
    events: { ...createEventTable(db), statistics: (...query) => eventStatistics(db, ...query) },
    images: createImageTable(db),
    outbox: createOutboxTable(db),
    rejectedMessages: createRejectedTable(db),
    broker: createBrokerTable(db),
    matchChanges: createMatchChangeTable(db),
    matchFeed: createMatchFeedTable(db),
    matchLabels: createMatchLabelTable(db),
    rejections: createRejectionTable(db),
    accounts: createAccountTable(db),
    tokens: createTokenTable(db),
    meta: createMetaTable(db),
    files: createFiles(filesDir, options.disk),
    sizeBytes: () => (connection.memory ? 0 : sizeOf(file) + sizeOf(`${file}-wal`)),
    checkpoint() {
      connection.pragma('wal_checkpoint(PASSIVE)');
    },
    async backup(target) {
      try {
        await connection.backup(target);
      } catch (error) {
        throw storageError('backup', error);
      }
    },
    close: db.close,
  };
}
