import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseFile } from '#contract/settings/data-folder';
import { startDaemonProcess } from '../../appliance/acceptance/daemon-process.ts';
import type { BenchContext, BenchDefinition, Sample } from './definition.ts';
import { openBareDatabase } from './rest/bare.ts';
import { type Child, mainThreadMs, startChild } from './rest/children.ts';
import { createClient, type HttpClient } from './rest/client.ts';
import { idsOf, type Question, questionsFor } from './rest/questions.ts';
import { account, prepareRows } from './rest/site.ts';
import { medianOf, quantileOf } from './table/summary.ts';

const peers = {
  query: 'the bare SQLite query, in process',
  http: 'the same query behind node:http, JSON.stringify',
  alone: 'the same client without them',
};

/** Who answers the same questions. */
interface Contenders {
  readonly ours: HttpClient;
  readonly oursPid: number;
  readonly peer: HttpClient;
  readonly peerPid: number;
  readonly bare: ReturnType<typeof openBareDatabase>;
}

const peerPath = (question: number, params: unknown): string =>
  `/${question}?${encodeURIComponent(JSON.stringify(params))}`;

/** Throws unless both sides give the same rows. */
async function compareAnswers(contenders: Contenders, questions: readonly Question[]): Promise<void> {
  for (const [number, question] of questions.entries()) {
    for (let i = 0; i < 5; i++) {
      const { path, params } = question.ask(i);
      const parse = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());
      const mine = idsOf(question, parse((await contenders.ours.send(path)).bytes));
      const theirs = idsOf(question, parse((await contenders.peer.send(peerPath(number, params))).bytes));
      if (JSON.stringify(mine) !== JSON.stringify(theirs)) throw new Error(`${path}: the rows differ`);
      if (mine.length !== (question.single ? 1 : 100)) throw new Error(`${path}: ${mine.length} rows`);
    }
  }
}

/** One round of one question, request by request in turn. */
async function* askInTurn(
  contenders: Contenders,
  question: Question,
  number: number,
  first: number,
  count: number,
): AsyncGenerator<Sample> {
  const ms = { ours: [] as number[], http: [] as number[], query: [] as number[] };
  const { ours, oursPid, peer, peerPid, bare } = contenders;
  const before = { ours: mainThreadMs(oursPid), http: mainThreadMs(peerPid) };
  for (let i = first; i < first + count; i++) {
    const { path, params } = question.ask(i);
    const askOurs = async (): Promise<void> => {
      ms.ours.push((await ours.send(path)).ms);
    };
    const askPeer = async (): Promise<void> => {
      ms.http.push((await peer.send(peerPath(number, params))).ms);
    };
    const askBare = (): void => {
      const startedAt = performance.now();
      bare.answer(number, params);
      ms.query.push(performance.now() - startedAt);
    };
    // Who comes first finds the pages of the file cold.
    if (i % 2 === 0) await askOurs();
    await askPeer();
    askBare();
    if (i % 2 === 1) await askOurs();
  }
  const p50 = { ours: medianOf(ms.ours), http: medianOf(ms.http), query: medianOf(ms.query) };
  const common = { unit: 'ms', better: 'lower' } as const;
  const { name } = question;
  yield { ...common, case: `${name} over HTTP, p50`, ours: p50.ours, peer: peers.http, peerValue: p50.http };
  yield {
    ...common,
    case: `${name} against the query alone, p50`,
    ours: p50.ours,
    peer: peers.query,
    peerValue: p50.query,
  };
  yield {
    ...common,
    case: `${name}, main thread`,
    ours: (mainThreadMs(oursPid) - before.ours) / count,
    peer: peers.http,
    peerValue: (mainThreadMs(peerPid) - before.http) / count,
  };
}

interface NeighbourState {
  /** Slow clients that there should be, and that were connected at the end. */
  wanted: number;
  open: number;
  refusedLogins: number;
}

interface GoodTimes {
  get: number[];
  post: number[];
}

async function beGood(client: HttpClient, face: Question, first: number, gets: number): Promise<GoodTimes> {
  const times: GoodTimes = { get: [], post: [] };
  for (let i = first; i < first + gets; i++) {
    times.get.push((await client.send(face.ask(i).path)).ms);
    if (i % 10 === 0) times.post.push((await client.send('/6/faces', { user_data: `new ${i}` })).ms);
  }
  return times;
}

/** A good client without and with bad neighbours. */
async function* besideOthers(
  client: HttpClient,
  neighbours: Child,
  command: 'slow' | 'logins',
  face: Question,
  round: number,
  gets: number,
): AsyncGenerator<Sample> {
  const alone = await beGood(client, face, round * 2 * gets, gets);
  await neighbours.ask(command);
  await sleep(1000);
  const beside = await beGood(client, face, (round * 2 + 1) * gets, gets);
  const state = await neighbours.ask<NeighbourState>('none');
  if (command === 'logins' && state.refusedLogins === 0) throw new Error('no login was refused');
  if (command === 'slow' && state.open < 0.9 * state.wanted) {
    throw new Error(`only ${state.open} of ${state.wanted} slow clients were connected to the end`);
  }
  const what = command === 'slow' ? 'slow clients' : 'failing logins';
  for (const kind of ['get', 'post'] as const) {
    for (const part of [0.5, 0.99]) {
      yield {
        case: `${kind.toUpperCase()} beside ${what}, p${part * 100}`,
        unit: 'ms',
        better: 'lower',
        ours: quantileOf(beside[kind], part),
        peer: peers.alone,
        peerValue: quantileOf(alone[kind], part),
      };
    }
  }
  await sleep(500);
}

async function* run(context: BenchContext): AsyncIterable<Sample> {
  const { quick, progress } = context;
  const rows = quick ? 50_000 : 1_000_000;
  const [rounds, asked, slowRounds, gets] = quick ? [2, 50, 2, 500] : [7, 100, 5, 3000];
  const dataDir = context.dataDir ?? mkdtempSync(join(tmpdir(), 'perigee-bench-rest-'));
  mkdirSync(dataDir, { recursive: true });
  const ends: (() => unknown)[] = [];
  try {
    progress(`${rows} faces and ${rows} events in ${dataDir}`);
    prepareRows(dataDir, rows, progress);
    const daemon = await startDaemonProcess({ dataDir });
    ends.push(() => daemon.end('SIGTERM'));
    const { child, greeting } = await startChild<{ port: number }>('peer', [databaseFile(dataDir), rows]);
    ends.push(() => child.end());
    const contenders: Contenders = {
      ours: createClient(daemon.restUrl),
      oursPid: daemon.pid,
      peer: createClient(`http://127.0.0.1:${greeting.port}`),
      peerPid: child.pid,
      bare: openBareDatabase(databaseFile(dataDir), rows),
    };
    ends.push(
      () => contenders.ours.close(),
      () => contenders.peer.close(),
      () => contenders.bare.close(),
    );
    const questions = questionsFor(rows);
    const [face] = questions;
    if (!face) throw new Error('there are no questions');
    await compareAnswers(contenders, questions);
    for (const [number, question] of questions.entries()) {
      for await (const _ of askInTurn(contenders, question, number, 10_000, 2 * asked)) void _;
    }
    for (let round = 0; round < rounds; round++) {
      for (const [number, question] of questions.entries()) {
        yield* askInTurn(contenders, question, number, round * asked, asked);
      }
    }
    const large = await contenders.ours.send('/6/objects', 'x'.repeat(24 * 1024 * 1024));
    const { url } = JSON.parse(Buffer.from(large.bytes).toString()) as { url: string };
    const [slow, logins] = quick ? [100, 8] : [500, 16];
    const neighbours = await startChild('slow', [daemon.restUrl, account, url, slow, logins]);
    ends.push(() => neighbours.child.end());
    for (const command of ['slow', 'logins'] as const) {
      for (let round = 0; round < slowRounds; round++) {
        progress(`beside ${command}, round ${round + 1} of ${slowRounds}`);
        yield* besideOthers(contenders.ours, neighbours.child, command, face, round, gets);
      }
    }
  } finally {
    for (const end of ends.reverse()) await end();
    if (context.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

export const bench: BenchDefinition = {
  name: 'rest',
  description:
    'Reads over REST from a daemon with a million faces and as many events, against the same SQL in process and behind ' +
    'a bare node:http server; and what a good client notices of 500 slow ones, and of failing logins. FOLDER keeps the rows.',
  run,
};
