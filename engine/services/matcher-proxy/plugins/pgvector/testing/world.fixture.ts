/** For tests: faces in a matcher, and a proxy whose plugin keeps them in PostgreSQL. */
import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { CandidateFilters, type CandidateSet } from '#contract/matching/candidates';
import type { Log } from '#kernel/log';
import { accountA, type World } from '../../../../matcher/matcher.fixture.ts';
import { createFacesForPlugins } from '../../../faces-for-plugins.ts';
import { createMatcherProxy } from '../../../matcher-proxy.service.ts';
import { MatcherProxySettings } from '../../../matcher-proxy.settings.ts';
import type { PluginFactory, SubRequest } from '../../../plugin.ts';
import type { Connect } from '../database.ts';
import { createPgvectorPlugin } from '../pgvector.plugin.ts';
import { connectPostgres } from '../postgres.ts';

export function set(filters: Record<string, unknown>, more: Partial<CandidateSet> = {}): CandidateSet {
  return { filters: CandidateFilters.parse({ origin: 'faces', ...filters }), limit: 5, threshold: 0, ...more };
}

/** Faces sent to PostgreSQL by a statement; what a plugin writes is seen by what it sends. */
const sentBy = (text: string, params: readonly unknown[]): number =>
  text.includes('INSERT INTO') && text.includes('.face_') ? (JSON.parse(String(params[2])) as unknown[]).length : 0;

export interface WatchedProxy {
  readonly proxy: ReturnType<typeof createMatcherProxy>;
  /** What became of the requests the plugin took. */
  readonly answered: number;
  readonly refused: number;
  readonly sent: number;
  cost(set: CandidateSet): number;
  /** Waits until the plugin answers. */
  inStep(): Promise<void>;
  /** Asks both; true if the plugin answered. Fails unless they agree. */
  agree(vector: Float32Array, set: CandidateSet, visibleTo?: string | null, version?: number): Promise<boolean>;
}

export async function openProxy(
  world: World,
  pgvector: Record<string, unknown>,
  options: {
    beforeQuery?: (text: string) => void | Promise<void>;
    proxy?: Partial<MatcherProxySettings>;
    log?: Log;
  } = {},
): Promise<WatchedProxy> {
  const { storage, matcher, clock } = world;
  const { log = world.log } = options;
  const seen = { answered: 0, refused: 0, sent: 0 };
  const connect: Connect = async (to) => {
    const db = await connectPostgres(to);
    return {
      close: db.close,
      async query(text, params = [], more) {
        await options.beforeQuery?.(text);
        seen.sent += sentBy(text, params);
        return db.query(text, params, more);
      },
    };
  };
  const plugin = createPgvectorPlugin(connect);
  const create: PluginFactory = () => ({
    ...plugin,
    async match(request, signal) {
      try {
        const answer = await plugin.match(request, signal);
        seen.answered += 1;
        return answer;
      } catch (error) {
        seen.refused += 1;
        throw error;
      }
    },
  });
  const proxy = createMatcherProxy({
    matcher,
    plugins: [{ name: 'pgvector', create }],
    context: createFacesForPlugins({ storage, matcher, log }),
    settings: MatcherProxySettings.parse({
      enabled: true,
      plugin_timeout_ms: 5000,
      plugin_settings: {
        pgvector: { reconnect_min_ms: 5, reconnect_max_ms: 20, search_timeout_ms: 4000, ...pgvector },
      },
      ...options.proxy,
    }),
    clock,
    log,
  });
  await proxy.start();
  await proxy.ready();
  const costOf = ({ filters, limit, threshold }: CandidateSet, version = 20001): number => {
    const reference = { type: 'raw_descriptor', id: '', version, vector: new Float32Array(128) };
    return plugin.cost({ reference, filters, limit, threshold, visibleTo: null } satisfies SubRequest);
  };
  return {
    proxy,
    get answered() {
      return seen.answered;
    },
    get refused() {
      return seen.refused;
    },
    get sent() {
      return seen.sent;
    },
    cost: costOf,
    async inStep() {
      await matcher.catchUp();
      for (const deadline = Date.now() + 15_000; costOf(set({})) === Number.POSITIVE_INFINITY; await pause(5)) {
        if (Date.now() > deadline) throw new Error('the plugin did not come into step');
      }
    },
    async agree(vector, candidates, visibleTo = accountA, version = 20001) {
      const before = seen.answered;
      const answer = await proxy.matchVector({ version, vector }, candidates, visibleTo);
      assert.equal(answer, await matcher.matchVector({ version, vector }, candidates, visibleTo));
      return seen.answered > before;
    },
  };
}
