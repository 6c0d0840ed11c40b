import { enumNumbers } from '#contract/established/names';
import type { Candidate } from '#contract/matching/matches';
import {
  basicAttributesView,
  detectionView,
  emotionsView,
  livenessView,
  rectView,
} from '#contract/pictures/estimation-view';
import { toTime } from '#contract/schemas';
import { vectorBytes } from '#domain/descriptor/descriptor';
import { livenessNumbers } from '#domain/face/detection-rules';
import type { AttributeData, AttributeRow, DescriptorRow, EventColumns, FaceRow, NewEvent } from '#storage/rows';
import { answerEvent, sampleAnswer, sampleUrl } from './event-answer.ts';
import type { EventFacts, EventRequest, LabelledCandidates } from './event-facts.ts';
import { predominantEmotion } from './filters.ts';
import type { EventPlan } from './plan.ts';

/** Ids and urls that staging gave, and what the plan says is made. Null: not stored. */
export interface EventIds {
  eventId: string;
  faceId: string | null;
  attributeId: string | null;
  /** Per detection. */
  sampleIds: (string | null)[];
  /** Per detection: LP5 `image_origin`. */
  origins: (string | null)[];
}

/** One event as it is stored and as it is answered. */
export interface EventRecord {
  plan: EventPlan;
  facts: EventFacts;
  ids: EventIds;
  attribute: Omit<AttributeRow, 'expire_time'> | null;
  face: { row: Omit<FaceRow, 'face_key'>; attribute: AttributeData | null; listIds: string[] } | null;
  /** As its row has it, also when the plan does not store it. */
  event: NewEvent;
  /** An element of `events` (LP5 3.6). */
  answer: EventAnswer;
}
export type EventAnswer = ReturnType<typeof answerOf>;

function descriptorRows({ aggregate: { descriptor } }: EventFacts): DescriptorRow[] {
  if (descriptor === null) return [];
  return [{ version: descriptor.version, score: descriptor.score, vector: vectorBytes(descriptor.vector) }];
}

function attributeData(facts: EventFacts, ids: EventIds): AttributeData {
  const samples = ids.sampleIds.filter((id) => id !== null);
  const { basicAttributes, descriptor } = facts.aggregate;
  return {
    age: basicAttributesView(basicAttributes)?.age ?? null,
    gender: basicAttributes?.gender ?? null,
    ethnic_group: null,
    basic_attributes_samples: basicAttributes ? samples : [],
    face_descriptor_samples: descriptor ? samples : [],
    descriptors: descriptorRows(facts),
  };
}

/** The most similar candidate over all labels; the earlier label on a tie. */
export function topMatchOf(
  matches: readonly LabelledCandidates[],
): Pick<EventColumns, 'top_label' | 'top_similarity' | 'top_object_id' | 'top_object_type' | 'top_external_id'> {
  let top: { label: string; candidate: Candidate } | null = null;
  for (const { label, found } of matches) {
    const [candidate] = found;
    if (candidate && (top === null || candidate.similarity > top.candidate.similarity)) top = { label, candidate };
  }
  const object = top && objectOf(top.candidate);
  return {
    top_label: top?.label ?? null,
    top_similarity: top?.candidate.similarity ?? null,
    top_object_id: object?.id ?? null,
    top_object_type: object?.type ?? null,
    top_external_id: object?.externalId ?? null,
  };
}

/** Whom a candidate stands for. */
export function objectOf(candidate: Candidate) {
  for (const type of ['face', 'event', 'attribute'] as const) {
    const members = candidate[type];
    if (!members) continue;
    const text = (name: string): string => (typeof members[name] === 'string' ? members[name] : '');
    const id = text(`${type}_id`);
    return { type, id: id || null, externalId: text('external_id') || null, userData: text('user_data'), members };
  }
  return null;
}

function eventRow(request: EventRequest, plan: EventPlan, facts: EventFacts, ids: EventIds, nowMs: number): NewEvent {
  const { location, tags: _tags, meta, ...said } = request;
  const { basicAttributes, emotions, liveness } = facts.aggregate;
  return {
    event_id: ids.eventId,
    account_id: said.accountId,
    handler_id: said.handlerId,
    create_time: said.createTimeMs,
    end_time: said.endTimeMs,
    insert_time: nowMs,
    external_id: said.externalId,
    user_data: said.userData,
    source: said.source,
    track_id: said.trackId,
    stream_id: said.streamId,
    face_id: ids.faceId,
    gender: basicAttributes?.gender ?? null,
    age: basicAttributesView(basicAttributes)?.age ?? null,
    emotion: emotions && enumNumbers.emotion[predominantEmotion(emotions)],
    ethnic_group: null,
    mask: null,
    liveness: liveness && livenessNumbers[liveness.prediction],
    ...topMatchOf(facts.matches),
    city: location.city,
    area: location.area,
    district: location.district,
    street: location.street,
    house_number: location.houseNumber,
    longitude: location.longitude,
    latitude: location.latitude,
    document: {
      tags: plan.tags,
      attach_result: plan.listIds,
      match_result: facts.matches.map(({ label, shown }) => ({ label, candidates: shown })),
      face_detections: facts.detections.map(({ picture, face }, i) => ({
        sample_id: ids.sampleIds[i] ?? null,
        image_origin: ids.origins[i] ?? null,
        detect_time: toTime(picture.detectTimeMs ?? said.createTimeMs),
        detect_ts: picture.detectTs,
        detection: { rect: rectView(face.rect) },
      })),
      body_detections: [],
      meta: meta ?? null,
    },
    descriptors: descriptorRows(facts),
  };
}

function answerOf(event: NewEvent, plan: EventPlan, facts: EventFacts, ids: EventIds) {
  const { aggregate } = facts;
  const basicAttributes = basicAttributesView(aggregate.basicAttributes);
  return answerEvent(event, {
    stored: plan.storeEvent,
    tags: plan.tags,
    meta: event.document.meta,
    face: {
      externalId: event.external_id,
      userData: event.user_data,
      avatar: avatarOf(plan, ids.sampleIds[0]),
      lists: plan.listIds,
      eventId: event.event_id,
    },
    faceAttributes:
      aggregate.descriptor === null && basicAttributes === null
        ? null
        : {
            attribute_id: ids.attributeId,
            url: ids.attributeId && `/6/attributes/${ids.attributeId}`,
            score: aggregate.descriptor?.score ?? null,
            samples: ids.sampleIds.filter((id) => id !== null),
            basic_attributes: basicAttributes,
          },
    matches: facts.matches.map(({ label, shown }) => ({ label, candidates: shown })),
    detections: facts.detections.map(({ picture, face, faceQuality }, i) => ({
      filename: picture.filename,
      detectTimeMs: picture.detectTimeMs,
      detectTs: picture.detectTs,
      imageOrigin: ids.origins[i] ?? null,
      face: sampleAnswer(ids.sampleIds[i] ?? null, detectionView(face, faceQuality)),
    })),
    estimations: {
      mask: null,
      emotions: emotionsView(aggregate.emotions),
      liveness: livenessView(aggregate.liveness),
    },
  });
}

/** LP5 `set_sample_as_avatar`: the first sample, when samples are stored. */
function avatarOf(plan: EventPlan, sampleId: string | null | undefined): string {
  return plan.avatar && sampleId ? sampleUrl(sampleId) : '';
}

/** Pure: what is written and answered of one event, once its files have their ids. */
export function recordEvent(
  request: EventRequest,
  plan: EventPlan,
  facts: EventFacts,
  ids: EventIds,
  nowMs: number,
): EventRecord {
  const { aggregate } = facts;
  const hasAttributes = aggregate.descriptor !== null || aggregate.basicAttributes !== null;
  const attribute = hasAttributes ? attributeData(facts, ids) : null;
  const owner = { account_id: request.accountId, create_time: nowMs };
  const event = eventRow(request, plan, facts, ids, nowMs);
  return {
    plan,
    facts,
    ids,
    attribute: ids.attributeId && attribute ? { ...attribute, ...owner, attribute_id: ids.attributeId } : null,
    face:
      ids.faceId === null
        ? null
        : {
            row: {
              ...owner,
              face_id: ids.faceId,
              event_id: ids.eventId,
              user_data: request.userData,
              external_id: request.externalId,
              avatar: avatarOf(plan, ids.sampleIds[0]),
            },
            attribute,
            listIds: plan.listIds,
          },
    event,
    answer: answerOf(event, plan, facts, ids),
  };
}
