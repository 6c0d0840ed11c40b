/** Ready events that a client has made itself (LP5 3.8): the shape of generated events, without urls. */
import * as z from 'zod';
import { enumNumbers, limits } from '#contract/established/names';
import { numberOf } from '#contract/matching/candidates';
import { RawDescriptor } from '#contract/matching/raw-descriptors';
import { Flag, Link, Meta, Tag, Time, Uuid, UuidOut } from '#contract/schemas';
import { emotionNames } from '#domain/face/estimation';

const text = (max: number) => z.string().max(max);
const place = text(limits.locationPart).nullish();
const Unit = z.number().min(0).max(1);
const Rect = z.object({ x: z.int(), y: z.int(), width: z.int().min(0), height: z.int().min(0) });
/** What is stored of a detection is its box; of its other members subscribers get those that LP5 has, as they came. */
const Detection = z.looseObject({ rect: Rect });
const Scores = z.record(z.string().max(64), Unit).nullish();

const Candidate = z.object({
  face: z.looseObject({ face_id: Uuid.optional() }).optional(),
  event: z.looseObject({ event_id: Uuid.optional() }).optional(),
  attribute: z.looseObject({ attribute_id: Uuid.optional() }).optional(),
  similarity: Unit,
});

const Sample = z.object({ sample_id: Uuid.nullish(), detection: Detection.nullish() });

const AggregateAttributes = z.object({
  emotions: z
    .object({
      predominant_emotion: numberOf(enumNumbers.emotion).optional(),
      estimations: z.partialRecord(z.enum(emotionNames), Unit).optional(),
    })
    .nullish(),
  mask: z.object({ predominant_mask: numberOf(enumNumbers.mask), estimations: Scores }).nullish(),
  liveness: z
    .object({
      prediction: numberOf(enumNumbers.liveness),
      estimations: z.object({ probability: Unit.nullish(), quality: Unit.nullish() }).optional(),
    })
    .nullish(),
});

export const RawEvent = z
  .object({
    event_id: Uuid.optional(),
    create_time: Time.optional(),
    end_time: Time.optional(),
    external_id: text(limits.externalId).default(''),
    user_data: text(limits.userData).default(''),
    source: text(limits.source).nullish(),
    track_id: text(limits.trackId).nullish(),
    stream_id: text(limits.trackId).nullish(),
    tags: z.array(Tag).max(limits.tagsPerEvent).default([]),
    location: z
      .object({
        city: place,
        area: place,
        district: place,
        street: place,
        house_number: place,
        geo_position: z
          .object({ longitude: z.number().min(-180).max(180), latitude: z.number().min(-90).max(90) })
          .nullish(),
      })
      .nullish(),
    meta: Meta.optional(),
    face: z
      .object({ face_id: Uuid, lists: z.array(Uuid).max(limits.policyList).default([]) })
      .nullish()
      .meta({ description: 'A face that exists, and the lists it was linked to.' }),
    face_attributes: z
      .object({
        score: Unit.nullish(),
        basic_attributes: z
          .object({
            age: z.int().min(0).max(100).nullish(),
            gender: numberOf(enumNumbers.gender).nullish(),
            ethnicities: z
              .object({ predominant_ethnicity: numberOf(enumNumbers.ethnicGroup), estimations: Scores })
              .nullish(),
          })
          .nullish(),
        descriptors: z.array(RawDescriptor).max(4).default([]),
      })
      .nullish(),
    body_attributes: z.null().optional(),
    matches: z
      .array(z.object({ label: text(limits.label), candidates: z.array(Candidate).max(limits.resultCandidates) }))
      .max(limits.policyList)
      .default([]),
    detections: z
      .array(
        z.object({
          filename: text(255).optional(),
          detect_time: Time.optional(),
          detect_ts: z.number().nullish(),
          image_origin: Link.max(2048).nullish(),
          samples: z.object({ face: Sample.nullish(), body: z.null().optional() }),
        }),
      )
      .max(limits.rawEventDetections)
      .default([]),
    aggregate_estimations: z
      .object({
        face: z.object({ attributes: AggregateAttributes.default({}) }).optional(),
        body: z.unknown().optional(),
      })
      .optional(),
  })
  .meta({ id: 'RawEvent' });
export type RawEvent = z.output<typeof RawEvent>;

const RawEventList = z.array(RawEvent).min(1).max(limits.rawEvents);

/** An array, an object around it, or one event. */
export const RawEventsBody = z
  .preprocess((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return 'events' in value ? value.events : [value];
  }, RawEventList)
  .meta({
    id: 'RawEvents',
    example: [
      {
        external_id: 'badge-17',
        source: 'lift',
        tags: ['imported'],
        face_attributes: { basic_attributes: { age: 34, gender: 1 } },
      },
    ],
  });

export const RawEventsQuery = z.object({
  wait_saving: Flag.default(true).describe('Taken as LP5 does; the answer waits for the disk in both cases.'),
});

export const RawEventsAnswer = z
  .object({ events: z.array(z.object({ event_id: UuidOut, url: z.string() })) })
  .meta({ id: 'RawEventsCreated' });
