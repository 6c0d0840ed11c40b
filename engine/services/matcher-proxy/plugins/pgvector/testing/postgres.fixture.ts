/** For tests: a real PostgreSQL with pgvector, behind a network that can fail. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { findPostgres, startPostgresServer } from '../../../../../../build/testing/postgres.ts';
import { startTcpProxy, type TcpProxy } from '../../../../../../build/testing/tcp-proxy.ts';

export interface TestPostgres {
  /** By way of `network`. */
  readonly url: string;
  readonly directUrl: string;
  readonly network: TcpProxy;
  /** False for PGlite, which has one session and knows no time limits. */
  readonly isReal: boolean;
  close(): Promise<void>;
}

/**
 * The server named by PGVECTOR_TEST_URL, else a private one of the PostgreSQL that is installed if it has pgvector, else
 * PGlite: PostgreSQL compiled to WebAssembly. `plain`: one that pgvector is not installed on, named by POSTGRES_TEST_URL,
 * else the installed one if it has none. Prints which it is.
 */
export async function startPostgres({ plain = false } = {}): Promise<TestPostgres> {
  const name = plain ? 'POSTGRES_TEST_URL' : 'PGVECTOR_TEST_URL';
  const given = process.env[name];
  const url = new URL(given ?? 'postgres://postgres@127.0.0.1/postgres');
  const own = given === undefined ? await startOwn(plain) : undefined;
  if (own) url.port = String(own.port);
  console.log(`note: served by ${own?.what ?? `the PostgreSQL of ${name}`}`);
  const network = await startTcpProxy(Number(url.port || 5432), url.hostname);
  const directUrl = url.href;
  url.host = `127.0.0.1:${network.port}`;
  return {
    url: url.href,
    directUrl,
    network,
    isReal: own?.isReal ?? true,
    async close() {
      await network.close();
      await own?.close();
    },
  };
}

interface OwnServer {
  readonly what: string;
  readonly isReal: boolean;
  readonly port: number;
  close(): Promise<void>;
}

async function startOwn(plain: boolean): Promise<OwnServer> {
  const installed = findPostgres();
  if ('path' in installed && installed.hasPgvector !== plain) {
    const { port, stop } = await startPostgresServer(installed);
    return { what: `PostgreSQL ${installed.version}`, isReal: true, port, close: stop };
  }
  const why = 'missing' in installed ? installed.missing : `PostgreSQL ${installed.version} has no pgvector`;
  const what = `PGlite (${plain && 'path' in installed ? 'the installed PostgreSQL has pgvector' : why})`;
  return { what, isReal: false, ...(await startLite(plain)) };
}

/** Making a data directory takes ten times as long as opening a made one: the first to need it leaves it for the others. */
async function openLite(plain: boolean): Promise<PGlite> {
  const { version } = JSON.parse(readFileSync('node_modules/@electric-sql/pglite/package.json', 'utf8'));
  const file = `dist/test-cache/pglite-${version}.tar`;
  if (!existsSync(file)) {
    const fresh = await PGlite.create();
    const dump = await fresh.dumpDataDir('none');
    await fresh.close();
    mkdirSync(dirname(file), { recursive: true });
    const part = `${file}.${process.pid}`;
    writeFileSync(part, new Uint8Array(await dump.arrayBuffer()));
    renameSync(part, file);
  }
  const loadDataDir = new Blob([readFileSync(file)]);
  return PGlite.create({ loadDataDir, ...(plain ? {} : { extensions: { vector } }) });
}

async function startLite(plain: boolean): Promise<{ port: number; close(): Promise<void> }> {
  const db = await openLite(plain);
  let turn: Promise<unknown> = Promise.resolve();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    speak(socket, (messages) => {
      const answer = turn.then(() => db.execProtocolRaw(messages));
      turn = answer.catch(() => {});
      return answer;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await turn;
      await db.close();
    },
  };
}

const sslRequest = 80877103;
const code = (letter: string): number => letter.charCodeAt(0);

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const welcome = Buffer.concat([
  message('R', Buffer.alloc(4)),
  ...['server_version\x0018.0\0', 'client_encoding\0UTF8\0'].map((text) => message('S', Buffer.from(text))),
  message('K', Buffer.alloc(8)),
  message('Z', Buffer.from('I')),
]);

/**
 * PostgreSQL's protocol (version 3.0, "Message Formats") for the one session that PGlite has: what a client sends up to a
 * Sync or a simple query goes through in one piece, so that clients do not come between each other's statements.
 */
function speak(socket: Socket, execute: (messages: Uint8Array) => Promise<Uint8Array>): void {
  let received = Buffer.alloc(0);
  let piece: Buffer[] = [];
  let isGreeted = false;
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const start = isGreeted ? 1 : 0;
      if (received.length < start + 4) return;
      const size = start + received.readInt32BE(start);
      if (received.length < size) return;
      const frame = received.subarray(0, size);
      received = received.subarray(size);
      if (!isGreeted) {
        if (frame.readInt32BE(4) === sslRequest) {
          socket.write('N');
          continue;
        }
        isGreeted = true;
        socket.write(welcome);
        continue;
      }
      if (frame[0] === code('X')) {
        socket.end();
        return;
      }
      piece.push(frame);
      if (frame[0] !== code('S') && frame[0] !== code('Q')) continue;
      const whole = Buffer.concat(piece);
      piece = [];
      execute(whole).then(
        (answer) => socket.destroyed || socket.write(answer),
        () => socket.destroy(),
      );
    }
  });
}
