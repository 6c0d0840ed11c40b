/** Stored faces, events and temporary attributes as they are answered: by themselves (LP5 5.1, 8.2) and as candidates (7). */
import * as z from 'zod';
import { boundlessTargets } from './matching/candidate-targets.ts';
import { TimeOut, UuidOut } from './schemas.ts';

/**
 * Who chooses the members of an answer: the request's own `targets`, without which every member is there, or the
 * `targets` of a policy, which the request does not show.
 */
export const chosenBy = (who: 'request' | 'policy') => ({ 'x-luna-targets': who });

const Text = z.string().nullable();
const Number01 = z.int().nullable();

export const Face = z
  .object({
    face_id: UuidOut,
    account_id: UuidOut,
    event_id: UuidOut.nullable(),
    user_data: z.string(),
    create_time: TimeOut,
    external_id: z.string(),
    avatar: z.string(),
    lists: z.array(UuidOut),
  })
  .partial()
  .meta({ id: 'Face', description: 'With `targets`, only the members asked for.', ...chosenBy('request') });
export type Face = z.infer<typeof Face>;

/** Of raw events these are as the client sent them, of others as the policy's `targets` chose. */
const KeptCandidate = z.object({
  face: z.looseObject({ face_id: UuidOut.optional() }).optional(),
  event: z.looseObject({ event_id: UuidOut.optional() }).optional(),
  attribute: z.looseObject({ attribute_id: UuidOut.optional() }).optional(),
  similarity: z.number(),
});

/** Nothing estimates bodies. */
const NoBody = z.object({ apparent_age: z.null(), apparent_gender: z.null() });

const eventMembers = {
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
  meta: z.unknown().meta({ description: 'Any JSON: what came with the pictures.' }),
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
  match_result: z.array(z.object({ label: z.string(), candidates: z.array(KeptCandidate) })),
  face_detections: z.array(
    z.object({
      sample_id: UuidOut.nullable(),
      image_origin: Text,
      detect_time: TimeOut,
      detect_ts: z.number().nullable(),
      detection: z
        .object({ rect: z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() }) })
        .nullable()
        .meta({ description: 'Null when a raw event told none.' }),
    }),
  ),
  body_detections: z.array(z.unknown()).max(0),
  body_basic_attributes: NoBody,
  basic_attributes: NoBody,
  upper_body: z.null(),
  lower_body: z.null(),
  accessories: z.null(),
};

export const EventRecord = z
  .object(eventMembers)
  .partial()
  .meta({
    id: 'EventRecord',
    description:
      'With `targets`, only the members asked for. Members of bodies and deepfakes are null: nothing estimates them.',
    ...chosenBy('request'),
  });
export type EventRecord = z.infer<typeof EventRecord>;

const EventCandidate = z
  .object(eventMembers)
  .partial()
  .meta({
    id: 'EventCandidate',
    description: `An event as a candidate. ${boundlessTargets.join(' and ')} only when \`targets\` names them.`,
    ...chosenBy('request'),
    'x-luna-by-name-only': boundlessTargets,
  });

/** What is known of a person without a picture: given by the client, or estimated. */
export const KnownAttributes = z.object({
  age: z.int().nullable(),
  gender: z.int().nullable(),
  ethnicities: z
    .object({ predominant_ethnicity: z.enum(['african_american', 'indian', 'asian', 'caucasian']) })
    .nullable(),
});

const AttributeRecord = z
  .object({
    attribute_id: UuidOut,
    account_id: UuidOut,
    create_time: TimeOut,
    basic_attributes: KnownAttributes.nullable(),
    basic_attributes_samples: z.array(UuidOut),
    face_descriptor_samples: z.array(UuidOut),
  })
  .partial()
  .meta({
    id: 'AttributeRecord',
    description: 'A temporary attribute as a candidate. With `targets`, only the members asked for.',
    ...chosenBy('request'),
  });

const candidateMembers = {
  face: Face.optional(),
  event: EventCandidate.optional(),
  attribute: AttributeRecord.optional(),
  similarity: z.number().meta({ description: '0..1, rounded to 6 digits.' }),
};

/** One object that was compared: the member of its origin, and how similar it is. */
export const Candidate = z.object(candidateMembers).meta({ id: 'Candidate' });

/** A candidate that a policy's `candidates.targets` chose the members of. */
export const MatchedCandidate = z
  .object(candidateMembers)
  .meta({ id: 'MatchedCandidate', description: 'Members as the `targets` of the policy say.', ...chosenBy('policy') });

/** A candidate a face was verified against. */
export const Verification = z.object({ status: z.boolean(), ...candidateMembers }).meta({ id: 'Verification' });
