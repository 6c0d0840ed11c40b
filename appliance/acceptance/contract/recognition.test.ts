/** A person from the first picture to the answer of a search, with real networks, as LP5's clients go that way. */
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openApplianceInProcess } from '../openapi/appliance-in-process.ts';
import { routesOf } from '../openapi/document.ts';
import { readFlowPictures } from '../openapi/flows/pictures.ts';
import { makeOneOfEach } from './one-of-each.ts';

const appliance = await openApplianceInProcess();
const pictures = await readFlowPictures();
const { call, ids, credentials } = await makeOneOfEach(appliance, pictures, 'owner@site.com');

const checks = suite('from a picture to an answer');
checks.after(() => appliance.close());

const search = (references: object[], candidate: object) =>
  call('POST', '/6/matcher/faces', { references, candidates: [candidate] });

checks(
  'sample, attribute, face, list: found by face, by descriptor with the same similarity, and by event',
  async () => {
    const detected = await call('POST', '/6/detector', pictures.photo);
    assert.is(detected.status, 201);
    const { sample_id } = detected.body.images[0].detections.samples[0].face;
    const extracted = await call('POST', '/6/extractor?ttl=1', [sample_id]);
    const { attribute_id } = extracted.body[0];
    assert.is((await call('GET', `/6/attributes/${attribute_id}`)).status, 200);
    const face = (await call('POST', '/6/faces', { attribute_id, user_data: 'Ann' })).body.face_id;
    const list = (await call('POST', '/6/lists', {})).body.list_id;
    const attached = await call('PATCH', `/6/lists/${list}/faces`, { action: 'attach', face_ids: [face] });
    assert.equal([attached.status, attached.body], [204, '']);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const expired = await call('GET', `/6/attributes/${attribute_id}`);
    assert.equal([expired.status, expired.body.error_code], [404, 22011], 'the face keeps what was copied from it');

    const sample = await appliance.send(`/6/samples/faces/${sample_id}`, { headers: credentials });
    const warp = new Uint8Array(await sample.arrayBuffer());
    const sdk = await call('POST', '/6/sdk?estimate_face_descriptor=1&image_type=1', warp);
    const data = sdk.body.images_estimations[0].estimations[0].face.detection.attributes.descriptor.sdk_descriptor;
    assert.match(data, /^ZHAAA/, 'the container of LP5');
    const { body } = await search(
      [
        { type: 'face', id: face },
        { type: 'sdk_descriptor', id: 'visitor', data },
        { type: 'event', id: ids['event_id'] },
      ],
      { filters: { origin: 'faces', list_id: list }, limit: 5, threshold: 0.7 },
    );
    assert.equal(
      body.map(({ reference }: { reference: { type: string } }) => reference.type),
      ['face', 'sdk_descriptor', 'event'],
    );
    const found = body.map(
      ({ matches }: { matches: { result: { face: { face_id: string }; similarity: number }[] }[] }) => {
        assert.equal(
          matches[0]?.result.map((one) => one.face.face_id),
          [face],
        );
        return matches[0]?.result[0]?.similarity ?? 0;
      },
    );
    const [byFace, byDescriptor, byEvent] = found;
    assert.ok(Math.abs(byFace - byDescriptor) < 1e-4, `${found}`);
    // The event's descriptor is of the photograph, the face's of the sample of it: a JPEG of a quarter of its pixels.
    assert.ok(byFace > 0.99 && byEvent > 0.99, `${found}`);
  },
);

checks(
  'the answer of a search is an array; limit, threshold and targets hold; an unknown target is 22016',
  async () => {
    const reference = [{ type: 'face', id: ids['face_id'] }];
    const limited = await search(reference, { filters: { origin: 'faces' }, limit: 1 });
    assert.ok(Array.isArray(limited.body) && limited.body.length === 1);
    assert.is(limited.body[0].matches[0].result.length, 1);
    const targets = ['user_data', 'similarity'];
    const named = await search(reference, { filters: { origin: 'faces' }, limit: 100, threshold: 0.9, targets });
    const { result } = named.body[0].matches[0];
    assert.ok(result.length > 1);
    for (const { face, similarity } of result) {
      assert.equal(Object.keys(face), ['user_data']);
      assert.ok(similarity >= 0.9);
    }
    const wrong = await search(reference, { filters: { origin: 'faces' }, targets: ['colour'] });
    assert.equal([wrong.status, wrong.body.error_code], [400, 22016]);
  },
);

checks('a raw event is read back as it was saved, whatever wait_saving says', async () => {
  for (const wait of [1, 0]) {
    const raw = {
      create_time: '2026-03-05T10:20:30.123Z',
      end_time: '2026-03-05T10:20:31.000Z',
      external_id: 'p-7',
      source: 'lift',
      track_id: `t-${wait}`,
      tags: ['imported', 'night'],
      location: { city: 'Oslo', area: 'north', geo_position: { longitude: 10.75, latitude: 59.9 } },
      meta: { floor: 3 },
      face: { face_id: ids['face_id'] },
      matches: [{ label: 'staff', candidates: [{ face: { face_id: ids['face_id'] }, similarity: 0.91 }] }],
    };
    const made = await call('POST', `/6/handlers/${ids['handler_id']}/events/raw?wait_saving=${wait}`, [raw]);
    assert.is(made.status, 201, JSON.stringify(made.body));
    const { body } = await call('GET', made.body.events[0].url);
    const { create_time, end_time, external_id, source, track_id, tags, meta, face_id } = body;
    const { location, matches, face, ...plain } = raw;
    assert.equal({ create_time, end_time, external_id, source, track_id, tags, meta }, plain);
    assert.is(face_id, face.face_id);
    assert.equal(body.match_result, matches);
    assert.equal([body.top_match.label, body.top_match.similarity], ['staff', 0.91]);
    const { city, area, district, geo_position } = body.location;
    assert.equal({ city, area, geo_position }, location);
    assert.is(district, null);
    const found = await call('GET', `/6/events?track_ids=t-${wait}&tags=night&cities=Oslo`);
    assert.is(found.body.events.length, 1);
  }
});

checks('a verifier knows the person by face, event and external id, and a descriptor by itself', async () => {
  const path = `/6/verifiers/${ids['verifier_id']}`;
  for (const query of [`face_ids=${ids['face_id']}`, `event_ids=${ids['event_id']}`, 'external_ids=b-1']) {
    const { body } = await call('POST', `${path}/verifications?${query}`, pictures.photo);
    const [verification] = body.images[0].detections.face_detections[0].verifications;
    assert.is(verification.status, true, query);
    assert.ok(verification.similarity > 0.99, query);
  }
  const view = await call('GET', `/6/faces/${ids['face_id']}/attributes?targets=face_descriptor`);
  const own = { id: 'own', type: 'sdk_descriptor', data: view.body.face_descriptor.sdk_descriptor };
  const { status, body } = await call('POST', `${path}/raw`, { references: [own], candidates: [own] });
  assert.is(status, 200);
  assert.equal(body.matches[0].matches[0].status, true);
  const none = await call('POST', `${path}/verifications`, pictures.photo);
  assert.equal([none.status, none.body.error_code], [400, 12016]);
});

checks('a stored event says to which lists its face was attached; an event that is not stored has no url', async () => {
  const list_id = (await call('POST', '/6/lists', {})).body.list_id;
  const make = async (storage_policy: object): Promise<string> =>
    `/6/handlers/${(await call('POST', '/6/handlers', { policies: { storage_policy } })).body.handler_id}/events`;
  const storing = await make({ face_policy: { store_face: 1, link_to_lists_policy: [{ list_id }] } });
  const [stored] = (await call('POST', storing, pictures.photo)).body.events;
  assert.equal((await call('GET', stored.url)).body.attach_result, [list_id]);
  const passing = await make({ event_policy: { store_event: 0 } });
  const [passed] = (await call('POST', passing, pictures.photo)).body.events;
  assert.is(passed.url, null);
  assert.is((await call('GET', `/6/events/${passed.event_id}`)).status, 404);
});

checks('every filter of events that LP5 documents is a parameter here', () => {
  const route = routesOf(appliance.document).find(({ method, path }) => method === 'GET' && path === '/6/events');
  const names = new Set((route?.operation.parameters ?? []).map(({ name }) => name));
  const documented = [
    'event_ids event_id__gte event_id__lt handler_ids face_ids external_ids track_ids stream_id account_id',
    'create_time__gte create_time__lt end_time__gte end_time__lt insert_time__gte insert_time__lt sources tags user_data',
    'gender age__gte age__lt emotions ethnic_groups masks liveness top_matching_candidates_label top_similar_object_ids',
    'top_similar_object_similarity__gte top_similar_object_similarity__lt top_similar_external_ids top_similar_object_type',
    'apparent_gender apparent_age__gte apparent_age__lt headwear_states sleeve_lengths upper_clothing_colors backpack_states',
    'lower_garment_types lower_garment_colors shoes_apparent_colors headwear_apparent_colors cities areas districts streets',
    'house_numbers origin_longitude origin_latitude longitude_delta latitude_delta targets page page_size order',
  ];
  assert.equal(
    documented
      .join(' ')
      .split(' ')
      .filter((name) => !names.has(name)),
    [],
  );
});

checks('the EXIF tags of a picture are answered when they are asked for, and null otherwise', async () => {
  const exif = { IFD0: { Make: 'Perigee', Model: 'Gate 1' } };
  const tagged = new Uint8Array(await sharp(pictures.photo).withExif(exif).jpeg().toBuffer());
  const sdk = await call('POST', '/6/sdk?extract_exif=1', tagged);
  const { Make, Model } = sdk.body.images_estimations[0].image_estimations.exif;
  assert.equal([Make, Model], ['Perigee', 'Gate 1']);
  const detector = await call('POST', '/6/detector?extract_exif=1', tagged);
  assert.is(detector.body.images[0].exif.Model, 'Gate 1');
  assert.is((await call('POST', '/6/detector', tagged)).body.images[0].exif, null);
});

checks.run();
