import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouter, type LunaRouter } from '#contract/http/http';
import type { Caller } from '#domain/access';
import { createSeededChance } from '#kernel/chance';
import { type Clock, createFixedClock } from '#kernel/clock';
import { LunaError, toErrorBody } from '#kernel/errors';
import { createIds, type Ids } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { openStorage, type Storage } from '#storage/storage';

/** What a test of routes stands on: real storage, a clock that it moves, and an application without a socket. */
export interface RouteBench {
  readonly storage: Storage;
  readonly clock: ReturnType<typeof createFixedClock>;
  readonly ids: Ids;
  /** Sends a request as `caller` of the options, or as nobody. A plain object is sent as JSON. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): void;
}

export interface CallOptions {
  caller?: Caller | null;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed body of a JSON answer, else its text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
  bytes: Uint8Array;
}

export const startOfTest = Date.parse('2026-03-05T10:20:30.123Z');
export const accountA = 'aaaaaaaa-0000-4000-8000-000000000001';
export const accountB = 'bbbbbbbb-0000-4000-8000-000000000002';

export function callerOfAccount(accountId: string, more: Partial<Caller> = {}): Caller {
  return {
    accountId,
    accountType: 'user',
    via: 'account_id',
    permissions: null,
    seesAllAccounts: false,
    ...more,
  };
}

/** Mounts what `routersOf` makes as the REST application does, without the `/6`. `file`: a database on disk. */
export function openRouteBench(
  routersOf: (deps: { storage: Storage; clock: Clock; ids: Ids }) => readonly LunaRouter[],
  options: Partial<Parameters<typeof openStorage>[0]> = {},
): RouteBench {
  const filesDir = options.filesDir ?? mkdtempSync(join(tmpdir(), 'perigee-files-'));
  const storage = openStorage({ file: ':memory:', log: createLog('silent'), ...options, filesDir });
  const clock = createFixedClock(startOfTest);
  const ids = createIds({ clock, chance: createSeededChance(7) });
  const app = createRouter();
  app.onError((error, context) => {
    if (!(error instanceof LunaError)) throw error;
    return context.json(toErrorBody(error), error.status as 500);
  });
  app.use(async (context, next) => {
    context.set('requestId', '1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a');
    context.set('caller', (context.env as { caller: Caller | null }).caller);
    await next();
  });
  for (const router of routersOf({ storage, clock, ids })) app.route('/', router);
  return {
    storage,
    clock,
    ids,
    async call(method, path, { caller: as = callerOfAccount(accountA), body, headers = {} } = {}) {
      const raw = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData;
      const request: RequestInit = {
        method,
        headers: body === undefined || raw ? headers : { 'Content-Type': 'application/json', ...headers },
      };
      if (body !== undefined) request.body = raw ? (body as FormData) : JSON.stringify(body);
      const response = await app.request(path, request, { caller: as });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
      const text = isJson || bytes.length < 4096 ? Buffer.from(bytes).toString() : '';
      return {
        status: response.status,
        headers: response.headers,
        body: isJson && text ? JSON.parse(text) : text,
        bytes,
      };
    },
    close() {
      storage.close();
      if (!options.filesDir) rmSync(filesDir, { recursive: true, force: true });
    },
  };
}
