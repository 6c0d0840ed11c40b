/** Stored events on the wire (LP5 8.2). */
import * as z from 'zod';
import { candidateTargets } from '#contract/candidates';
import { EventQuery } from '#contract/event-filters';
import { Order } from '#contract/paging';
import { Page, Targets, TimeOut, UuidOut } from '#contract/schemas';

export const eventTargets: readonly string[] = candidateTargets.events.filter((name) => name !== 'similarity');

const targets = Targets.meta({ description: `Any of ${eventTargets.join(', ')}.` });
export const EventItemQuery = z.object({ targets });
export const EventListQuery = EventQuery.extend(Page.shape).extend({ targets, order: Order });

const Text = z.string().nullable();
const Number01 = z.int().nullable();

export const EventRecord = z
  .object({
    event_id: UuidOut,
    account_id: UuidOut,
    handler_id: UuidOut,
    create_time: TimeOut,
    end_time: TimeOut,
    insert_time: TimeOut,
    external_id: z.string(),
    user_data: z.string(),
    source: Text,
    track_id: Text,
    stream_id: Text,
    tags: z.array(z.string()),
    meta: z.unknown(),
    location: z.object({
      city: Text,
      area: Text,
      district: Text,
      street: Text,
      house_number: Text,
      geo_position: z.object({ longitude: z.number(), latitude: z.number() }).nullable(),
    }),
    face_id: UuidOut.nullable(),
    attach_result: z.array(UuidOut).meta({ description: 'Lists the face was attached to.' }),
    gender: Number01,
    age: z.int().nullable(),
    emotion: z.int().nullable(),
    ethnic_group: z.int().nullable(),
    mask: z.int().nullable(),
    liveness: z.int().nullable(),
    deepfake: z.null(),
    top_match: z
      .object({
        label: z.string(),
        similarity: z.number(),
        face_id: UuidOut.nullable(),
        object_id: UuidOut,
        object_type: z.enum(['face', 'event', 'attribute']),
      })
      .nullable(),
    match_result: z.array(z.object({ label: z.string(), candidates: z.array(z.unknown()) })),
    face_detections: z.array(z.looseObject({ sample_id: UuidOut.nullable() })),
    body_detections: z.array(z.unknown()),
    body_basic_attributes: z.unknown(),
    basic_attributes: z.unknown(),
    upper_body: z.null(),
    lower_body: z.null(),
    accessories: z.null(),
  })
  .partial()
  .meta({
    id: 'EventRecord',
    description:
      'With `targets`, only the members asked for. Members of bodies and deepfakes are null: nothing estimates them.',
  });
export type EventRecord = z.infer<typeof EventRecord>;

export const Events = z.object({ events: z.array(EventRecord) }).meta({ id: 'Events' });
