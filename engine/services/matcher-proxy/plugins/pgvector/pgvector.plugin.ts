import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { descriptorVersions, exactScore, similarityOf } from '#domain/descriptor/similarity';
import type { MatchPlugin, PluginContext, SubRequest } from '../../plugin.ts';
import { type Connect, isOfStatement } from './database.ts';
import { createKeeper, type Keeper, type Sight } from './keeper.ts';
import { PgvectorSettings } from './pgvector.settings.ts';
import { connectPostgres } from './postgres.ts';
import { vectorOf } from './rows.ts';
import { canAnswer, readAnswer, type SearchAnswer, scoreBound, searchStatement } from './search.ts';

/** Read beyond the limit, so that small limits are proven at once as well. */
const spare = 16;
/** Past this many rows of one search the Python Matcher is the better place. */
const mostRows = 16_384;
const facesPerSlice = 256;

interface Scored {
  readonly id: string;
  readonly score: number;
}

interface Opened {
  readonly context: PluginContext;
  readonly settings: PgvectorSettings;
  readonly keeper: Keeper;
}

/**
 * pgvector plugin: the faces lie in PostgreSQL as half-precision vectors and are searched there, for galleries past what
 * one box can scan. SQLite stays the truth; `keeper.ts` keeps PostgreSQL in step with it, and while it is not, or is not
 * there, the cost is Infinity and the Python Matcher answers.
 *
 * Answers candidates of origin faces with the filters of `canAnswer`. Rows are compared again with the vectors of the
 * appliance, and an exact answer is given only if `scoreBound` proves that no row left out belongs in it: more rows are
 * read otherwise, and past `mostRows` the Python Matcher answers. In mode hnsw nothing is proven.
 */
export function createPgvectorPlugin(connect: Connect = connectPostgres): MatchPlugin {
  let opened: Opened | undefined;
  /** Searches that PostgreSQL has not answered yet, those that nobody waits for any more included. */
  let underWay = 0;

  const ask = async (
    { keeper, settings, context }: Opened,
    sight: Sight,
    version: DescriptorVersion,
    request: SubRequest,
    count: number,
    nowMs: number,
  ): Promise<SearchAnswer> => {
    const { text, params } = searchStatement(settings, version, request, count, nowMs);
    // It would wait for a connection on PostgreSQL's time, and look as if the connection were lost.
    if (underWay >= settings.connections) throw context.rematch('every connection is busy');
    underWay += 1;
    try {
      const answer = readAnswer(await sight.db.query(text, params));
      if (answer.owner === sight.owner && answer.writes >= sight.writes) return answer;
      throw new Error('PostgreSQL does not hold what was written');
    } catch (error) {
      if (isOfStatement(error)) throw error;
      keeper.lost(sight, error);
      throw context.rematch('PostgreSQL is gone');
    } finally {
      underWay -= 1;
    }
  };

  /** Exact scores of those that are there and similar enough, best first, equals by id. */
  const score = async (
    from: PluginContext,
    version: DescriptorVersion,
    { reference, threshold }: SubRequest,
    keys: readonly number[],
  ): Promise<Scored[]> => {
    const scored: Scored[] = [];
    for (let start = 0; start < keys.length; start += facesPerSlice) {
      if (start > 0) await nextTurn();
      for (const face of from.readFaces(keys.slice(start, start + facesPerSlice))) {
        const vector = vectorOf(face, version);
        if (vector) scored.push({ id: face.face_id, score: exactScore(version, reference.vector, vector) });
      }
    }
    return scored
      .filter((one) => similarityOf(version, one.score) >= threshold)
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  };

  return {
    name: 'pgvector',
    async init(context) {
      const settings = PgvectorSettings.parse(context.settings ?? {});
      const { schema, mode, cost } = settings;
      context.log.info(
        { schema, mode, cost, exact: mode === 'exact' },
        mode === 'exact' ? 'pgvector answers exactly' : 'pgvector answers approximately: it may leave candidates out',
      );
      // In the background: a PostgreSQL that is not there yet keeps nobody from starting.
      opened = { context, settings, keeper: createKeeper({ context, settings, connect }) };
    },
    async close() {
      const { keeper } = opened ?? {};
      opened = undefined;
      await keeper?.close();
    },
    concurrency: () => opened?.settings.connections ?? 1,
    isApproximate: () => opened?.settings.mode === 'hnsw',
    problem: () => opened?.keeper.problem(),
    cost(request) {
      const isEligible = descriptorVersions.has(request.reference.version) && canAnswer(request);
      return opened && isEligible && opened.keeper.isInStep() ? opened.settings.cost : Number.POSITIVE_INFINITY;
    },
    async match(request, signal) {
      const version = descriptorVersions.get(request.reference.version);
      if (!opened || !version || !canAnswer(request)) throw new Error('asked for what it said that it cannot answer');
      const by = opened;
      const { context, settings } = by;
      const nowMs = context.clock.now();
      const sight = await by.keeper.sight().catch((error: Error) => {
        throw context.rematch(error.message);
      });
      const { limit, threshold, reference } = request;
      const first = Math.min(mostRows, limit * settings.oversampling + spare);
      for (let count = first; count <= mostRows && !signal.aborted; count *= 4) {
        const { keys, highest } = await ask(by, sight, version, request, count, nowMs);
        const scored = await score(context, version, request, keys);
        const best = scored
          .slice(0, limit)
          .map((one) => ({ id: one.id, similarity: similarityOf(version, one.score) }));
        if (settings.mode === 'hnsw') {
          const { hnsw_m, hnsw_ef_search } = settings;
          context.log.info({ limit, read: keys.length, hnsw_m, hnsw_ef_search }, 'this answer is approximate: by HNSW');
          return best;
        }
        if (keys.length < count) return best;
        const bound = scoreBound(version, reference.vector, highest);
        const last = scored[limit - 1];
        if (last ? bound < last.score : similarityOf(version, bound) < threshold) return best;
      }
      throw context.rematch('half precision cannot tell the last candidates apart');
    },
  };
}
