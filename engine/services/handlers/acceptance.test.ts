/** The acceptance checks of the contract (LP5 core, section 14) that concern pictures, with real networks and storage. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openApplianceInProcess } from '../../../appliance/acceptance/openapi/appliance-in-process.ts';

const appliance = await openApplianceInProcess();
const group = (n: number): Buffer => readFileSync(`node_modules/@vladmandic/face-api/demo/sample${n}.jpg`);
/** One face each, of two people. */
const photo = async (left: number): Promise<Buffer> =>
  sharp(group(6)).extract({ left, top: 190, width: 500, height: 500 }).jpeg().toBuffer();
const crowd = await sharp(group(1)).resize(1280).jpeg().toBuffer();
const account = { 'Luna-Account-Id': '00000000-0000-4000-8000-00000000000c' };

async function send(path: string, body: Uint8Array | object, headers: Record<string, string> = {}) {
  const isBytes = body instanceof Uint8Array;
  const type = isBytes ? 'image/jpeg' : 'application/json';
  const init = {
    method: 'POST',
    headers: { ...account, ...(body instanceof FormData ? {} : { 'Content-Type': type }), ...headers },
    body: isBytes || body instanceof FormData ? (body as Uint8Array<ArrayBuffer> | FormData) : JSON.stringify(body),
  };
  const answer = await appliance.send(`/6${path}`, init);
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  return { status: answer.status, body: (await answer.json()) as any };
}
const get = (path: string) => appliance.send(path, { headers: account });
const makeHandler = async (policies: object): Promise<string> =>
  `/handlers/${(await send('/handlers', { policies })).body.handler_id}/events`;

interface Posed {
  attributes: { head_pose: { yaw: number } };
}

const checks = suite('acceptance with real networks');
checks.after(() => appliance.close());

const one = await photo(1340);

checks('one, several and no faces; the best one; an error where one is wanted', async () => {
  const faces = async (picture: Uint8Array, query = ''): Promise<number> =>
    (await send(`/detector${query}`, picture)).body.images[0].detections.samples.length;
  const blank = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#777' } })
    .jpeg()
    .toBuffer();
  assert.is(await faces(one), 1);
  assert.is(await faces(blank), 0);
  assert.ok((await faces(crowd)) > 1);
  assert.is(await faces(crowd, '?multiface_policy=2'), 1);
  const { status, error } = (await send('/detector?multiface_policy=0', crowd)).body.images[0];
  assert.equal([status, error.error_code], [0, 11038]);
});

checks('a sample is a 250x250 JPEG that can be used again', async () => {
  const { face } = (await send('/detector', one)).body.images[0].detections.samples[0];
  const jpeg = Buffer.from(await (await get(face.url)).arrayBuffer());
  const { width, height, format } = await sharp(jpeg).metadata();
  assert.equal([width, height, format], [250, 250, 'jpeg']);
  assert.is((await send('/samples/faces', jpeg)).status, 201);
  const wider = await sharp(jpeg).resize(251, 250, { fit: 'fill' }).jpeg().toBuffer();
  assert.is((await send('/samples/faces', wider)).body.error_code, 11030);
  assert.is((await send('/sdk?image_type=1', wider)).body.error_code, 11030);
});

checks('a person is as similar to itself by every way a descriptor can come', async () => {
  const path = await makeHandler({
    storage_policy: { face_policy: { store_face: 1 }, attribute_policy: { store_attribute: 1 } },
  });
  const [event] = (await send(path, one)).body.events;
  const sdk = (await send('/sdk?estimate_face_descriptor=1', one)).body.images_estimations[0].estimations[0].face;
  const references = [
    { type: 'face', id: event.face.face_id },
    { type: 'event', id: event.event_id },
    { type: 'attribute', id: event.face_attributes.attribute_id },
    { type: 'sdk_descriptor', id: 'r', data: sdk.attributes.descriptor.sdk_descriptor },
  ];
  const filters = { origin: 'faces', face_ids: [event.face.face_id] };
  const { body } = await send('/matcher/faces', { references, candidates: [{ filters }] });
  const similarities: number[] = body.map(
    (m: { matches: { result: { similarity: number }[] }[] }) => m.matches[0]?.result[0]?.similarity,
  );
  assert.is(similarities.length, 4);
  for (const similarity of similarities)
    assert.ok(Math.abs(similarity - (similarities[0] ?? 0)) < 1e-4 && similarity > 0.99);
});

checks('a verifier knows the person, and nobody else of the picture', async () => {
  const path = await makeHandler({ storage_policy: { face_policy: { store_face: 1 } } });
  const others = (await send(path, crowd)).body.events;
  const { verifier_id } = (await send('/verifiers', { policies: {} })).body;
  const ids = others.map((event: { face: { face_id: string } }) => event.face.face_id);
  const { body } = await send(`/verifiers/${verifier_id}/verifications?face_ids=${ids.join()}`, crowd);
  const { face_detections } = body.images[0].detections;
  assert.is(face_detections.length, ids.length);
  for (const [i, { verifications }] of face_detections.entries()) {
    const verdicts = verifications.map(({ status }: { status: boolean }) => status);
    assert.equal(
      verdicts,
      ids.map((_: string, j: number) => i === j),
    );
  }
});

checks('a face that is turned further than allowed is filtered with its angle', async () => {
  const seen = (await send('/sdk?estimate_head_pose=1', crowd)).body.images_estimations[0].estimations;
  const yaws: number[] = seen.map((one: { face: { detection: Posed } }) => one.face.detection.attributes.head_pose.yaw);
  const turned = Math.max(...yaws.map(Math.abs));
  const yaw_threshold = Math.floor(turned) - 1;
  const within = yaws.filter((yaw) => Math.abs(yaw) <= yaw_threshold);
  assert.ok(within.length > 0 && within.length < yaws.length, `${yaws}`);
  const detect_policy = { multiface_policy: 1, yaw_threshold };
  const { body } = await send(await makeHandler({ detect_policy }), crowd);
  assert.is(body.events.length, within.length);
  const reasons = body.filtered_detections.face_detections.flatMap(
    (one: { filter_reasons: { object_value: number }[] }) => one.filter_reasons,
  );
  const told = yaws
    .filter((yaw) => !within.includes(yaw))
    .map((object_value) => ({ filter_name: 'yaw_threshold', object_value, threshold_value: yaw_threshold }));
  const round = (value: number): number => Math.round(value * 1e4) / 1e4;
  assert.equal(
    reasons.map((reason: { object_value: number }) => ({ ...reason, object_value: round(reason.object_value) })),
    told,
  );
});

checks('three pictures of one person are one event', async () => {
  const form = new FormData();
  for (const width of [500, 400, 300]) {
    const bytes = await sharp(one).resize(width).jpeg().toBuffer();
    form.append('image', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), `${width}.jpg`);
  }
  const policies = {
    detect_policy: { multiface_policy: 2, estimate_emotions: 1 },
    extract_policy: { extract_basic_attributes: 1 },
  };
  const { body } = await send(`${await makeHandler(policies)}?aggregate_attributes=1`, form);
  assert.is(body.events.length, 1);
  const [event] = body.events;
  assert.equal(
    event.detections.map(({ filename }: { filename: string }) => filename),
    ['500.jpg', '400.jpg', '300.jpg'],
  );
  const sum = (Object.values(event.aggregate_estimations.face.attributes.emotions.estimations) as number[]).reduce(
    (a, b) => a + b,
  );
  assert.ok(Math.abs(sum - 1) < 0.01);
  assert.is(event.face_attributes.samples.length, 3);
});

checks('the same face is found in every format and turn', async () => {
  const path = await makeHandler({});
  const image = sharp(one);
  for (const [type, bytes] of [
    ['image/png', await image.clone().png().toBuffer()],
    ['image/webp', await image.clone().webp().toBuffer()],
    ['image/tiff', await image.clone().tiff().toBuffer()],
    ['image/jpeg', await image.clone().jpeg({ progressive: true }).toBuffer()],
    ['image/jpeg', await image.clone().toColourspace('cmyk').jpeg().toBuffer()],
    ['image/jpeg', await image.clone().rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer()],
    ['image/png', await image.clone().toColourspace('rgb16').png().toBuffer()],
    ['image/jpeg', await image.clone().grayscale().jpeg().toBuffer()],
  ] as const) {
    const { status, body } = await send(path, new Uint8Array(bytes), { 'Content-Type': type });
    assert.is(status, 201, type);
    assert.is(body.events.length, 1, `${type} ${JSON.stringify(body.images)}`);
  }
});

checks('what is no picture is told, whatever it looks like', async () => {
  const path = await makeHandler({});
  const bomb = Buffer.from(
    await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
      .png()
      .toBuffer(),
  );
  bomb.writeUInt32BE(65535, 16);
  bomb.writeUInt32BE(65535, 20);
  for (const [what, bytes, type] of [
    ['nothing', Buffer.alloc(0), 'image/jpeg'],
    ['text', Buffer.from('hello'), 'image/jpeg'],
    ['a JPEG cut after its head', one.subarray(0, 300), 'image/jpeg'],
    ['a PNG that claims 65535 x 65535', bomb, 'image/png'],
    ['a JPEG head with noise behind', Buffer.concat([one.subarray(0, 20), Buffer.alloc(9000, 7)]), 'image/jpeg'],
  ] as const) {
    const { status, body } = await send(path, new Uint8Array(bytes), { 'Content-Type': type });
    assert.is(status, 400, `${what}: ${JSON.stringify(body)}`);
    assert.ok([100022, 100028, 18002].includes(body.error_code), `${what}: ${body.error_code}`);
  }
});

checks.run();
