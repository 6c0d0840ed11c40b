/** The SQL of a search, and what its answer proves. */
import { toFaceConditions } from '#contract/matching/face-filters';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import type { SubRequest } from '../../plugin.ts';
import type { Row } from './database.ts';
import type { PgvectorSettings } from './pgvector.settings.ts';
import { roundVector, sumError, toStoredText } from './rows.ts';
import { facesOf, operatorsOf, stateOf } from './tables.ts';

export interface Statement {
  readonly text: string;
  readonly params: readonly unknown[];
}

/** Filters of faces that the tables can answer. */
const answeredFilters = new Set([
  'origin',
  'account_id',
  'list_id',
  'face_ids',
  'external_ids',
  'user_data',
  'create_time__gte',
  'create_time__lt',
]);

export function canAnswer({ filters }: Pick<SubRequest, 'filters'>): boolean {
  if (filters.origin !== 'faces') return false;
  return Object.entries(filters).every(([name, value]) => value === undefined || answeredFilters.has(name));
}

const columnTypes: Readonly<Record<string, 'uuid' | 'text'>> = {
  face_id: 'uuid',
  account_id: 'uuid',
  list_id: 'uuid',
  external_id: 'text',
  user_data: 'text',
};

/** SQL that holds for the rows of a request, its parameters appended to `params`. `canAnswer` must be true. */
function conditionsOf({ filters, visibleTo }: SubRequest, nowMs: number, params: unknown[]): string {
  if (filters.origin !== 'faces') throw new TypeError('only faces are kept here');
  const bind = (value: unknown): string => `$${params.push(value)}`;
  const conditions = toFaceConditions(filters, nowMs);
  const account = visibleTo === null ? [] : [{ column: 'account_id', oneOf: [visibleTo] } as const];
  const parts = [...conditions, ...account].map((condition) => {
    if ('oneOf' in condition) {
      const type = columnTypes[condition.column];
      const values = condition.oneOf.map((value) => (type === 'text' ? toStoredText(String(value)) : value));
      const array = `ARRAY(SELECT value::${type} FROM jsonb_array_elements_text(${bind(JSON.stringify(values))}::jsonb))`;
      return condition.column === 'list_id' ? `lists && ${array}` : `${condition.column} = ANY(${array})`;
    }
    const bound = 'atLeast' in condition ? condition.atLeast : 'below' in condition ? condition.below : undefined;
    if (bound === undefined) throw new TypeError(`no condition of faces: ${JSON.stringify(condition)}`);
    const ms = Math.min(Number.MAX_SAFE_INTEGER, Math.max(Number.MIN_SAFE_INTEGER, Math.ceil(Number(bound))));
    return `create_time ${'atLeast' in condition ? '>=' : '<'} ${bind(ms)}::bigint`;
  });
  return parts.length > 0 ? parts.join(' AND ') : 'true';
}

/**
 * The `count` rows nearest to the reference, as face_key and `low`, beside the state they were read in; one row without
 * a face_key when there are none.
 *
 * Exact mode orders by the least distance that a row can have at full precision. No index knows that expression, so that
 * every row that fits is compared, whatever indexes somebody made. HNSW mode orders by the distance, for the index.
 */
export function searchStatement(
  settings: Pick<PgvectorSettings, 'schema' | 'mode'>,
  version: DescriptorVersion,
  request: SubRequest,
  count: number,
  nowMs: number,
): Statement {
  const params: unknown[] = [roundVector(version, request.reference.vector).text, count];
  const where = conditionsOf(request, nowMs, params);
  const distance = `vector ${operatorsOf(version).distance} $1::halfvec(${version.length})`;
  const low = settings.mode === 'exact' ? `(${distance}) - rounding` : distance;
  return {
    text: `SELECT state.owner, state.writes, found.face_key, found.low FROM ${stateOf(settings.schema)} AS state
      LEFT JOIN LATERAL (SELECT face_key, ${low} AS low FROM ${facesOf(settings.schema, version)}
        WHERE ${where} ORDER BY ${low} LIMIT $2::bigint) AS found ON true`,
    params,
  };
}

export interface SearchAnswer {
  readonly owner: string | null;
  readonly writes: number;
  readonly keys: readonly number[];
  /** No row that was left out has a lower one; -Infinity when there is no row. */
  readonly highest: number;
}

export function readAnswer(rows: readonly Row[]): SearchAnswer {
  const [state] = rows;
  const found = rows.filter((row) => row['face_key'] !== null);
  return {
    owner: state ? String(state['owner']) : null,
    writes: Number(state?.['writes'] ?? -1),
    keys: found.map((row) => Number(row['face_key'])),
    highest: found.reduce((highest, row) => Math.max(highest, Number(row['low'])), Number.NEGATIVE_INFINITY),
  };
}

/** For rounding in f64, many times what it can be. */
const slack = 1e-9;

/**
 * No row left out by an exact search has a higher score (-distance or cosine) at full precision.
 *
 * Let D be the distance that pgvector computes from halves, e what rounding changed of the row's distance and q of the
 * reference's. Euclidean: D <= (1 + g) times the distance of the halves for g = `sumError`, so that the true distance is
 * at least D(1 - g) - e - q by the triangle inequality. A row left out has D - r >= `highest` with r = e(1 + 2g), and
 * D(1 - g) - e >= (D - r)(1 - g). Cosine: 1 - cos is within 3g of what pgvector computes (the product and two squared
 * lengths, each within g), and angles e and q change it by no more than e + q.
 */
export function scoreBound(version: DescriptorVersion, reference: Float32Array, highest: number): number {
  const { rounding } = roundVector(version, reference);
  const error = sumError(version);
  if (version.metric === 'euclidean') return -Math.max(0, highest * (1 - error) - rounding - slack);
  return 1 - (highest - 3 * error - rounding - slack);
}
