import { unpack } from 'msgpackr';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountA, accountB, callerOfAccount } from '../route-bench.ts';
import { openFacesBench, sdkDescriptor } from './faces-bench.ts';

const bench = openFacesBench();
const { call, clock } = bench;
const unknown = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const sample = '11111111-0000-4000-8000-000000000001';
const b = callerOfAccount(accountB);
const full = {
  basic_attributes: { age: 31, gender: 'female', ethnic_group: 3 },
  descriptors: [{ type: 'sdk_descriptor', data: sdkDescriptor(5), score: 0.75 }],
  basic_attributes_samples: [sample],
  face_descriptor_samples: [sample.toUpperCase()],
};

const attributes = suite('attributes');
attributes.after(() => bench.close());

const create = async (body: object = full, query = ''): Promise<string> => {
  const answer = await call('POST', `/attributes${query}`, { body });
  assert.is(answer.status, 201, answer.body.detail);
  return answer.body.attribute_id;
};

attributes('a temporary attribute is read back with everything that was given', async () => {
  const id = await create();
  const { create_time, ...rest } = (await call('GET', `/attributes/${id}`)).body;
  assert.is(Date.parse(create_time), clock.now());
  assert.equal(rest, {
    attribute_id: id,
    account_id: accountA,
    basic_attributes: { age: 31, gender: 0, ethnicities: { predominant_ethnicity: 'asian' } },
    face_descriptor: { sdk_descriptor: sdkDescriptor(5), score: 0.75, version: 20001 },
    basic_attributes_samples: [sample],
    face_descriptor_samples: [sample],
  });
  const samples = (await call('GET', `/attributes/${id}/samples`)).body;
  assert.equal(samples, { basic_attributes_samples: [sample], face_descriptor_samples: [sample], samples: [sample] });
});

attributes('what was not given is null, never a number', async () => {
  const id = await create({ descriptors: [{ type: 'sdk_descriptor', data: sdkDescriptor(5) }] });
  const { basic_attributes, face_descriptor } = (await call('GET', `/attributes/${id}`)).body;
  assert.is(basic_attributes, null);
  assert.is(face_descriptor.score, null);
});

attributes('msgpack carries the descriptor as bytes', async () => {
  const id = await create();
  const answer = await call('GET', `/attributes/${id}?targets=face_descriptor`, {
    headers: { Accept: 'application/msgpack, application/json;q=0.5' },
  });
  assert.is(answer.headers.get('content-type'), 'application/msgpack');
  const { face_descriptor } = unpack(answer.bytes);
  assert.is(Buffer.from(face_descriptor.sdk_descriptor).toString('base64'), sdkDescriptor(5));
  const other = await call('GET', `/attributes/${id}`, { headers: { Accept: 'image/png' } });
  assert.equal([other.status, other.body.error_code], [406, 12023]);
});

attributes('an expired attribute answers 22011 everywhere, before and after the cleaning', async () => {
  const id = await create(full, '?ttl=60');
  clock.advance(59_999);
  assert.is((await call('GET', `/attributes/${id}`)).status, 200);
  clock.advance(1);
  const check = async (): Promise<void> => {
    for (const [method, path, body] of [
      ['GET', `/attributes/${id}`, undefined],
      ['GET', `/attributes/${id}/samples`, undefined],
      ['DELETE', `/attributes/${id}`, undefined],
      ['POST', '/faces', { attribute: { attribute_id: id } }],
    ] as const) {
      const answer = await call(method, path, { body });
      assert.equal([answer.status, answer.body.error_code], [404, 22011], `${method} ${path}`);
    }
    assert.equal((await call('GET', `/attributes?attribute_ids=${id}`)).body, { attributes: [] });
  };
  await check();
  assert.ok((await bench.attributes.removeExpired()) >= 1);
  assert.not(bench.storage.attributes.exists(id));
  await check();
});

attributes('without a time to live it is 300 seconds', async () => {
  const id = await create();
  clock.advance(299_999);
  assert.is((await call('HEAD', `/attributes/${id}`)).status, 200);
  clock.advance(1);
  assert.is((await call('HEAD', `/attributes/${id}`)).status, 404);
});

attributes('several are read at once, foreign and unknown ones left out', async () => {
  const one = await create();
  const two = await create();
  const foreign = (await call('POST', '/attributes', { body: full, caller: b })).body.attribute_id;
  const found = (await call('GET', `/attributes?attribute_ids=${two},${one},${foreign},${unknown},${two}`)).body;
  assert.equal(
    found.attributes.map((attribute: { attribute_id: string }) => attribute.attribute_id),
    [two, one],
  );
  assert.is((await call('GET', '/attributes')).body.error_code, 12014);
  assert.is((await call('GET', `/attributes/${foreign}`)).body.error_code, 22011);
});

attributes('put replaces, and does not touch what another account has', async () => {
  const id = await create();
  const body = { basic_attributes: { age: 50 } };
  assert.is((await call('PUT', `/attributes/${id}`, { body })).status, 201);
  const { basic_attributes, face_descriptor } = (await call('GET', `/attributes/${id}`)).body;
  assert.is(basic_attributes.age, 50);
  assert.is(face_descriptor, null);
  assert.is((await call('PUT', `/attributes/${id}`, { body, caller: b })).body.error_code, 22011);
  assert.is((await call('GET', `/attributes/${id}`)).body.basic_attributes.age, 50);
  assert.is((await call('DELETE', `/attributes/${id}`, { caller: b })).body.error_code, 22011);
  assert.is((await call('DELETE', `/attributes/${id}`)).status, 204);
});

attributes('attaching copies: the face keeps the data when the temporary attribute is gone', async () => {
  const id = await create();
  const face = (await call('POST', '/faces', { body: { attribute: { attribute_id: id } } })).body.face_id;
  const second = (await call('POST', '/faces', { body: { attribute_id: id } })).body.face_id;
  await call('DELETE', `/attributes/${id}`);
  for (const faceId of [face, second]) {
    const { face_descriptor, basic_attributes } = (await call('GET', `/faces/${faceId}/attributes`)).body;
    assert.is(face_descriptor.sdk_descriptor, sdkDescriptor(5));
    assert.is(basic_attributes.age, 31);
  }
});

attributes("a face's attributes are replaced, counted and removed; a face without answers 11032", async () => {
  const countBefore = (await call('GET', '/faces/attributes/count')).body.faces_attributes_count;
  const face = (await call('POST', '/faces', { body: {} })).body.face_id;
  const path = `/faces/${face}/attributes`;
  for (const [method, where] of [
    ['GET', path],
    ['GET', `${path}/samples`],
    ['DELETE', path],
  ] as const) {
    const answer = await call(method, where);
    assert.equal([answer.status, answer.body.error_code], [404, 11032], method);
  }
  assert.is((await call('PUT', path, { body: full })).status, 204);
  assert.is((await call('GET', '/faces/attributes/count')).body.faces_attributes_count, countBefore + 1);
  const other = { ...full, descriptors: [{ type: 'sdk_descriptor', data: sdkDescriptor(9) }] };
  assert.is((await call('PUT', path, { body: other })).status, 204);
  assert.is((await call('GET', path)).body.face_descriptor.sdk_descriptor, sdkDescriptor(9));
  const elsewhere = await call('PUT', path, { body: { ...other, face_descriptor_samples: [unknown] } });
  assert.equal([elsewhere.status, elsewhere.body.error_code], [409, 22025]);
  assert.is((await call('PUT', path, { body: full, caller: b })).body.error_code, 22002);
  assert.is((await call('GET', `${path}?targets=nose`)).body.error_code, 22016);
  assert.is((await call('DELETE', path)).status, 204);
  assert.is((await call('GET', path)).body.error_code, 11032);
});

const descriptor = (data: unknown, type = 'sdk_descriptor') => ({ descriptors: [{ type, data }] });
const withNaN = (() => {
  const bytes = Buffer.from(sdkDescriptor(1), 'base64');
  bytes.writeFloatLE(Number.NaN, 8);
  return bytes.toString('base64');
})();
const refused: readonly [what: string, body: object, status: number, code: number][] = [
  ['neither basic attributes nor descriptors', {}, 400, 12022],
  ['an age of 101', { basic_attributes: { age: 101 } }, 400, 12022],
  ['a gender of 2', { basic_attributes: { gender: 2 } }, 400, 12022],
  ['a ttl of a day and a second', { ...full, ttl: 86_401 }, 400, 12022],
  ['samples of a wrong type', { ...full, basic_attributes_samples: [5] }, 400, 12022],
  ['an XPK file', descriptor('YWJj', 'xpk_file'), 400, 12026],
  ["a VisionLabs descriptor's version", descriptor(sdkDescriptor(1, 59, 512)), 400, 12036],
  ['a descriptor that is too short', descriptor(sdkDescriptor(1, 20001, 127)), 400, 12038],
  ['a descriptor with a NaN', descriptor(withNaN), 400, 12038],
  ['a descriptor that is not base64', descriptor('***'), 400, 12038],
  ['a descriptor of unknown type', descriptor('YWJj', 'photo'), 400, 12022],
  [
    'a raw descriptor of an unknown version',
    descriptor({ descriptor: 'YWJj', version: 54 }, 'raw_descriptor'),
    400,
    12036,
  ],
  [
    'two descriptors of one version',
    { descriptors: [...descriptor(sdkDescriptor(1)).descriptors, ...descriptor(sdkDescriptor(2)).descriptors] },
    400,
    12022,
  ],
];
for (const [what, body, status, code] of refused) {
  attributes(`${what} answers ${status} with ${code}, for attributes and for faces`, async () => {
    const before = (await call('GET', '/faces/count')).body.faces_count;
    const answers = [await call('POST', '/attributes', { body })];
    if (!('ttl' in body)) answers.push(await call('POST', '/faces', { body: { attribute: body } }));
    for (const answer of answers)
      assert.equal([answer.status, answer.body.error_code], [status, code], answer.body.detail);
    assert.is((await call('GET', '/faces/count')).body.faces_count, before);
  });
}

attributes('a raw descriptor without container is taken', async () => {
  const bytes = Buffer.from(sdkDescriptor(8), 'base64').subarray(8).toString('base64');
  const id = await create(descriptor({ descriptor: bytes, version: 20001 }, 'raw_descriptor'));
  assert.is((await call('GET', `/attributes/${id}`)).body.face_descriptor.sdk_descriptor, sdkDescriptor(8));
});

attributes('a version that is not stored is null, one that nobody knows is refused', async () => {
  const id = await create({ basic_attributes: { age: 3 } });
  assert.is((await call('GET', `/attributes/${id}?descriptor_version=20001`)).body.face_descriptor, null);
  assert.is((await call('GET', `/attributes/${id}?descriptor_version=59`)).body.error_code, 12036);
});

attributes.run();
