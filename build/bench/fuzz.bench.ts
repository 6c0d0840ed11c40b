import { readFileSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { startDaemonProcess } from '../../appliance/acceptance/daemon-process.ts';
import { createRouteFinder, type Document } from '../../appliance/acceptance/openapi/document.ts';
import { makeFuzzBodies } from '../../appliance/acceptance/openapi/fuzz-bodies.ts';
import {
  type GeneratedRequest,
  type MadeBody,
  requests,
} from '../../appliance/acceptance/openapi/generated-requests.ts';
import { createJudge } from '../../appliance/acceptance/openapi/judge.ts';
import { type BenchContext, type BenchDefinition, BenchFailure, type Sample } from './definition.ts';

const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
const atOnce = 16;
/** Requests generated at a time: they would fill the memory otherwise. */
const portion = 500;

/** After the first tenth of the requests. What is stored meanwhile, and the caches of the database, are part of it. */
const mostGrowthMiB = 256;

/** Resident memory of a process, in MiB. */
function residentMiB(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

const figure = (name: string, unit: string, better: Sample['better'], ours: number): Sample => ({
  case: name,
  unit,
  better,
  ours,
  peer: null,
  peerValue: null,
});

/** Ids of objects that exist, so that requests get past "not found". */
async function makeObjects(url: string, picture: MadeBody | undefined): Promise<string[]> {
  const make = async (path: string, body: object): Promise<string[]> => {
    const answer = await fetch(`${url}/6/${path}`, {
      method: 'POST',
      headers: { 'Luna-Account-Id': account, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { url: made } = (await answer.json()) as { url: string };
    return [made.slice(made.lastIndexOf('/') + 1)];
  };
  const kinds = [make('lists', {}), make('faces', {}), make('handlers', {}), make('verifiers', {})];
  const attribute = make('attributes?ttl=86400', { basic_attributes: { age: 3 } });
  const [handler = ''] = await make('handlers', {});
  const look = async (path: string): Promise<{ events: { event_id: string }[]; images: unknown[] }> => {
    const headers = { 'Luna-Account-Id': account, 'Content-Type': picture?.contentType ?? '' };
    return (await (
      await fetch(`${url}/6/${path}`, { method: 'POST', headers, body: picture?.bytes ?? '' })
    ).json()) as never;
  };
  const { events } = await look(`handlers/${handler}/events`);
  const [detected] = (await look('detector')).images as {
    detections: { samples: { face: { sample_id: string } }[] };
  }[];
  const sample = detected?.detections.samples[0]?.face.sample_id ?? '';
  return [...(await Promise.all([...kinds, attribute])).flat(), handler, events[0]?.event_id ?? '', sample];
}

/** Bodies past what a route takes: refused, and said so. */
async function sendTooMuch(url: string): Promise<number[]> {
  const headers = { 'Luna-Account-Id': account };
  const send = async (path: string, type: string, bytes: number): Promise<number> => {
    const body = new Uint8Array(bytes).fill(0x20);
    try {
      const answer = await fetch(`${url}/6/${path}`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': type },
        body,
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      // The connection is ended before all is sent.
      return 413;
    }
  };
  return [
    await send('lists', 'application/json', 2 ** 20),
    await send('sdk', 'application/json', 33 * 2 ** 20),
    await send('sdk', 'image/jpeg', 101 * 2 ** 20),
  ];
}

async function* run({ quick, progress }: BenchContext): AsyncGenerator<Sample> {
  const count = quick ? 2_000 : 20_000;
  const daemon = await startDaemonProcess();
  try {
    const url = daemon.restUrl;
    const document = (await (await fetch(`${url}/docs/spec?format=json`)).json()) as Document;
    const judge = createJudge(document);
    const routeOf = createRouteFinder(document);
    const skip = ({ path }: { path: string }): boolean => path === '/6/ws';
    const seed = Math.floor(Math.random() * 2 ** 31);
    progress(`seed ${seed}`);
    /** Answers 5xx by route and status. */
    const serverErrors = new Map<string, number>();
    let undeclared = 0;
    let sentMs = 0;
    const bodies = await makeFuzzBodies();
    const tooMuch = await sendTooMuch(url);
    const check = async ({ route, target, headers, body }: GeneratedRequest): Promise<void> => {
      const answer = await fetch(`${url}${target}`, { method: route.method, headers, ...(body && { body }) });
      const reached = routeOf(route.method, new URL(target, url).pathname);
      if (answer.status >= 500) {
        const what = `${answer.status} ${route.method} ${route.path}`;
        serverErrors.set(what, (serverErrors.get(what) ?? 0) + 1);
      }
      const objection = reached
        ? await judge.objectionTo(reached, answer, { target, body: typeof body === 'string' ? body : undefined })
        : answer.status !== 404 && answer.status !== 405 && `${answer.status} of no route`;
      if (objection || answer.status === 500) {
        undeclared++;
        progress(
          `${route.method} ${target.slice(0, 200)} ${typeof body === 'string' ? body.slice(0, 300) : ''}: ${objection || answer.status}`,
        );
      }
      await answer.arrayBuffer();
    };
    // The first tenth warms caches and workers: growth is counted from there on.
    let warmMiB = 0;
    for (let sent = 0; sent < count; sent += portion) {
      if (sent >= count / 10 && warmMiB === 0) warmMiB = residentMiB(daemon.pid);
      // Generated requests remove what they find: each portion has new objects.
      const arbitrary = requests(document, { known: await makeObjects(url, bodies[0]), account, bodies, skip });
      const queue = fc.sample(arbitrary, { numRuns: portion, seed: seed + sent });
      const startedAt = performance.now();
      const work = async (): Promise<void> => {
        for (let request = queue.pop(); request; request = queue.pop()) await check(request);
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      sentMs += performance.now() - startedAt;
    }
    const health = await fetch(`${url}/healthcheck?include_luna_services=1`);
    yield figure('generated requests', '1/s', 'higher', (count / sentMs) * 1000);
    for (const [what, times] of serverErrors) progress(`${times} x ${what}`);
    const all5xx = [...serverErrors.values()].reduce((sum, times) => sum + times, 0);
    yield figure('answers 5xx, declared or not', 'answers', 'lower', all5xx);
    yield figure('answers that the document does not declare, or 500', 'answers', 'lower', undeclared);
    const grownMiB = residentMiB(daemon.pid) - warmMiB;
    yield figure('growth of resident memory', 'MiB', 'lower', grownMiB);
    yield figure('healthy afterwards', '0 or 1', 'higher', health.status === 200 ? 1 : 0);
    if (tooMuch.some((status) => status !== 413)) throw new BenchFailure(`bodies that are too large: ${tooMuch}`);
    if (undeclared > 0) throw new BenchFailure(`${undeclared} answers are none that the document declares, or 500`);
    if (grownMiB > mostGrowthMiB) throw new BenchFailure(`memory has grown by ${Math.round(grownMiB)} MiB`);
    if (health.status !== 200) throw new BenchFailure('the daemon is not healthy any more');
  } finally {
    await daemon.end('SIGTERM');
    rmSync(daemon.dataDir, { recursive: true, force: true });
  }
}

export const bench: BenchDefinition = {
  name: 'fuzz',
  description:
    '20,000 requests generated from the OpenAPI document, right and wrong ones, against the daemon: answers that the ' +
    'document does not declare, and growth of memory. No peer: the figures stand alone.',
  run,
};
