/**
 * The bad neighbours of the REST benchmark: clients that hold their connections without ever getting on. Commands:
 * `slow` connects them all, `logins` sends wrong passwords over and over, `none` ends whatever goes on.
 * Arguments: origin, account, path of a large file, how many slow clients, how many logins at once.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { limits } from '#contract/established/names';

const [origin = '', account = '', largePath = '', slowText = '', loginsText = ''] = process.argv.slice(2);
const { hostname, port } = new URL(origin);
const slowCount = Number(slowText);
const loginCount = Number(loginsText);
const stepMs = 250;
/** What a slow reader takes per step. */
const stepBytes = 4096;
const connectEveryMs = 10;

let goOn = false;
const sockets = new Set<Socket | WebSocket>();
const timers = new Set<NodeJS.Timeout>();
const counts = { connected: 0, refusedLogins: 0 };

const headersOf = (first: string, ...more: string[]): string =>
  `${[first, `Host: ${hostname}`, `Luna-Account-Id: ${account}`, ...more].join('\r\n')}\r\n`;

/** A connection that does `step` again and again, and begins anew when the server ends it. */
function trickle(begin: string, step: (socket: Socket) => void): void {
  const socket = connect({ host: hostname, port: Number(port) });
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('connect', () => {
    counts.connected += 1;
    socket.write(begin);
  });
  const timer = setInterval(() => step(socket), stepMs);
  timers.add(timer);
  socket.on('close', () => {
    clearInterval(timer);
    timers.delete(timer);
    sockets.delete(socket);
    if (goOn) trickle(begin, step);
  });
}

const writeOne = (socket: Socket): void => {
  if (socket.writable) socket.write('a');
};
const readSome = (socket: Socket): void => {
  socket.read(Math.min(stepBytes, socket.readableLength));
};

function openWebSocket(): void {
  const socket = new WebSocket(`ws://${hostname}:${port}/6/ws`, { headers: { 'Luna-Account-Id': account } });
  sockets.add(socket);
  socket.on('open', () => {
    counts.connected += 1;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    sockets.delete(socket);
  });
}

const kinds: readonly (() => void)[] = [
  // Slow headers: one character at a time.
  () => trickle(`${headersOf('GET /6/faces HTTP/1.1')}X-Slow: `, writeOne),
  // Slow bodies, likewise, that announce as much as a body may have.
  () =>
    trickle(
      `${headersOf('POST /6/images HTTP/1.1', 'Content-Type: image/jpeg', `Content-Length: ${limits.requestBody}`)}\r\n`,
      writeOne,
    ),
  // Slow readers: of a page of 1000 events, and of a file that does not fit the kernel's buffers.
  () => trickle(`${headersOf('GET /6/events?page_size=1000 HTTP/1.1')}\r\n`, readSome),
  () => trickle(`${headersOf(`GET ${largePath} HTTP/1.1`)}\r\n`, readSome),
  openWebSocket,
];

async function failLogins(): Promise<void> {
  for (let i = 0; goOn; i++) {
    const credentials = Buffer.from(`nobody-${i}@site.com:wrong`).toString('base64');
    const answer = await fetch(`${origin}/6/faces`, { headers: { Authorization: `Basic ${credentials}` } });
    await answer.arrayBuffer();
    if (answer.status !== 401) throw new Error(`a wrong password was answered ${answer.status}`);
    counts.refusedLogins += 1;
  }
}

async function begin(command: string): Promise<void> {
  goOn = true;
  Object.assign(counts, { connected: 0, refusedLogins: 0 });
  if (command === 'logins') {
    for (let i = 0; i < loginCount; i++) void failLogins();
    return;
  }
  for (let i = 0; i < slowCount; i++) {
    kinds[i % kinds.length]?.();
    await sleep(connectEveryMs);
  }
  while (counts.connected < slowCount) await sleep(connectEveryMs);
}

async function stop(): Promise<void> {
  goOn = false;
  for (const timer of timers) clearInterval(timer);
  timers.clear();
  for (const socket of sockets) {
    if (socket instanceof WebSocket) socket.terminate();
    else socket.destroy();
  }
  while (sockets.size > 0) await sleep(connectEveryMs);
}

process.on('message', (command: string) => {
  const open = sockets.size;
  const done = command === 'none' ? stop() : begin(command);
  void done.then(() => process.send?.({ wanted: slowCount, open, refusedLogins: counts.refusedLogins }));
});
process.once('disconnect', () => process.exit());
process.send?.({});
