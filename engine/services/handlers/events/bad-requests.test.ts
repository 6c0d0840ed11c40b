import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { eventCalls, fakeJpeg, openHandlersBench } from '../handlers-bench.ts';

const kernels = await prepareKernels({ outDir: 'dist' });
const bench = await openHandlersBench(kernels);
const { call, storage } = bench;

const { makeHandler } = eventCalls(bench);
const countEvents = (): Promise<number> => storage.events.count([]);

const events = suite('bad requests for events');
events.after(() => bench.close());

const deepMeta = `${'['.repeat(4000)}${']'.repeat(4000)}`;
const largeMeta = JSON.stringify('m'.repeat(64 * 1024));
const multipart = (name: string, json: string): string =>
  ['--b', 'Content-Disposition: form-data; name="a"', 'Content-Type: image/jpeg', '', '\xff\xd8\xff'].join('\r\n') +
  ['', '--b', `Content-Disposition: form-data; name="${name}"`, '', json, '--b--', ''].join('\r\n');

const badRequests: readonly [
  what: string,
  query: string,
  body: unknown,
  type: string | undefined,
  code: number,
  status: number,
][] = [
  ['no bytes', '', new Uint8Array(0), 'image/jpeg', 100022, 400],
  ['bytes that are no picture', '', Buffer.from('hello world'), 'image/jpeg', 100022, 400],
  ['a PNG called JPEG', '', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'image/jpeg', 12025, 400],
  ['a picture that cannot be decoded', '', fakeJpeg('broken'), 'image/jpeg', 18002, 400],
  ['an unknown image type', '', fakeJpeg('ann'), 'image/gif', 11028, 400],
  ['text', '', 'hello', 'text/plain', 12017, 400],
  ['base64 garbage', '', '!!!!', 'image/x-jpeg-base64', 18001, 400],
  ['multipart without a boundary', '', 'x', 'multipart/form-data', 11049, 400],
  [
    'multipart that ends early',
    '',
    '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
    'multipart/form-data; boundary=b',
    11049,
    400,
  ],
  ['JSON that is broken', '', '{"urls":', 'application/json', 12002, 400],
  ['JSON that is empty', '', '', 'application/json', 12005, 400],
  ['JSON that is too deep', '', `{"urls":["http://a/ann"],"meta":${deepMeta}}`, 'application/json', 12022, 400],
  ['a large meta', '', `{"urls":["http://a/ann"],"meta":${largeMeta}}`, 'application/json', 12022, 400],
  [
    'a part that is too deep',
    '',
    Buffer.from(multipart('meta', deepMeta), 'latin1'),
    'multipart/form-data; boundary=b',
    12022,
    400,
  ],
  [
    'a large meta in a part',
    '',
    Buffer.from(multipart('meta', largeMeta), 'latin1'),
    'multipart/form-data; boundary=b',
    12022,
    400,
  ],
  ['JSON without pictures', '', '{}', 'application/json', 12022, 400],
  [
    'a wrong type at depth',
    '',
    '{"urls":[{"url":"http://a/b","face_bounding_boxes":[{"x":"a"}]}]}',
    'application/json',
    12022,
    400,
  ],
  [
    'too many pictures',
    '',
    JSON.stringify({ urls: Array(31).fill('http://a.example/b') }),
    'application/json',
    106,
    413,
  ],
  [
    'two boxes for a picture',
    '',
    JSON.stringify({
      urls: [{ url: 'http://a/b', face_bounding_boxes: [1, 2].map((x) => ({ x, y: 1, width: 9, height: 9 })) }],
    }),
    'application/json',
    11045,
    403,
  ],
  [
    'body boxes',
    '',
    JSON.stringify({ urls: ['http://a/b'], body_bounding_boxes: [{}] }),
    'application/json',
    11044,
    403,
  ],
  [
    'an origin that is a script',
    '',
    JSON.stringify({ urls: [{ url: 'http://a/b', image_origin: 'javascript:alert(1)' }] }),
    'application/json',
    12022,
    400,
  ],
  ['body warps', '?image_type=2', fakeJpeg('ann'), 'image/jpeg', 11044, 403],
  ['an unknown image type number', '?image_type=9', fakeJpeg('ann'), 'image/jpeg', 12012, 400],
  ['half a place', '?longitude=3', fakeJpeg('ann'), 'image/jpeg', 12012, 400],
  ['a place outside the world', '?longitude=181&latitude=1', fakeJpeg('ann'), 'image/jpeg', 12012, 400],
  ['user data that are too long', `?user_data=${'x'.repeat(129)}`, fakeJpeg('ann'), 'image/jpeg', 12012, 400],
];
for (const [what, query, body, type, code, status] of badRequests) {
  events(`${what}: ${status}, ${code}, and nothing is stored`, async () => {
    const handlerId = await makeHandler({});
    const before = [await countEvents(), storage.outbox.count()];
    const answer = await call('POST', `/handlers/${handlerId}/events${query}`, {
      body,
      headers: type ? { 'Content-Type': type } : {},
    });
    assert.is(answer.body.error_code, code, JSON.stringify(answer.body));
    assert.is(answer.status, status);
    assert.equal([await countEvents(), storage.outbox.count()], before);
  });
}

events('the error names the path, also inside one of several forms a member can have', async () => {
  const body = { urls: [{ url: 'http://a/b', face_bounding_boxes: [{ x: 'a', y: 1, width: 9, height: 9 }] }] };
  const answer = await call('POST', `/handlers/${await makeHandler({})}/events`, { body });
  assert.match(answer.body.detail, /'urls\.0\.face_bounding_boxes\.0\.x'/);
});

events.run();
