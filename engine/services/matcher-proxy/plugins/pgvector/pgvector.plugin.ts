import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DescriptorVersion } from '#domain/descriptor';
import { descriptorVersions, exactScore, similarityOf } from '#domain/similarity';
import { type MatchPlugin, type PluginContext, Rematch, type SubRequest } from '../../plugin.ts';
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
  let context: PluginContext | undefined;
  let settings: PgvectorSettings | undefined;
  let keeper: Keeper | undefined;

  const ask = async (
    from: Keeper,
    by: PgvectorSettings,
    sight: Sight,
    version: DescriptorVersion,
    request: SubRequest,
    count: number,
    nowMs: number,
  ): Promise<SearchAnswer> => {
    const { text, params } = searchStatement(by, version, request, count, nowMs);
    try {
      const answer = readAnswer(await sight.db.query(text, params));
      if (answer.owner === sight.owner && answer.writes >= sight.writes) return answer;
      throw new Error('PostgreSQL does not hold what was written');
    } catch (error) {
      if (isOfStatement(error)) throw error;
      from.lost(sight, error);
      throw new Rematch('PostgreSQL is gone');
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
    async init(given) {
      const parsed = PgvectorSettings.parse(given.settings ?? {});
      context = given;
      settings = parsed;
      const { schema, mode, cost } = parsed;
      given.log.info(
        { schema, mode, cost, exact: mode === 'exact' },
        mode === 'exact' ? 'pgvector answers exactly' : 'pgvector answers approximately: it may leave candidates out',
      );
      // In the background: a PostgreSQL that is not there yet keeps nobody from starting.
      keeper = createKeeper({ context: given, settings: parsed, connect });
    },
    async close() {
      await keeper?.close();
      keeper = undefined;
      context = undefined;
    },
    cost(request) {
      const isEligible = descriptorVersions.has(request.reference.version) && canAnswer(request);
      return settings && isEligible && keeper?.isInStep() ? settings.cost : Number.POSITIVE_INFINITY;
    },
    async match(request, signal) {
      const version = descriptorVersions.get(request.reference.version);
      if (!keeper || !context || !settings || !version || !canAnswer(request)) throw new Rematch('cannot answer');
      const nowMs = context.clock.now();
      const sight = await keeper.sight().catch((error: Error) => {
        throw new Rematch(error.message);
      });
      const { limit, threshold, reference } = request;
      const first = Math.min(mostRows, limit * settings.oversampling + spare);
      for (let count = first; count <= mostRows && !signal.aborted; count *= 4) {
        const { keys, highest } = await ask(keeper, settings, sight, version, request, count, nowMs);
        const scored = await score(context, version, request, keys);
        const best = scored
          .slice(0, limit)
          .map((one) => ({ id: one.id, similarity: similarityOf(version, one.score) }));
        if (settings.mode === 'hnsw' || keys.length < count) return best;
        const bound = scoreBound(version, reference.vector, highest);
        const last = scored[limit - 1];
        if (last ? bound < last.score : similarityOf(version, bound) < threshold) return best;
      }
      throw new Rematch('half precision cannot tell the last candidates apart');
    },
  };
}
