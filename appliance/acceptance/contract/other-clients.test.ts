/**
 * The public clients of LP5 whose code could be read: their own requests, and their own classes over the answers
 * (`clients/`). What of them cannot run here is a test, too.
 */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type * as z from 'zod';
import { openApplianceInProcess } from '../openapi/appliance-in-process.ts';
import { readFlowPictures } from '../openapi/flows/pictures.ts';
import * as bot from './clients/bot.ts';
import * as consoleApp from './clients/console.ts';
import * as script from './clients/detector-script.ts';
import * as java from './clients/java-service.ts';
import * as kotlin from './clients/kotlin-service.ts';
import { parses } from './clients/parses.ts';
import { type Answered, createClient, makeOneOfEach } from './one-of-each.ts';

const appliance = await openApplianceInProcess();
const pictures = await readFlowPictures();
const owner = await makeOneOfEach(appliance, pictures, 'owner@site.com');
const { call, ids, accountId } = owner;
const faceId = ids['face_id'] as string;
const listId = ids['list_id'] as string;

/** What the client reads of an answer that it gets to parse, since none of them reads past a status of 400. */
function read<Model extends z.ZodType>(what: string, model: Model, { status, body }: Answered): z.output<Model> {
  assert.ok(status < 300, `${what}: ${status} ${JSON.stringify(body)}`);
  return parses(what, model, body);
}
const queryOf = (query: object): string =>
  new URLSearchParams(
    Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
  ).toString();

const clients = suite('public clients');
clients.after(() => appliance.close());

const sent = bot.requestHeaders(Math.floor(Date.now() / 1000), randomUUID());
/** The faces that the bot takes from the answer behind a button. */
async function press(button: keyof typeof bot.sdkQueries) {
  const answer = await call('POST', `/6/sdk?${queryOf(bot.sdkQueries[button])}`, pictures.photo, sent);
  assert.is(answer.headers.get('luna-request-id'), sent['Luna-Request-Id']);
  const { images_estimations } = read(button, bot.Sdk, answer);
  return images_estimations.flatMap(({ estimations }) => estimations).flatMap(({ face }) => (face ? [face] : []));
}

clients(
  'the bot: faces of /sdk with what it shows of them, the eye distance of /iso, two pictures compared',
  async () => {
    assert.is((await press('faces')).length, 1);
    assert.ok((await press('liveness'))[0]?.attributes.liveness, 'liveness');
    assert.ok((await press('quality'))[0]?.detection.quality, 'quality');
    const [shown] = await press('attributes');
    assert.ok(shown?.attributes.emotions && shown.attributes.head_pose, 'beside what is not estimated');
    assert.equal([shown.attributes.face_occlusion, shown.attributes.deepfake], [null, null]);
    for (const button of ['deepfake', 'image modification', 'crowd'] as const) await press(button);
    const [described] = await press('compare');
    const descriptor = described?.attributes.descriptor?.sdk_descriptor ?? '';
    const compared = await call('POST', '/6/matcher/raw', bot.rawMatch(descriptor, descriptor), sent);
    assert.ok((read('matcher/raw', bot.RawMatch, compared).matches[0]?.matches[0]?.similarity ?? 0) > 0.99);
    const iso = await call('POST', `/6/iso?${queryOf(bot.isoQuery)}`, pictures.photo, sent);
    const checks = read('iso', bot.Iso, iso).images[0]?.estimations[0]?.face.detection.iso.checks ?? [];
    assert.ok((checks.find(({ name }) => name === 'eye_distance')?.object_value as number) > 0, 'the eye distance');
  },
);

clients(
  'the bot: buttons for what no network estimates are answered without it, those for bodies are refused',
  async () => {
    const [seen] = await press('attributes');
    for (const name of ['head_pose', 'emotions', 'eyes_attributes', 'mouth_attributes'] as const) {
      assert.ok(seen?.attributes[name], name);
    }
    for (const name of ['mask', 'glasses', 'face_occlusion', 'deepfake'] as const) {
      assert.is(seen?.attributes[name] ?? null, null, name);
    }
    assert.is((await press('deepfake'))[0]?.attributes.deepfake ?? null, null);
    for (const button of ['image modification', 'crowd'] as const) assert.equal(await press(button), [], button);
    for (const button of ['attributes of bodies', 'bodies'] as const) {
      const refused = await call('POST', `/6/sdk?${queryOf(bot.sdkQueries[button])}`, pictures.photo, sent);
      assert.equal([refused.status, refused.body.error_code], [403, 11044], button);
    }
  },
);

clients('the console: events by every filter of its form, lists, handlers, and what it opens of them', async () => {
  const sent = consoleApp.headers(accountId);
  const get = (target: string) => call('GET', target, undefined, sent);
  const known = { handlerId: ids['handler_id'] as string, faceId, now: Date.now() };
  for (const filter of consoleApp.filters(known)) {
    for (const order of ['desc', 'asc']) {
      const query = queryOf({ page: 1, page_size: 100, order, ...filter });
      read(query, consoleApp.Events, await get(`/6/events?${query}`));
    }
  }
  const { events } = read(
    'events',
    consoleApp.Events,
    await get(`/6/events?page=1&page_size=10&order=desc&sources=gate`),
  );
  assert.equal(
    events.map(({ event_id }) => event_id),
    [ids['event_id']],
  );
  const event = read('event', consoleApp.Event, await get(`/6/events/${ids['event_id']}`));
  const sample = event.face_detections?.[0]?.sample_id as string;
  assert.ok(read('lists', consoleApp.Lists, await get(consoleApp.listsPath)).lists.length > 0);
  assert.ok(read('handlers', consoleApp.Handlers, await get(consoleApp.handlersPath)).handlers.length > 0);
  read('handler', consoleApp.Handler, await get(`/6/handlers/${event.handler_id}`));
  assert.is(read('face', consoleApp.Face, await get(`/6/faces/${faceId}`)).face_id, faceId);
  const found = [];
  for (const target of consoleApp.samplePaths(sample)) {
    found.push(
      (await appliance.send(target, { headers: { ...owner.credentials, ...sent } })).headers.get('content-type'),
    );
  }
  assert.equal(found, ['application/json', 'image/jpeg', 'application/json'], 'the second place that it tries');
  const origin = await appliance.send(`/6/images/${ids['/6/images/{id}']}`, {
    headers: { ...owner.credentials, ...sent },
  });
  assert.is(origin.headers.get('content-type'), 'image/jpeg');
});

clients('the Kotlin service: upload, search by the descriptor, an array from the extractor, the face', async () => {
  const upload = new FormData();
  upload.append('image', new Blob([pictures.photo], { type: 'image/jpeg' }), 'upload.jpg');
  const detected = await call('POST', '/6/detector', upload);
  read('detector', kotlin.Images, detected);
  const estimated = read('sdk', kotlin.ImagesEstimationsOfObjects, await call('POST', kotlin.sdkPath, upload));
  const detection = estimated.images_estimations[0]?.estimations?.[0]?.face?.detection;
  assert.ok(detection?.warp);
  const sampleIds = [detected.body.images[0].detections.samples[0].face.sample_id];
  const sdkDescriptor = detection?.attributes?.descriptor?.sdk_descriptor as string;
  const search = async (externalId: string | null) => {
    const body = kotlin.searchBody({ sampleIds, sdkDescriptor, lists: [listId], externalId });
    const [match] = read('search', kotlin.Matches, await call('POST', '/6/matcher/faces', body));
    return match?.matches?.map(({ result }) => result?.[0]) ?? [];
  };
  const known = await search(null);
  assert.ok(known.length === 2 && known.every((found) => (found?.similarity ?? 0) > 0.99));
  const extracted = read('extractor', kotlin.Extracted, await call('POST', kotlin.extractorPath, sampleIds));
  assert.equal(
    extracted.map(({ samples }) => samples),
    [sampleIds],
  );
  const [first] = extracted;
  const attribute = { attribute_id: first?.attribute_id as string, url: first?.url as string };
  const made = read('face', kotlin.CreatedFace, await call('POST', '/6/faces', kotlin.faceBody(attribute, [listId])));
  const faces = read('faces', kotlin.Faces, await call('GET', `/6/faces?external_ids=k-1&face_ids=${made.face_id}`));
  assert.equal([faces.faces?.length, faces.faces?.[0]?.avatar], [1, attribute.url]);
  assert.is((await search('k-1'))[1]?.face?.face_id, made.face_id);
});

clients('the Kotlin service: what it cannot read here, nor of LP5 as the other clients know it', async () => {
  const sdk = await call('POST', kotlin.sdkPath, pictures.photo);
  assert.match(kotlin.ImagesEstimations.safeParse(sdk.body).error?.message ?? '', 'expected array');
  const count = await call('GET', '/6/faces/count?external_ids=b-1');
  assert.match(kotlin.Count.safeParse(count.body).error?.message ?? '', 'expected number');
  const camelCase = (name: string) => name.replace(/_./g, ([, letter = '']) => letter.toUpperCase());
  const person = { sampleIds: ['a'], sdkDescriptor: 'ZHAAAA==', lists: [listId], externalId: 'b-1' };
  const refused = await call('POST', '/6/matcher/faces', kotlin.searchBody(person, camelCase));
  assert.equal([refused.status, refused.body.error_code], [400, 12022], 'filters are not left out in silence');
  assert.match(refused.body.detail, 'listId');
  const behindGateway = await call('GET', '/api/lp5/6/faces');
  assert.equal([behindGateway.status, behindGateway.body.error_code], [404, 12013], 'the gateway takes /api/lp5 away');
});

clients('the Java service: faces from pictures, two of them compared, a picture verified against both', async () => {
  const service = createClient(appliance, {});
  const post = (target: string, body: unknown) =>
    service.call(
      'POST',
      target,
      body,
      java.headers(accountId, body === pictures.photo ? 'image/jpeg' : 'application/json'),
    );
  const policies = {
    detect_policy: { estimate_quality: 1 },
    storage_policy: { face_policy: { store_face: 1 } },
  };
  const { handler_id } = (await call('POST', '/6/handlers', { policies })).body;
  const externalId = randomUUID();
  const create = async () =>
    read('events', java.FaceIdResponse, await post(java.createPath(handler_id, externalId), pictures.photo));
  const [passport, selfie] = [await create(), await create()].map(({ events }) => events?.[0]);
  assert.is(passport?.face.external_id, externalId);
  assert.ok(passport?.detections?.[0]?.samples?.face?.detection?.quality, 'quality');
  assert.ok(passport?.face_attributes?.score, 'score');
  const pair = [passport?.face.face_id, selfie?.face.face_id] as [string, string];
  const [match] = read('matcher', java.MatchResponses, await post(java.matchPath, java.matchBody(...pair)));
  assert.ok((match?.matches?.[0]?.result?.[0]?.similarity ?? 0) > 0.99);
  const verified = await post(java.verifyPath(ids['verifier_id'] as string, ...pair), pictures.photo);
  const { images } = read('verifications', java.MatchVideoResponse, verified);
  const verifications = images?.[0]?.detections?.face_detections?.[0]?.verifications ?? [];
  assert.equal(
    verifications.map(({ face }) => face?.face_id),
    pair,
    'the first is the passport',
  );
});

clients('the Java service: what was filtered out tells why and how good the picture was, errors are read', async () => {
  const policies = {
    detect_policy: { yaw_threshold: 0, estimate_quality: 1 },
    extract_policy: { fd_score_threshold: 1 },
  };
  const { handler_id } = (await call('POST', '/6/handlers', { policies })).body;
  const filtered = await call('POST', java.createPath(handler_id, randomUUID()), pictures.photo);
  const { events, filtered_detections } = read('filtered', java.FaceIdResponse, filtered);
  assert.equal(events, []);
  const [detection] = filtered_detections.face_detections ?? [];
  assert.ok((detection?.filter_reasons?.length ?? 0) > 0);
  assert.type(detection?.detection?.sample?.detection?.quality?.blurriness, 'number');
  const unknown = await call('POST', java.createPath(randomUUID(), randomUUID()), pictures.photo);
  assert.equal([unknown.status, parses('error', java.LunaError, unknown.body).error_code], [404, 34000]);
});

clients('the detector script: its query, a form with the box by file name', async () => {
  const query = script.query;
  const refused = await call('POST', `/6/detector?${query}`, script.form('image1.jpg', pictures.photo));
  const { images } = read('detector', script.Detected, refused);
  assert.is(images[0]?.filename, 'image1.jpg');
  assert.is(images[0]?.detections.samples.length, 1);
  const { width } = await sharp(pictures.photo).metadata();
  assert.ok((width ?? 0) > 250, 'the box does not hold the whole picture');
});

clients.run();
