/** Query, headers and answer of event generation (LP5 3.6). */
import * as z from 'zod';
import { limits } from '#contract/established/names';
import { policyDefaults } from '#contract/established/policy-defaults';
import { imageTypes, placeQuery } from '#contract/established/wire-names';
import { BasicAttributesOut, Detection, EmotionsOut, LivenessOut } from '#contract/pictures/estimation-view';
import { Exif, FilteredDetections, PictureStatus } from '#contract/pictures/picture-answers';
import { MatchedCandidate } from '#contract/records';
import { csv, Flag, orNull, queryNumber, Time, TimeOut, UuidOut } from '#contract/schemas';

const place = z.string().max(limits.locationPart).optional();

export const GenerateQuery = z.object({
  external_id: z.string().max(limits.externalId).default(''),
  user_data: z.string().max(limits.userData).default(''),
  image_type: queryNumber(z.int().min(imageTypes.raw).max(imageTypes.bodyWarp)).optional(),
  warped_image: Flag.optional().meta({ description: 'Older spelling of image_type 0 and 1.' }),
  aggregate_attributes: Flag.default(false),
  source: z.string().max(limits.source).optional(),
  tags: csv(z.string().min(1).max(limits.tag), limits.tagsPerEvent).optional(),
  track_id: z.string().max(limits.trackId).optional(),
  stream_id: z.string().max(limits.trackId).optional(),
  use_exif_info: Flag.default(policyDefaults.useExifInfo === 1),
  [placeQuery.city]: place,
  [placeQuery.area]: place,
  [placeQuery.district]: place,
  [placeQuery.street]: place,
  [placeQuery.houseNumber]: place,
  [placeQuery.longitude]: queryNumber(z.number().min(-180).max(180)).optional(),
  [placeQuery.latitude]: queryNumber(z.number().min(-90).max(90)).optional(),
});
export type GenerateQuery = z.output<typeof GenerateQuery>;

export const GenerateHeaders = z.object({
  'luna-event-time': Time.optional(),
  'luna-event-end-time': Time.optional(),
});
export type GenerateHeaders = z.output<typeof GenerateHeaders>;

export const Location = z
  .object({
    city: z.string().nullable(),
    area: z.string().nullable(),
    district: z.string().nullable(),
    street: z.string().nullable(),
    house_number: z.string().nullable(),
    geo_position: z.object({ longitude: z.number(), latitude: z.number() }).nullable(),
  })
  .meta({ id: 'EventLocation' });

export const FaceAttributesAnswer = z.object({
  attribute_id: UuidOut.nullable(),
  url: z.string().nullable(),
  score: z.number().nullable(),
  samples: z.array(UuidOut),
  basic_attributes: orNull(BasicAttributesOut),
});

export const FaceSampleAnswer = z.object({
  sample_id: UuidOut.nullable(),
  url: z.string().nullable(),
  detection: Detection,
});

export const GeneratedEvent = z
  .object({
    event_id: UuidOut,
    url: z.string().nullable(),
    external_id: z.string(),
    user_data: z.string(),
    source: z.string().nullable(),
    tags: z.array(z.string()),
    track_id: z.string().nullable(),
    meta: z.unknown().meta({ description: 'Any JSON: what came with the pictures.' }),
    location: Location,
    face: z
      .object({
        face_id: UuidOut,
        url: z.string(),
        external_id: z.string(),
        user_data: z.string(),
        avatar: z.string(),
        lists: z.array(UuidOut),
        event_id: UuidOut,
      })
      .nullable(),
    face_attributes: FaceAttributesAnswer.nullable(),
    body_attributes: z.null(),
    matches: z.array(z.object({ label: z.string(), candidates: z.array(MatchedCandidate) })),
    detections: z.array(
      z.object({
        filename: z.string(),
        detect_time: TimeOut,
        detect_ts: z.number().nullable(),
        image_origin: z.string().nullable(),
        samples: z.object({ face: FaceSampleAnswer, body: z.null() }),
      }),
    ),
    aggregate_estimations: z.object({
      face: z.object({
        attributes: z.object({ mask: z.null(), emotions: orNull(EmotionsOut), liveness: orNull(LivenessOut) }),
      }),
      body: z.object({
        attributes: z.object({ basic_attributes: z.null(), upper_body: z.null(), accessories: z.null() }),
      }),
    }),
  })
  .meta({
    id: 'GeneratedEvent',
    description: '`url`, `sample_id`, `attribute_id` and `face` are null for what is not stored.',
  });

export const GeneratedEventsAnswer = z
  .object({
    images: z.array(PictureStatus.extend({ exif: Exif })),
    events: z.array(GeneratedEvent),
    filtered_detections: FilteredDetections,
  })
  .meta({ id: 'GeneratedEvents' });
