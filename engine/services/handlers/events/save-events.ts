import { buckets } from '#contract/established/names';
import type { BusMessages } from '#contract/events/bus';
import { contentTypeOfFormat } from '#contract/http/content-types';
import type { FaceEventFacts } from '#domain/event/face-event';
import type { Bus } from '#kernel/bus';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { Storage } from '#storage/storage';
import type { ImageStore, StagedImage } from '../../image-store/image-store.service.ts';
import type { Sender } from '../../sender/sender.service.ts';
import type { EventFacts, EventRequest, SourcePicture } from './event-facts.ts';
import { type EventRecord, recordEvent } from './event-record.ts';
import type { EventPlan } from './plan.ts';

export interface SaveDeps {
  storage: Storage;
  images: Pick<ImageStore, 'stage' | 'commit' | 'discard'>;
  sender: Pick<Sender, 'faceEventMessages'>;
  bus: Bus<BusMessages>;
  clock: Clock;
  ids: Ids;
}

export interface PlannedEvent {
  facts: EventFacts;
  plan: EventPlan;
}

/** Files that are on the disk for the events of one request, and the rows that shall refer to them. */
export interface StagedEvents {
  records: EventRecord[];
  files: StagedImage[];
}

/** Throws `ListsNotFound` 22005 for a list that the account does not have. */
export function requireLists(
  { storage }: Pick<SaveDeps, 'storage'>,
  accountId: string,
  listIds: readonly string[],
): void {
  const absent = listIds.length > 0 ? storage.lists.findAbsent(listIds, accountId) : undefined;
  if (absent !== undefined) throw lunaError('ListsNotFound', { listId: absent });
}

/** Takes staged files away again. */
export async function discardFiles({ images }: Pick<SaveDeps, 'images'>, files: readonly StagedImage[]): Promise<void> {
  await Promise.all(files.map((file) => images.discard(file)));
}

/**
 * Writes the samples and source pictures that the plans want; a picture is written once for all its events. When one
 * cannot be written, the others are taken away again and the error is thrown.
 */
export async function stageEvents(
  deps: SaveDeps,
  request: EventRequest,
  planned: readonly PlannedEvent[],
): Promise<StagedEvents> {
  const { images, ids, clock } = deps;
  const { accountId } = request;
  requireLists(deps, accountId, [...new Set(planned.flatMap(({ plan }) => plan.listIds))]);
  const writes: Promise<StagedImage>[] = [];
  const write = (bucket: typeof buckets.faceSamples | typeof buckets.images, type: string, bytes: Uint8Array) => {
    const staged = images.stage(bucket, accountId, type, bytes);
    writes.push(staged);
    return staged.then(({ row }) => row.image_id);
  };
  const origins = new Map<SourcePicture, Promise<string>>();
  const originOf = (picture: SourcePicture): Promise<string> => {
    const known = origins.get(picture) ?? write(buckets.images, contentTypeOfFormat[picture.format], picture.bytes);
    origins.set(picture, known);
    return known;
  };
  const stageOne = async ({ facts, plan }: PlannedEvent): Promise<EventRecord> => {
    const detections = facts.detections.map(async ({ picture, face }, i) => {
      const sample =
        picture.sampleId ??
        (plan.storeSamples && face.warpJpeg ? write(buckets.faceSamples, 'image/jpeg', face.warpJpeg) : null);
      const origin =
        plan.origins[i] === 'reference'
          ? picture.origin
          : plan.origins[i] === 'store'
            ? originOf(picture).then((id) => `/6/images/${id}`)
            : null;
      return Promise.all([sample, origin]);
    });
    const written = await Promise.all(detections);
    const eventIds = {
      eventId: ids.next(),
      faceId: plan.storeFace ? ids.next() : null,
      attributeId: plan.storeAttribute ? ids.next() : null,
      sampleIds: written.map(([sample]) => sample),
      origins: written.map(([, origin]) => origin),
    };
    return recordEvent(request, plan, facts, eventIds, clock.now());
  };
  try {
    const records = await Promise.all(planned.map(stageOne));
    return { records, files: await Promise.all(writes) };
  } catch (error) {
    const done = await Promise.allSettled(writes);
    await discardFiles(
      deps,
      done.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    );
    throw error;
  }
}

/**
 * ONE transaction: image rows, attributes, faces, links, events and the messages about them. When it fails the staged
 * files are taken away and nothing is stored. Afterwards the publisher is told.
 */
export async function commitEvents(
  deps: SaveDeps,
  accountId: string,
  { records, files }: StagedEvents,
  messages: readonly FaceEventFacts[],
  ttlSeconds: number,
): Promise<void> {
  const { storage, images, sender, bus } = deps;
  const rows = messages.flatMap((facts) => sender.faceEventMessages(facts));
  try {
    await storage.durably(() => {
      for (const file of files) images.commit(file);
      requireLists(deps, accountId, [...new Set(records.flatMap(({ plan }) => plan.listIds))]);
      for (const { plan, attribute, face, event } of records) {
        if (attribute) {
          storage.attributes.insert({ ...attribute, expire_time: attribute.create_time + ttlSeconds * 1000 });
        }
        if (face) {
          const key = storage.faces.insert(face.row);
          if (face.attribute) storage.faces.setAttribute(key, face.attribute, face.row.create_time);
          for (const listId of face.listIds) {
            storage.faces.link(listId, [key]);
            storage.lists.touch(listId, face.row.create_time);
          }
        }
        if (plan.storeEvent) storage.events.insert(event);
      }
      for (const row of rows) storage.outbox.append(row);
    });
  } catch (error) {
    await discardFiles(deps, files);
    throw error;
  }
  if (rows.length > 0) bus.publish('outbox.grown', {});
  const published = messages.filter((facts) => facts.published);
  if (published.length > 0) bus.publish('events.published', { events: published });
}
