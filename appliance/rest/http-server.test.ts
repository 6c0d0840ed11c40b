import { connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRouter } from '#contract/http/http';
import { createHttpServer } from './http-server.ts';

const app = createRouter();
app.get('/length', (context) => context.text(String((context.req.query('ids') ?? '').length)));
const requestId = '1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a';
const server = createHttpServer({ app, makeRequestId: () => requestId, host: '127.0.0.1', port: 0 });

const http = suite('HTTP server');
http.before(() => server.start());
http.after(() => server.stop());

/** All that comes back over a raw socket until it ends. */
async function send(bytes: string): Promise<{ status: number; head: string; body: string }> {
  const socket = connect(Number(new URL(server.address()).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(text.split(' ')[1]), head, body };
}

http('an address with a thousand ids fits', async () => {
  const ids = Array.from({ length: 1000 }, () => '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d').join(',');
  const answer = await fetch(`${server.address()}/length?ids=${ids}`);
  assert.equal([answer.status, await answer.text()], [200, String(ids.length)]);
});

for (const [what, bytes, status] of [
  ['no HTTP at all', '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n', 400],
  ['a header without a colon', 'GET /length HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n', 400],
  ['two lengths', 'POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
  ['much behind what cannot be read', `\u0016\r\n\r\n${'z'.repeat(2_000_000)}`, 400],
  ['an endless address', `GET /${'x'.repeat(200_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
  ['an endless header', `GET /length HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(200_000)}\r\n\r\n`, 431],
] as const) {
  http(`${what}: ${status} with LP5's error body and a request id`, async () => {
    const answer = await send(bytes);
    assert.is(answer.status, status);
    const error = JSON.parse(answer.body) as { error_code: number };
    assert.equal(Object.keys(error).sort(), ['desc', 'detail', 'error_code', 'link']);
    assert.is(error.error_code, 106);
    assert.ok(answer.head.includes(`\r\nLuna-Request-Id: ${requestId}`), answer.head);
  });
}

http.run();
