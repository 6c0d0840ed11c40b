import { enumNumbers, nameOfNumber } from '#contract/established/names';
import { targetsOr } from '#contract/matching/candidate-targets';
import type { Candidate } from '#contract/matching/matches';
import { readRawDescriptor } from '#contract/matching/raw-descriptors';
import { pickTargets } from '#contract/matching/targets';
import { toTime } from '#contract/schemas';
import { vectorBytes } from '#domain/descriptor/descriptor';
import { emotionNames, type Liveness } from '#domain/face/estimation';
import { lunaError } from '#kernel/errors';
import type { DescriptorRow, NewEvent } from '#storage/rows';
import type { LabelledCandidates } from '../events/event-facts.ts';
import { topMatchOf } from '../events/event-record.ts';
import type { RawEvent } from './raw-events.schema.ts';

export interface RawEventOwner {
  accountId: string;
  handlerId: string;
  eventId: string;
  nowMs: number;
}

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

export function aggregateOf(raw: RawEvent) {
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

/** As a match policy would have found them: most similar first, with members that candidates have. */
export function matchesOf(raw: RawEvent): LabelledCandidates[] {
  return raw.matches.map(({ label, candidates }) => {
    const found = candidates
      .map(({ face, event, attribute, similarity }): Candidate => {
        if (face) return { face: pickTargets(face, targetsOr('faces', undefined)), similarity };
        if (event) return { event: pickTargets(event, targetsOr('events', undefined)), similarity };
        return { attribute: pickTargets(attribute ?? {}, targetsOr('attributes', undefined)), similarity };
      })
      .sort((a, b) => b.similarity - a.similarity);
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
      match_result: matchesOf(raw).map(({ label, shown }) => ({ label, candidates: shown })),
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

export function livenessOf(raw: RawEvent): Liveness | null {
  const { liveness } = aggregateOf(raw);
  if (!liveness) return null;
  const prediction = nameOfNumber(enumNumbers.liveness, liveness.prediction) as Liveness['prediction'];
  const { probability = null, quality = null } = liveness.estimations ?? {};
  return { prediction, probability, quality };
}
