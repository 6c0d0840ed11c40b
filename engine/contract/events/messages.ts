/**
 * Every MQTT topic of the appliance: direction, retain, QoS and payload. `appliance/mqtt/TOPICS.md` is generated from
 * here. A topic is `perigee/<device>/<path>`; it never tells who was seen, and no part of it is free text.
 */
import * as z from 'zod';
import { faceEventTypes } from '#domain/event/face-event';

export const baseTopic = 'perigee';
export const Slug = z.string().regex(/^[a-z0-9-]{1,64}$/);

const Time = z.string().meta({ format: 'date-time', example: '2026-03-05T10:20:30.123Z' });
const Id = z.string().meta({ format: 'uuid' });
const Unit = z.number().min(0).max(1);

/** Members of every message that waits in the outbox. `seq` counts all of them together and has no gaps. */
const queued = {
  schema: z.literal(1),
  id: Id.describe('Of this message (UUIDv7): drop what you have seen already'),
  seq: z.int().min(1).describe('Position among all queued messages of this device, without gaps, also over restarts'),
  boot: z.int().min(1).describe('Number of the start of the appliance that made the message'),
  ts: Time.describe('When it happened; of a face event: when the picture was taken'),
  sent_ts: Time.describe('When it was handed to the broker'),
  late: z.boolean().describe('Handed over more than 10 s after it was made, for instance because the broker was away'),
  clock: z
    .enum(['ntp', 'rtc', 'unsynced'])
    .describe('How far `ts` can be trusted: confirmed by a time service, only by the clock of the box, or not at all'),
  device: Slug,
};

export const FaceEventMessage = z.object({
  ...queued,
  source: z.string().nullable().describe('LP5 `source` of the request, for instance the name of a camera'),
  track_id: z.string().nullable(),
  event_type: z.enum(faceEventTypes).describe('A spoof is a spoof whoever it resembles'),
  event_id: Id.describe('LP5 event: `GET /6/events/{event_id}`'),
  handler_id: Id,
  face_id: Id.nullable().describe('The best match, where it is a face'),
  external_id: z.string().nullable().describe('Of the best match'),
  user_data: z.string().nullable().describe('Of the best match'),
  lists: z.array(z.object({ list_id: Id, name: z.string().optional() })).describe('That the best match is linked to'),
  label: z.string().nullable().describe('Match policy of the handler that found the best match'),
  similarity: Unit.nullable(),
  margin: Unit.nullable().describe(
    'Similarity of the best minus that of the second best; null when there is no second',
  ),
  threshold: Unit.nullable().describe('Of the match policy; null when nothing was compared'),
  quality: z
    .object({ light: Unit, dark: Unit, blurriness: Unit, illumination: Unit, specularity: Unit })
    .nullable()
    .describe('1 is good'),
  liveness: z
    .object({ prediction: z.enum(['real', 'spoof', 'unknown']), score: Unit.nullable(), quality: Unit.nullable() })
    .nullable(),
  attributes: z
    .object({
      gender: z.literal([0, 1]).nullable().describe('0 female, 1 male'),
      age: z.number().nullable().describe('Years'),
      emotion: z.string().nullable().describe('The strongest'),
      mask: z.int().nullable().describe('1 missing, 2 medical mask, 3 occluded'),
      glasses: z.int().nullable(),
      head_pose: z.object({ yaw: z.number(), pitch: z.number(), roll: z.number() }).nullable().describe('Degrees'),
    })
    .describe('Null is "not estimated"'),
  bbox: z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .nullable()
    .describe('`[x, y, width, height]` of the face in pixels of the picture'),
  size: z.tuple([z.int(), z.int()]).nullable().describe('`[width, height]` of the picture'),
  model: z.object({ detector: z.string().nullable(), descriptor: z.string().nullable() }),
});
export type FaceEventMessage = z.infer<typeof FaceEventMessage>;

/** What the appliance tells of itself. `type` says which further members there are. */
export const SystemEventMessage = z.discriminatedUnion('type', [
  z.object({ ...queued, type: z.literal('started') }),
  z.object({ ...queued, type: z.literal('stopped').describe('A clean stop; nothing is sent when the power fails') }),
  z.object({
    ...queued,
    type: z.literal('events_expired').describe('Messages were given up because too many waited too long'),
    from_seq: z.int(),
    to_seq: z.int().describe('Both ends belong to the gap'),
  }),
  z.object({
    ...queued,
    type: z.literal('message_rejected').describe('A message could not be handed over and was set aside'),
    rejected_seq: z.int().describe('Its `seq`: it will not come'),
    reason: z.string(),
  }),
]);
export type SystemEventMessage = z.infer<typeof SystemEventMessage>;

/** The members of a system event that follow from its type. */
export type SystemEvent =
  | { type: 'started' }
  | { type: 'stopped' }
  | { type: 'events_expired'; from_seq: number; to_seq: number }
  | { type: 'message_rejected'; rejected_seq: number; reason: string };

export const ErrorMessage = z.object({
  ...queued,
  code: z.string().describe('A word for programs'),
  message: z.string().describe('For people; without personal data'),
  hint: z.string().nullable().describe('What can be done about it'),
  ref: z.string().nullable().describe('What it is about: a `seq`, a request id'),
});
export type ErrorMessage = z.infer<typeof ErrorMessage>;

export const InfoMessage = z.object({
  schema: z.literal(1),
  device: Slug,
  boot_id: Id,
  boot_count: z.int().min(1),
  session_seq_start: z.int().min(1).describe('The first `seq` that this start of the appliance gave out'),
  product: z.string(),
  version: z.string(),
  slot: z.string().nullable().describe('Of the installed system image; null when not started from an image'),
  model: z.string().nullable().describe('Of the box; null when not known'),
  hw: z.object({ cpu: z.string().nullable(), accel: z.string().nullable().describe('Inference device in use') }),
  capabilities: z.array(z.string()),
  api_url: z.string(),
  time_source: z.enum(['ntp', 'rtc', 'unsynced']),
});
export type InfoMessage = z.infer<typeof InfoMessage>;

export const HealthMessage = z
  .object({
    ts: Time,
    uptime_s: z.int().describe('Of the appliance'),
    cpu: z.number().min(0).nullable().describe('Cores in use by the appliance since the message before'),
    rss_mb: z.number(),
    disk_free_mb: z.number().nullable(),
    temp_c: z.number().nullable(),
    outbox_pending: z.int(),
    oldest_pending_s: z.number().nullable(),
    infer_ms_p50: z.number().nullable(),
    infer_ms_p95: z.number().nullable(),
    clock_ok: z.boolean().describe('A time service has confirmed the clock'),
  })
  .describe('Null is "not measured"');
export type HealthMessage = z.infer<typeof HealthMessage>;

export interface Topic {
  /** Below `perigee/<device>/`. */
  readonly path: string;
  readonly direction: 'out' | 'in';
  readonly retain: boolean;
  readonly qos: 0 | 1;
  /** Rows of the outbox: at least once, in the order of `seq`. */
  readonly queued: boolean;
  readonly contentType: 'application/json' | 'text/plain';
  /** MQTT 5 message expiry; null: as long as the message would have waited in the outbox. */
  readonly expirySeconds: number | null;
  readonly payload: z.ZodType;
  readonly description: string;
}

const json = { direction: 'out', contentType: 'application/json', expirySeconds: null } as const;

export const topics = {
  availability: {
    ...json,
    path: 'availability',
    contentType: 'text/plain',
    retain: true,
    qos: 1,
    queued: false,
    payload: z.enum(['online', 'offline']),
    description:
      'Plain text. `online` after each connect, `offline` on a clean stop, and `offline` as the will of the ' +
      'connection to an external broker. The embedded broker ends together with the appliance: there, a lost connection says the same.',
  },
  info: {
    ...json,
    path: 'info',
    retain: true,
    qos: 1,
    queued: false,
    payload: InfoMessage,
    description: 'What the appliance is, after each connect.',
  },
  health: {
    ...json,
    path: 'health',
    retain: true,
    qos: 0,
    queued: false,
    expirySeconds: 90,
    payload: HealthMessage,
    description: 'How the appliance does, every 30 seconds.',
  },
  'event/face': {
    ...json,
    path: 'event/face',
    retain: false,
    qos: 1,
    queued: true,
    payload: FaceEventMessage,
    description: 'One event of a handler whose `notification_policy` let it pass. Committed before the REST answer.',
  },
  'event/system': {
    ...json,
    path: 'event/system',
    retain: false,
    qos: 1,
    queued: true,
    payload: SystemEventMessage,
    description: 'What happened to the appliance itself.',
  },
  error: {
    ...json,
    path: 'error',
    retain: false,
    qos: 1,
    queued: true,
    payload: ErrorMessage,
    description: 'Something that a person should look at.',
  },
} as const satisfies Record<string, Topic>;

export type MessageKind = keyof typeof topics;
export type QueuedKind = { [K in MessageKind]: (typeof topics)[K]['queued'] extends true ? K : never }[MessageKind];

export function isQueuedKind(kind: string): kind is QueuedKind {
  return Object.hasOwn(topics, kind) && topics[kind as MessageKind].queued;
}

/** The full topic name of a kind for a device. */
export function topicOf(deviceId: string, kind: MessageKind): string {
  return `${baseTopic}/${deviceId}/${topics[kind].path}`;
}

/** A message as a broker takes it. The MQTT 5 properties repeat what the JSON says, for brokers that can use them. */
export interface OutgoingMessage {
  topic: string;
  payload: string;
  qos: 0 | 1;
  retain: boolean;
  /** Of a queued message; null for state that is simply replaced by the next one. */
  seq: number | null;
  properties: { contentType: string; expirySeconds: number | null; userProperties: Record<string, string> };
}
