import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packsFolder } from '#contract/settings/data-folder';
import { parseVector, unpackSdkDescriptor } from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import { zipOf } from '../../engine/inference/packs/archive/archive.fixture.ts';
import { tinyAge, tinyAttributes } from '../../engine/inference/packs/tiny-attributes.fixture.ts';
import { scoreOfRed, tinyDetector } from '../../engine/inference/packs/tiny-detector.fixture.ts';
import {
  tinyContents,
  tinyDescription,
  tinyDescriptor,
  tinyPackEntries,
} from '../../engine/inference/packs/tiny-pack.fixture.ts';
import { requireOwnKey } from '../../engine/services/model-packs/own-key.ts';
import { type ApplianceInProcess, openApplianceInProcess } from './openapi/appliance-in-process.ts';
import { createJudgedRequests, type JudgedRequests } from './openapi/judged-requests.ts';

/**
 * Packs of every kind in use, over REST. Their networks see colours only, and the pictures are grey faces that are redder
 * and greener than they are blue by the same everywhere: what the networks give can be worked out.
 */
const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
const png = { 'Content-Type': 'image/png' };
const side = 640;

type Picture = Uint8Array<ArrayBuffer>;
interface Tint {
  readonly redder: number;
  readonly greener: number;
}

/** A face that looks ahead, tinted, with a red mark in the upper left corner. */
async function pictureOf({ redder, greener }: Tint): Promise<Picture> {
  const face = { left: 1340, top: 190, width: 500, height: 500 };
  const [left, top, size] = [260, 280, 320];
  const grey = await sharp(readFileSync('node_modules/@vladmandic/face-api/demo/sample6.jpg'))
    .extract(face)
    .resize(size, size)
    .greyscale()
    .raw()
    .toBuffer();
  const data = Buffer.alloc(side * side * 3);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [i % side, Math.floor(i / side)];
    const isFace = x >= left && x < left + size && y >= top && y < top + size;
    const shade = isFace ? (grey[(y - top) * size + x - left] as number) >> 1 : 64;
    // A little more than the quarter of the side that a detector's cell sees, for the pixels at its border.
    const isMark = x < 176 && y < 176;
    data.set(isMark ? [255, 0, 0] : [shade + redder, shade + greener, shade], i * 3);
  }
  const raw = { width: side, height: side, channels: 3 } as const;
  return new Uint8Array(await sharp(data, { raw }).png().toBuffer());
}

/** What the colours come to in the liveness network: blue, green and red, each less its mean, halved. */
function realness({ redder, greener }: Tint): number {
  const powers = [-10, greener - 20, redder - 30].map((value) => Math.exp((0.05 * value) / 2));
  return (powers[1] as number) / powers.reduce((sum, value) => sum + value, 0);
}

const tints = {
  attack: { redder: 100, greener: 30 },
  living: { redder: 10, greener: 70 },
  undecided: { redder: 20, greener: 40 },
} as const;

interface Context {
  appliance: ApplianceInProcess;
  send: JudgedRequests['send'];
  pictures: Record<keyof typeof tints, Picture>;
}
const packs = suite<Context>('packs of every kind in use');

packs.before(async (context) => {
  context.appliance = await openApplianceInProcess();
  context.send = createJudgedRequests(context.appliance, account).send;
  const [attack, living, undecided] = await Promise.all(Object.values(tints).map(pictureOf));
  if (!attack || !living || !undecided) throw new Error('no pictures');
  context.pictures = { attack, living, undecided };
});
packs.after(({ appliance }) => appliance.close());

async function use({ appliance, send }: Context, pack: ReturnType<typeof tinyAttributes>): Promise<void> {
  const key = requireOwnKey(packsFolder(appliance.dataDir));
  const body = new Uint8Array(zipOf(tinyPackEntries(key, pack.description, pack.contents)));
  const headers = { 'Content-Type': 'application/zip' };
  await send('POST', '/6/perigee/models', { body, headers, expect: 201 });
  await send('POST', `/6/perigee/models/${pack.description.name}/activate`, { expect: 200 });
}

/** The faces that `/sdk` answers. */
async function facesOf({ send }: Context, body: Picture, query = '') {
  const answer = await send('POST', `/6/sdk${query}`, { body, headers: png, expect: 200 });
  return answer.body.images_estimations[0].estimations.map(
    ({ face }: { face: { detection: object } }) => face.detection,
  );
}

packs('a detector is fed its colours and sizes, and its box is where it saw it', async (context) => {
  const { pictures } = context;
  const [before] = await facesOf(context, pictures.attack);
  const wanted = {
    x: before.rect.x - 7,
    y: before.rect.y + 5,
    width: before.rect.width + 12,
    height: before.rect.height,
  };
  // A cell is a quarter of the picture; the middle of the network's first pixel is 9.5 pixels inside.
  const cell = side / 4;
  const [x, y] = [(wanted.x - 9.5) / cell, (wanted.y - 9.5) / cell];
  await use(context, tinyDetector({ x, y, width: wanted.width / cell, height: wanted.height / cell }));
  const found = await facesOf(context, pictures.attack);
  assert.equal(
    found.map(({ rect }: { rect: object }) => rect),
    [wanted],
  );
  for (const [threshold, faces] of [
    [scoreOfRed - 0.01, 1],
    [scoreOfRed + 0.01, 0],
  ] as const) {
    assert.is((await facesOf(context, pictures.attack, `?score_threshold=${threshold}`)).length, faces);
  }
});

packs('age and gender are those that the network gives for its colours', async (context) => {
  await use(context, tinyAttributes());
  for (const [tint, gender] of [
    ['attack', 0],
    ['living', 1],
  ] as const) {
    const [{ attributes }] = await facesOf(context, context.pictures[tint], '?estimate_basic_attributes=1');
    const { redder, greener } = tints[tint];
    const age = Math.min(100, Math.max(0, tinyAge(redder, greener)));
    assert.equal(attributes.basic_attributes, { age, gender, ethnicities: null });
  }
});

packs('a descriptor is of the colours that the network is fed', async (context) => {
  await use(context, tinyDescriptor(20_270));
  const [{ attributes }] = await facesOf(context, context.pictures.attack, '?estimate_face_descriptor=1');
  const { version, data } = unpackSdkDescriptor('it', Buffer.from(attributes.descriptor.sdk_descriptor, 'base64'));
  assert.is(version, 20_270);
  const known = descriptorVersions.get(version);
  assert.ok(known);
  const vector = parseVector('it', known, data);
  // In every cell of the chip: redder by 100 - 20 than blue, greener by 30 - 10.
  for (let cell = 0; cell < 16; cell++) {
    const [blue, green, red] = [0, 16, 32].map((first) => vector[first + cell] as number) as [number, number, number];
    assert.ok(Math.abs((red - blue) / (green - blue) - 4) < 0.1, `${(red - blue) / (green - blue)}`);
  }
});

packs(
  'a living face is real, an attack is spoof, what lies between is unknown, in /sdk and /liveness',
  async (context) => {
    await use(context, { description: tinyDescription(), contents: tinyContents() });
    for (const [tint, prediction, number] of [
      ['attack', 'spoof', 0],
      ['living', 'real', 1],
      ['undecided', 'unknown', 2],
    ] as const) {
      const body = context.pictures[tint];
      const [{ attributes }] = await facesOf(context, body, '?estimate_liveness=1&quality_threshold=0.1');
      const { probability } = attributes.liveness.estimations;
      assert.is(attributes.liveness.prediction, prediction);
      assert.ok(Math.abs(probability - realness(tints[tint])) < 1e-3, `${probability} ${realness(tints[tint])}`);
      const alone = await context.send('POST', '/6/liveness?quality_threshold=0.1', {
        body,
        headers: png,
        expect: 200,
      });
      assert.is(alone.body.images[0].liveness.prediction, number);
    }
  },
);

packs('events tell it, tag it, keep it, and leave out the predictions that nobody wants', async (context) => {
  const { send, pictures } = context;
  const handlerOf = async (detect_policy: object): Promise<string> => {
    const policies = {
      detect_policy: { estimate_liveness: { estimate: 1, quality_threshold: 0.1 }, ...detect_policy },
      conditional_tags_policy: [
        { tag: 'fake', filters: { liveness: [0] } },
        { tag: 'alive', filters: { liveness: [1] } },
        { tag: 'unsure', filters: { liveness: [2] } },
      ],
    };
    return (await send('POST', '/6/handlers', { json: { policies }, expect: 201 })).body.handler_id;
  };
  const eventsOf = async (handlerId: string, body: Picture) =>
    (await send('POST', `/6/handlers/${handlerId}/events`, { body, headers: png, expect: 201 })).body;
  const all = await handlerOf({});
  for (const [tint, prediction, tag, number] of [
    ['attack', 'spoof', 'fake', 0],
    ['living', 'real', 'alive', 1],
    ['undecided', 'unknown', 'unsure', 2],
  ] as const) {
    const [event] = (await eventsOf(all, pictures[tint])).events;
    const { liveness } = event.detections[0].samples.face.detection.attributes;
    assert.is(liveness.prediction, prediction);
    assert.equal(event.aggregate_estimations.face.attributes.liveness, liveness);
    assert.equal(event.tags, [tag]);
    const stored = await send('GET', `/6/events?tags=${tag}&liveness=${number}`, { expect: 200 });
    assert.equal(
      stored.body.events.map(({ event_id }: { event_id: string }) => event_id),
      [event.event_id],
    );
  }
  const living = await handlerOf({ liveness_states: [1] });
  assert.is((await eventsOf(living, pictures.living)).events.length, 1);
  const refused = await eventsOf(living, pictures.attack);
  assert.equal(refused.events, []);
  const reason = { filter_name: 'liveness_states', object_value: 'spoof', threshold_value: [1] };
  assert.equal(refused.filtered_detections.face_detections[0].filter_reasons, [reason]);
});

packs.run();
