/**
 * The appliance at work, in a minute: enrols faces of some photographs, shows it other pictures of the same people and
 * of strangers, prints REST answers and MQTT messages as they arrive, and leaves a picture with what was recognised.
 *
 * usage: npm run demo [-- --keep]     --keep leaves the list, the faces, the handlers and their events
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { connectAsync, type MqttClient } from 'mqtt';
import type { FaceEventMessage } from '#contract/events/messages';
import { findOrStartAppliance } from './appliance.ts';
import { annotate, asOtherCamera, cutFace, type Label } from './pictures.ts';
import { createRest, type DemoEvent } from './rest.ts';

const folder = 'node_modules/@vladmandic/face-api/demo';
/** All but the last face of each are enrolled; everybody on `strangers` stays unknown. */
const enrolled = ['sample3.jpg', 'sample6.jpg'];
const strangers = 'sample5.jpg';
const pictureFile = resolve('perigee-demo.jpg');
const mqttWaitMs = 10_000;

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
const read = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(folder, name)));
const percent = (similarity: number): string => `${(similarity * 100).toFixed(1)} %`;

/** Events of this run's handler as they come over MQTT, printed. */
async function listen(mqttUrl: string, isOurs: (handlerId: string) => boolean) {
  const client: MqttClient = await connectAsync(mqttUrl, {
    protocolVersion: 4,
    connectTimeout: 5000,
    reconnectPeriod: 0,
  });
  client.on('error', () => {});
  const arrived = new Map<string, number>();
  client.on('message', (topic, payload) => {
    const message = JSON.parse(payload.toString()) as FaceEventMessage;
    if (!isOurs(message.handler_id)) return;
    arrived.set(message.event_id, performance.now());
    const who =
      message.event_type === 'match' ? `${message.user_data} ${percent(message.similarity ?? 0)}` : 'nobody known';
    console.log(`  MQTT  ${topic}  seq ${message.seq}  ${message.event_type}: ${who}`);
  });
  await client.subscribeAsync('perigee/+/event/face', { qos: 1 });
  return { client, arrived };
}

function labelOf(event: DemoEvent): Label | undefined {
  const box = event.detections[0]?.samples.face?.detection.rect;
  const best = event.matches[0]?.candidates[0];
  const name = best?.face?.['user_data'];
  return box && { box, name: typeof name === 'string' ? name : null, similarity: best?.similarity ?? null };
}

const appliance = await findOrStartAppliance(process.env);
const rest = createRest(appliance.restUrl);
/** What the demo has made, by how to remove it again. */
const made: (() => Promise<unknown>)[] = [];
const makeHandler = async (description: string, policies: object): Promise<string> => {
  const { handler_id } = await rest.call('post', '/6/handlers', { json: { description, policies } });
  made.push(() => rest.call('delete', '/6/handlers/{handler_id}', { path: { handler_id } }));
  return handler_id;
};
let listener: Awaited<ReturnType<typeof listen>> | undefined;
try {
  const { list_id } = await rest.call('post', '/6/lists', { json: { user_data: 'Perigee demo' } });
  made.push(() => rest.call('delete', '/6/lists/{list_id}', { path: { list_id } }));
  const enrol = await makeHandler('Perigee demo: enrol', {
    detect_policy: { multiface_policy: 2 },
    storage_policy: {
      face_policy: { store_face: 1, link_to_lists_policy: [{ list_id }] },
      event_policy: { store_event: 0 },
      notification_policy: { send_notification: 0 },
    },
  });
  const recognise = await makeHandler('Perigee demo: recognise', {
    match_policy: [{ label: 'demo', candidates: { origin: 'faces', list_id }, threshold: 0.8, limit: 2 }],
  });
  listener = await listen(appliance.mqttUrl, (handlerId) => handlerId === recognise);
  const { arrived } = listener;

  console.log('\nEnrolling');
  let guests = 0;
  for (const name of enrolled) {
    const faces = await rest.detect(read(name));
    for (const face of faces.slice(0, -1)) {
      const person = `Guest ${String.fromCharCode(65 + guests++)}`;
      const [event] = await rest.emit(enrol, await cutFace(join(folder, name), face), { user_data: person });
      if (!event?.face) throw new Error(`no face was found in the cut of ${name}`);
      const { face_id } = event.face;
      made.push(() => rest.call('delete', '/6/faces/{face_id}', { path: { face_id } }));
      console.log(`  ${person} from ${name}`);
    }
  }

  console.log(
    '\nOther pictures: mirrored, smaller, darker; on each one person who was not enrolled, then only strangers',
  );
  const answered = new Map<string, number>();
  for (const name of [...enrolled, strangers]) {
    const picture = await asOtherCamera(join(folder, name));
    const startedAt = performance.now();
    const events = await rest.emit(recognise, picture, { source: name });
    const endedAt = performance.now();
    console.log(`  REST  ${name}: ${events.length} events in ${Math.round(endedAt - startedAt)} ms`);
    for (const { event_id } of events) answered.set(event_id, endedAt);
    const labels = events.flatMap((event) => labelOf(event) ?? []);
    for (const { name: who, similarity } of labels) {
      console.log(`          ${who ? `${who} ${percent(similarity ?? 0)}` : 'unknown'}`);
    }
    if (name === enrolled.at(-1)) await annotate(picture, labels, pictureFile);
  }

  const deadline = performance.now() + mqttWaitMs;
  while ([...answered.keys()].some((id) => !arrived.has(id)) && performance.now() < deadline) {
    await new Promise((done) => setTimeout(done, 20));
  }
  const missing = [...answered.keys()].filter((id) => !arrived.has(id));
  if (missing.length > 0) throw new Error(`${missing.length} of ${answered.size} events did not come over MQTT`);
  const slowest = Math.max(...[...answered].map(([id, at]) => (arrived.get(id) ?? at) - at));
  console.log(
    `\n${answered.size} events, all of them over MQTT, the last ${Math.max(0, Math.round(slowest))} ms after its answer`,
  );
  console.log(`Look at ${pictureFile}`);
} finally {
  await listener?.client.endAsync(true).catch(() => {});
  if (!values.keep) {
    for (const remove of made.reverse()) {
      await remove().catch((error: Error) => console.error(`could not be removed: ${error.message}`));
    }
  }
  await appliance.stop();
}
