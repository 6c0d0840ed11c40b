import type { Candidate } from '#contract/matches';
import { enumNumbers } from '#contract/names';
import { readRawDescriptor } from '#contract/raw-descriptors';
import { toTime } from '#contract/schemas';
import { vectorBytes } from '#domain/descriptor';
import { type BasicAttributes, type Emotions, emotionNames, type Liveness, type Rect } from '#domain/estimation';
import type { EventLocation, FaceEventFacts } from '#domain/face-event';
import { lunaError } from '#kernel/errors';
import type { DescriptorRow, NewEvent } from '#storage/rows';
import { topMatchOf } from '../events/event-record.ts';
import { type ListName, labelMatches } from '../events/face-event-facts.ts';
import type { RawEvent } from './raw-events.schema.ts';

export interface RawEventOwner {
  accountId: string;
  handlerId: string;
  requestId: string;
  eventId: string;
  nowMs: number;
}

const predictions = ['spoof', 'real', 'unknown'] as const;

function descriptorRows(raw: RawEvent): DescriptorRow[] {
  const { descriptors = [], score = null } = raw.face_attributes ?? {};
  const rows = descriptors.map((given, i) => {
    const { version, vector } = readRawDescriptor({ ...given, id: given.id || `descriptors.${i}` });
    return { version, score, vector: vectorBytes(vector) };
  });
  if (new Set(rows.map(({ version }) => version)).size < rows.length) {
    throw lunaError('BadJson', { path: 'face_attributes.descriptors', message: 'several descriptors of one version' });
  }
  return rows;
}

function aggregateOf(raw: RawEvent) {
  return raw.aggregate_estimations?.face?.attributes ?? {};
}

/** The number of the named emotion, else of the strongest. */
function emotionOf(raw: RawEvent): number | null {
  const { emotions } = aggregateOf(raw);
  if (emotions?.predominant_emotion !== undefined) return emotions.predominant_emotion;
  const scores = emotions?.estimations;
  const named = emotionNames.filter((name) => scores?.[name] !== undefined);
  const [first] = named;
  if (!scores || first === undefined) return null;
  return enumNumbers.emotion[
    named.reduce((best, name) => ((scores[name] ?? 0) > (scores[best] ?? 0) ? name : best), first)
  ];
}

function matchesOf(raw: RawEvent) {
  return raw.matches.map(({ label, candidates }) => {
    const found = candidates.toSorted((a, b) => b.similarity - a.similarity) as Candidate[];
    return { label, threshold: 0, found, shown: found };
  });
}

/** Throws what `readRawDescriptor` throws. */
export function recordRawEvent(raw: RawEvent, owner: RawEventOwner): NewEvent {
  const createTime = raw.create_time ?? owner.nowMs;
  const basic = raw.face_attributes?.basic_attributes;
  const aggregate = aggregateOf(raw);
  const { city, area, district, street, house_number, geo_position } = raw.location ?? {};
  return {
    event_id: owner.eventId,
    account_id: owner.accountId,
    handler_id: owner.handlerId,
    create_time: createTime,
    end_time: raw.end_time ?? createTime,
    insert_time: owner.nowMs,
    external_id: raw.external_id,
    user_data: raw.user_data,
    source: raw.source ?? null,
    track_id: raw.track_id ?? null,
    stream_id: raw.stream_id ?? null,
    face_id: raw.face?.face_id ?? null,
    gender: basic?.gender ?? null,
    age: basic?.age ?? null,
    emotion: emotionOf(raw),
    ethnic_group: basic?.ethnicities?.predominant_ethnicity ?? null,
    mask: aggregate.mask?.predominant_mask ?? null,
    liveness: aggregate.liveness?.prediction ?? null,
    ...topMatchOf(matchesOf(raw)),
    city: city ?? null,
    area: area ?? null,
    district: district ?? null,
    street: street ?? null,
    house_number: house_number ?? null,
    longitude: geo_position?.longitude ?? null,
    latitude: geo_position?.latitude ?? null,
    document: {
      tags: [...new Set(raw.tags)],
      attach_result: raw.face?.lists ?? [],
      match_result: raw.matches,
      face_detections: raw.detections
        .filter(({ samples }) => samples.face)
        .map(({ samples, image_origin, detect_time, detect_ts }) => ({
          sample_id: samples.face?.sample_id ?? null,
          image_origin: image_origin ?? null,
          detect_time: toTime(detect_time ?? createTime),
          detect_ts: detect_ts ?? null,
          detection: samples.face?.detection ? { rect: samples.face.detection.rect } : null,
        })),
      body_detections: [],
      meta: raw.meta ?? null,
    },
    descriptors: descriptorRows(raw),
  };
}

function rectOf(raw: RawEvent): Rect | null {
  const rects = raw.detections.flatMap(({ samples }) => samples.face?.detection?.rect ?? []);
  return rects.reduce<Rect | null>(
    (best, one) => (best && best.width * best.height >= one.width * one.height ? best : one),
    null,
  );
}

function livenessOf(raw: RawEvent): Liveness | null {
  const { liveness } = aggregateOf(raw);
  const prediction = liveness && predictions[liveness.prediction];
  if (!prediction) return null;
  const { probability = null, quality = null } = liveness.estimations ?? {};
  return { prediction, probability, quality };
}

/** What the Sender is told of a raw event. The picture's size is not known: the box is given without it. */
export function rawEventFacts(
  raw: RawEvent,
  event: NewEvent,
  owner: RawEventOwner,
  deps: { published: boolean; nameOf: ListName },
): FaceEventFacts {
  const rect = rectOf(raw);
  const { age, gender } = event;
  const known = age !== null && gender !== null;
  const basic: BasicAttributes | null = known ? { age, gender: gender as 0 | 1, maleProbability: gender } : null;
  const scores = aggregateOf(raw).emotions?.estimations;
  const whole = emotionNames.every((name) => scores?.[name] !== undefined);
  const location: EventLocation = {
    city: event.city,
    area: event.area,
    district: event.district,
    street: event.street,
    houseNumber: event.house_number,
    longitude: event.longitude,
    latitude: event.latitude,
  };
  return {
    eventId: owner.eventId,
    accountId: owner.accountId,
    handlerId: owner.handlerId,
    requestId: owner.requestId,
    createTimeMs: event.create_time,
    endTimeMs: event.end_time,
    captureTimeMs:
      raw.detections.find(({ detect_time }) => detect_time !== undefined)?.detect_time ?? event.create_time,
    published: deps.published,
    stored: true,
    source: event.source,
    trackId: event.track_id,
    streamId: event.stream_id,
    externalId: event.external_id,
    userData: event.user_data,
    tags: event.document.tags,
    location,
    createdFaceId: null,
    face: rect && {
      rect,
      pictureWidth: 0,
      pictureHeight: 0,
      detectionScore: null,
      descriptorScore: raw.face_attributes?.score ?? null,
      quality: null,
      headPose: null,
      eyes: null,
    },
    attributes: {
      basic,
      emotions: whole ? (scores as Emotions) : null,
      ethnicGroup: event.ethnic_group,
      mask: event.mask,
    },
    liveness: livenessOf(raw),
    matches: labelMatches(matchesOf(raw), deps.nameOf),
    models: { detector: null, descriptor: null },
    answer: { ...raw, event_id: owner.eventId, url: `/6/events/${owner.eventId}` },
  };
}
