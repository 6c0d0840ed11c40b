/**
 * Prism (stoplight) as a proxy that holds requests and answers against the document: a judge that is not ours. Behind it
 * stands a server that gives recorded answers, so that it does not matter what becomes of the bytes of a request on the
 * way through Prism, which reads every body that is not JSON as text.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../build/testing/tcp-proxy.ts';
import type { Exchange, KeptExchanges } from './exchanges.ts';
import { prismDocument, requestForPrism } from './prism-document.ts';

export interface Prism {
  /** Why Prism does not find the exchange in order; undefined when it does. */
  objectionTo(exchange: Exchange): Promise<string | undefined>;
  stop(): Promise<void>;
}

const readyLimitMs = 60_000;
/** A thousand ids in an address are 37 kB. */
const maxHeaderBytes = 128 * 1024;
/** Says which exchange a request belongs to. */
const numberHeader = 'x-exchange';
/** Headers of a message's way from one machine to the next (RFC 9110 7.6.1), and those that follow from the body. */
const ownHeaders = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']);

function answerText({ method, status, headers, body }: Exchange): Buffer {
  const bytes = Buffer.from(body, 'base64');
  // Prism would look for the JSON that a HEAD only announces; our own judge sees the header.
  const isBare = method === 'HEAD' || status === 204;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...headers
      .filter(([name]) => !ownHeaders.has(name) && !(isBare && name === 'content-type'))
      .map(([name, value]) => `${name}: ${value}`),
    ...(isBare ? [] : [`Content-Length: ${bytes.length}`]),
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

/** Answers every request with the exchange that its header names, without reading further than that. */
async function startRecordedAnswers(exchanges: ReadonlyMap<string, Exchange>): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let head = '';
    let answered = false;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      // The rest is read away: closing over unread bytes would lose the answer.
      if (answered) return;
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      answered = true;
      const exchange = exchanges.get(new RegExp(`^${numberHeader}: (\\d+)\r`, 'im').exec(head)?.[1] ?? '');
      socket.end(exchange ? answerText(exchange) : 'HTTP/1.1 502 No such exchange\r\nConnection: close\r\n\r\n');
    });
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1');
    probe.once('connect', () => resolve(true)).once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
}

async function startProxy(
  documents: KeptExchanges['documents'],
  upstream: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'perigee-prism-'));
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(prismDocument(documents)));
  const port = await freePort();
  const args = [`--max-http-header-size=${maxHeaderBytes}`, 'node_modules/.bin/prism', 'proxy', file, upstream];
  // What it says of each request costs more than judging it.
  args.push('--errors', '--verboseLevel', 'silent', '--port', String(port), '--host', '127.0.0.1');
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const lateAt = performance.now() + readyLimitMs;
  while (!(await isListening(port))) {
    if (child.exitCode === null && performance.now() < lateAt) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    await stop();
    throw new Error(`Prism does not get ready:\n${output}`);
  }
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** Starts Prism with `--errors`: every violation becomes an error answer of its own. `documents`: of all ports. */
export async function startPrism(documents: KeptExchanges['documents']): Promise<Prism> {
  const asked = new Map<string, Exchange>();
  const answers = await startRecordedAnswers(asked);
  const proxy = await startProxy(documents, `http://127.0.0.1:${(answers.address() as AddressInfo).port}`);
  let count = 0;
  return {
    async objectionTo(exchange) {
      const number = String(count++);
      asked.set(number, exchange);
      const { target, method, headers, body } = requestForPrism(exchange);
      const own = headers.filter(([name]) => !ownHeaders.has(name));
      const answer = await fetch(`${proxy.url}${target}`, { method, headers: [...own, [numberHeader, number]], body });
      asked.delete(number);
      const text = await answer.text();
      const violations = answer.headers.get('sl-violations');
      const isItsOwn = (answer.headers.get('content-type') ?? '').startsWith('application/problem+json');
      if (violations !== null || isItsOwn) return `${violations ?? ''} ${text}`;
      return answer.status === exchange.status ? undefined : `${answer.status} instead of ${exchange.status}`;
    },
    async stop() {
      await proxy.stop();
      await new Promise((resolve) => answers.close(resolve));
    },
  };
}
