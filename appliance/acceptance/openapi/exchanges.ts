/**
 * What acceptance suites said and were answered. Each suite is a process of its own; what it exchanged is kept in a file,
 * for the one test that lets Prism judge all of it (`through-prism.test.ts`).
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OwnPortService } from '#contract/settings/own-ports';
import type { Document, Route } from './document.ts';

/** The port that answered: each has a document of its own. */
export type Port = 'public' | OwnPortService;

export interface Exchange {
  /** Equal for exchanges that no judge could tell apart. */
  readonly meaning: string;
  readonly port: Port;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly requestHeaders: [name: string, value: string][];
  /** Base64, as is `body`. Null: none was sent. */
  readonly requestBody: string | null;
  readonly status: number;
  readonly headers: [name: string, value: string][];
  readonly body: string;
}

export interface KeptExchanges {
  /** The documents of the ports that answered. */
  readonly documents: Partial<Record<Port, Document>>;
  readonly exchanges: readonly Exchange[];
}

const folder = 'dist/exchanges';

/** A run of the tests: the process that starts the suites, and when that was started (clock ticks since boot). */
export function testRun(pid: number): string {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return `${pid}-${fields[19]}`;
}
/** What is set in suites that are not started by the runner itself, so that they count as part of its run. */
export const testRunVariable = 'PERIGEE_TEST_RUN';

const ownRun = (): string => process.env[testRunVariable] ?? testRun(process.ppid);
const fileOf = (suite: string, kind: 'json' | 'pid'): string => join(folder, `${suite.replaceAll('/', '+')}.${kind}`);

interface Keeper extends KeptExchanges {
  documents: Partial<Record<Port, Document>>;
  exchanges: Exchange[];
  /** Of exchanges that say the same, one is kept. */
  known: Set<string>;
}
let keeper: Keeper | undefined;

/** Begins a file for the suite that runs in this process; it is there when the process has ended. */
function openKeeper(suite: string): Keeper {
  const opened: Keeper = { documents: {}, exchanges: [], known: new Set() };
  mkdirSync(folder, { recursive: true });
  rmSync(fileOf(suite, 'json'), { force: true });
  writeFileSync(fileOf(suite, 'pid'), `${process.pid}`);
  process.once('exit', () => {
    const { documents, exchanges } = opened;
    writeFileSync(fileOf(suite, 'json'), JSON.stringify({ run: ownRun(), documents, exchanges }));
    rmSync(fileOf(suite, 'pid'), { force: true });
  });
  return opened;
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('base64');

interface AnswerText {
  status: number;
  headers: Headers;
  text: string;
}

/**
 * What of an exchange a judge could judge otherwise than that of another one: of errors the number, of good answers all
 * but ids and times.
 */
function meaningOf(port: Port, { method, path }: Route, request: string, answer: AnswerText): string {
  const { status, text } = answer;
  const names = [...answer.headers.keys()].join();
  if (status >= 400) return `${port} ${method} ${path} ${status} ${/"error_code":\d+/.exec(text)?.[0]} ${names}`;
  const plain = (words: string): string =>
    words
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\dZ]*/g, 'time');
  return sha256(`${port} ${method} ${path} ${status} ${names} ${plain(request)} ${plain(text)}`);
}

/** Keeps one exchange when a test file is being run. Reads a clone of the answer. */
export async function keepExchange(
  port: Port,
  document: Document,
  told: { route: Route; request: Request; body: Uint8Array | null; answer: Response },
): Promise<void> {
  const suite = process.argv[2];
  if (!suite?.endsWith('.test.ts')) return;
  keeper ??= openKeeper(suite);
  const { route, request, body, answer } = told;
  const { pathname, search } = new URL(request.url);
  const answered = Buffer.from(await answer.clone().arrayBuffer());
  const type = request.headers.get('content-type')?.replace(/boundary=.*/, '');
  const sent = `${type} ${search} ${body ? (type?.includes('json') ? Buffer.from(body) : body.length) : ''}`;
  const { status, headers } = answer;
  const meaning = meaningOf(port, route, sent, { status, headers, text: answered.toString('latin1') });
  if (keeper.known.has(meaning)) return;
  keeper.known.add(meaning);
  keeper.documents[port] ??= document;
  keeper.exchanges.push({
    meaning,
    port,
    method: request.method,
    target: pathname + search,
    requestHeaders: [...request.headers],
    requestBody: body && Buffer.from(body).toString('base64'),
    status,
    headers: [...headers],
    body: answered.toString('base64'),
  });
}

/** Whether a suite is running just now, in another process. */
export function isRunning(suite: string): boolean {
  try {
    process.kill(Number(readFileSync(fileOf(suite, 'pid'), 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

/** What a suite exchanged in this run of the tests; undefined when it has not ended one yet. */
export function readKept(suite: string, run: string): KeptExchanges | undefined {
  if (!existsSync(fileOf(suite, 'json'))) return undefined;
  const kept = JSON.parse(readFileSync(fileOf(suite, 'json'), 'utf8')) as KeptExchanges & { run: string };
  return kept.run === run ? kept : undefined;
}
