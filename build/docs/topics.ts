/** `appliance/mqtt/TOPICS.md` from the topic map. usage: topics.ts > appliance/mqtt/TOPICS.md, or `npm run docs`. */
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { baseTopic, type Topic, topics } from '#contract/events/messages';
import { brokerLimits } from '../../appliance/mqtt/broker/broker.ts';
import { defaultOutboxLimits } from '../../engine/services/sender/outbox-feed.ts';

interface Schema {
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  description?: string;
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
}

const queuedMembers = ['schema', 'id', 'seq', 'boot', 'ts', 'sent_ts', 'late', 'clock', 'device'];

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.prefixItems) return `array of ${schema.prefixItems.length} numbers`;
  if (schema.type === 'array') return `array of ${typeOf(schema.items ?? {})}s`;
  if (schema.format === 'date-time') return 'RFC 3339 time, UTC, ms';
  if (schema.format === 'uuid') return 'UUID';
  if (schema.pattern) return 'slug';
  return [schema.type ?? 'any'].flat().join(' or ');
}

/** One row per member; members of objects below their object. */
function rowsOf(properties: Record<string, Schema>, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const object = [schema, ...(schema.anyOf ?? []), schema.items ?? {}].find((s) => s.properties);
    const row = `| \`${prefix}${name}\` | ${typeOf(schema)} | ${schema.description ?? ''} |`;
    const inner = schema.type === 'array' || schema.items ? `${prefix}${name}[].` : `${prefix}${name}.`;
    return [row, ...(object?.properties ? rowsOf(object.properties, inner) : [])];
  });
}

const days = (ms: number): number => ms / 86_400_000;

const table = (rows: readonly string[]): string => ['| Member | Type | Meaning |', '|---|---|---|', ...rows].join('\n');

function withoutQueued(properties: Record<string, Schema>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !queuedMembers.includes(name)));
}

function payloadOf(topic: Topic): string {
  const schema = z.toJSONSchema(topic.payload) as Schema;
  const members = topic.queued ? withoutQueued : (all: Record<string, Schema>) => all;
  if (schema.oneOf) {
    return schema.oneOf
      .map(({ properties = {} }) => {
        const { type, ...rest } = withoutQueued(properties);
        const name = `**\`${String(type?.const)}\`**${type?.description ? `: ${type.description}` : ''}`;
        return Object.keys(rest).length ? `${name}\n\n${table(rowsOf(rest))}` : name;
      })
      .join('\n\n');
  }
  if (schema.properties) return table(rowsOf(members(schema.properties)));
  return `Payload: ${typeOf(schema)}.`;
}

function sectionOf(topic: Topic): string {
  const facts = [
    topic.direction === 'out' ? 'from the appliance' : 'to the appliance',
    `QoS ${topic.qos}`,
    topic.retain ? 'retained' : 'not retained',
    topic.contentType,
    ...(topic.expirySeconds === null ? [] : [`expires after ${topic.expirySeconds} s (MQTT 5)`]),
    ...(topic.queued ? ['queued: at least once, in the order of `seq`'] : []),
  ];
  return `## \`${baseTopic}/<device>/${topic.path}\`\n\n${topic.description}\n\n*${facts.join('; ')}.*\n\n${payloadOf(topic)}\n`;
}

/** The page, as it is committed. */
export function topicsPage(): string {
  const queued = (z.toJSONSchema(topics.error.payload) as Schema).properties ?? {};
  const shared = Object.fromEntries(Object.entries(queued).filter(([name]) => queuedMembers.includes(name)));
  return `# MQTT topics

Made from \`engine/contract/events/messages.ts\` by \`npm run docs\`: change it there.

\`<device>\` is a random slug that the appliance gave itself at its first start; it stands in every message and in the
ready block. No topic tells who was seen. MQTT 5 brokers also get content type, message expiry and the user properties
\`schema\`, \`seq\` and \`device\`; with MQTT 3.1.1 the JSON says the same.

## What is promised

- An event and its message are written in one transaction, before the REST answer.
- Queued messages are delivered at least once; the first delivery of each is in the order of \`seq\`. Drop what you have
  seen by \`id\`. \`seq\` has no gaps: what is missing is told by an \`events_expired\` or a \`message_rejected\` of \`event/system\`.
- **External broker**: a message leaves the appliance when the broker acknowledges it. What happens then is the broker's.
- **Embedded broker** (MQTT 3.1.1 only; QoS 1): a message leaves the outbox when it stands, on the disk, in the queue of
  every session with \`clean = false\`, and leaves that queue when the subscriber acknowledges it. Keep one client id and
  connect with \`clean = false\` to miss nothing, also when the appliance ends without warning. Without a session of its own a
  subscriber gets what happens while it is connected. Clients may not publish.
- Bounds: the outbox keeps ${defaultOutboxLimits.messages} messages for ${days(defaultOutboxLimits.ageMs)} days. The embedded broker takes
  ${brokerLimits.clients} connections. It keeps ${brokerLimits.sessions} sessions, each with at most ${brokerLimits.subscriptions} subscriptions and ${brokerLimits.messages} messages, and forgets a
  session after ${days(brokerLimits.idleMs)} days without its client. When a session has to give up messages, its subscriber gets \`events_expired\`
  in the place, and with the \`seq\`, of the last of them.

## Members of every queued message

${table(rowsOf(shared))}

${Object.values<Topic>(topics).map(sectionOf).join('\n')}`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.stdout.write(topicsPage());
