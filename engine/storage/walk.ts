import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Condition, RowOrder } from '#domain/conditions';
import type { Database, SqlValue } from './database.ts';
import { allOf, type MemberTable, type SqlPart, toSql } from './where.ts';

/**
 * Reads many rows without holding the thread. A query is answered by walking one index in the asked order; conditions
 * that the index does not answer are tested on slices of it, and between two slices everybody else has a turn. So a rare
 * predicate over a million events takes its half second, but no other request waits for more than one slice.
 */

/** What the planner has to know of a table. Indexes are named, because SQLite chooses without statistics. */
export interface TableShape {
  readonly name: string;
  readonly key: string;
  readonly idColumn: string;
  readonly idIndex: string;
  /** Indexes `(column, create_time)`, those with the fewest rows per value first. `where`: of a partial index. */
  readonly entries: readonly { readonly column: string; readonly index: string; readonly where?: string }[];
  /** Index `(account_id, create_time)` and index `(create_time)`. */
  readonly accountIndex: string;
  readonly timeIndex: string;
  readonly memberTables: Readonly<Record<string, MemberTable>>;
}

interface Plan {
  readonly from: string;
  /** `walk`: slices along an index. `set`: few enough rows to read and sort them at once. */
  readonly kind: 'walk' | 'set';
  /** What the index itself answers. */
  readonly bounds: readonly SqlPart[];
  readonly residual: readonly SqlPart[];
  /** The column the walk goes along. */
  readonly by: string;
  readonly descending: boolean;
}

/** Up to so many rows are read and sorted at once instead of being met on a walk. */
const smallSet = 4096;
const firstSlice = 512;
const largestSlice = 16_384;
/** A walk over no more rows than this is not worth a search for a better way. */
const shortWalk = 32_768;
/** Others have a turn after the slice that makes it so many rows. */
const rowsPerTurn = 2048;
/** Milliseconds of a slice, roughly. */
const sliceMs = 4;

const single = (condition: Condition<string>): boolean =>
  'oneOf' in condition && condition.oneOf.length === 1 && condition.oneOf[0] !== null;
const present = (condition: Condition<string>): condition is { column: string; oneOf: readonly (string | number)[] } =>
  'oneOf' in condition && condition.oneOf.length > 0 && !condition.oneOf.includes(null);
const columnOf = (condition: Condition<string>): string | undefined =>
  'column' in condition ? condition.column : undefined;
const isRange = (condition: Condition<string>): boolean =>
  'atLeast' in condition || 'atMost' in condition || 'above' in condition || 'below' in condition;

function planWalk(
  db: Database,
  shape: TableShape,
  conditions: readonly Condition<string>[],
  order: RowOrder,
  /** Whether to look for conditions that few rows meet: costs up to a millisecond each. */
  probing: boolean,
): Plan {
  const { name, key } = shape;
  const parts = new Map(conditions.map((c) => [c, toSql(c, name, key, shape.memberTables)]));
  const by = order.by === 'id' ? shape.idColumn : 'create_time';
  const partOf = (condition: Condition<string>): SqlPart => parts.get(condition) ?? { sql: '0', params: [] };
  const along = (index: string, prefix: readonly Condition<string>[], where?: string): Plan => {
    const bounded = conditions.filter((c) => prefix.includes(c) || (columnOf(c) === by && isRange(c)));
    return {
      from: `${name} INDEXED BY ${index}`,
      kind: 'walk',
      bounds: [...bounded.map(partOf), ...(where ? [{ sql: where, params: [] }] : [])],
      residual: conditions.filter((c) => !bounded.includes(c)).map(partOf),
      by,
      descending: order.descending,
    };
  };
  const all = [...parts.values()];
  const set = (from: string, more: readonly SqlPart[]): Plan => ({
    from,
    kind: 'set',
    bounds: [...more, ...all],
    residual: [],
    by,
    descending: order.descending,
  });
  const isSmall = (from: string, part: SqlPart): boolean => {
    if (!probing) return false;
    const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} WHERE ${part.sql} LIMIT ${smallSet + 1})`;
    return (db.prepareAnew<{ n: number }>(`${name}.probe`, sql).get(...part.params)?.n ?? 0) <= smallSet;
  };

  const byId = conditions.find((c) => columnOf(c) === shape.idColumn && present(c));
  if (byId) return set(`${name} INDEXED BY ${shape.idIndex}`, []);
  for (const { column, index, where } of shape.entries) {
    const condition = conditions.find((c) => columnOf(c) === column && present(c));
    if (!condition || ('oneOf' in condition && condition.oneOf.includes(''))) continue;
    if (single(condition) && order.by === 'create_time') return along(index, [condition], where);
    const more = where ? [{ sql: where, params: [] }] : [];
    const from = `${name} INDEXED BY ${index}`;
    if (isSmall(from, allOf([partOf(condition), ...more]))) return set(from, more);
  }
  for (const condition of conditions) {
    const members = shape.memberTables[columnOf(condition) ?? ''];
    if (!members || !present(condition) || !single(condition)) continue;
    const part = { sql: `${members.table}.${members.column} = ?`, params: [condition.oneOf[0] ?? null] };
    if (!isSmall(members.table, part)) continue;
    return set(`${members.table} CROSS JOIN ${name} ON ${name}.${key} = ${members.table}.${key}`, [part]);
  }
  if (order.by === 'id') return along(shape.idIndex, []);
  const account = conditions.find((c) => columnOf(c) === 'account_id' && single(c));
  return account ? along(shape.accountIndex, [account]) : along(shape.timeIndex, []);
}

/** One stretch of the answer: `SELECT ... FROM ${from} WHERE ${where.sql}` sees each matching row in one slice only. */
export interface Slice {
  readonly from: string;
  readonly where: SqlPart;
  readonly orderBy: string;
  /** Rows it looks at; meaningless for the last one. */
  readonly rows: number;
  readonly last: boolean;
}

/**
 * The rows that meet all conditions, in slices, in order. The consumer reads a slice at once; its time decides the
 * length of the next one. Rows written meanwhile are seen or not, but none is seen twice.
 */
export async function* slicesOf(
  db: Database,
  shape: TableShape,
  conditions: readonly Condition<string>[],
  order: RowOrder,
  hint: { rows: number; probing?: boolean },
): AsyncGenerator<Slice> {
  const plan = planWalk(db, shape, conditions, order, hint.probing ?? true);
  const direction = plan.descending ? 'DESC' : 'ASC';
  const by = `${shape.name}.${plan.by}`;
  const key = `${shape.name}.${shape.key}`;
  const orderBy = `${by} ${direction}, ${key} ${direction}`;
  if (plan.kind === 'set' || (plan.residual.length === 0 && hint.rows <= largestSlice)) {
    yield {
      from: plan.from,
      where: allOf([...plan.bounds, ...plan.residual]),
      orderBy,
      rows: 0,
      last: true,
    };
    return;
  }
  const after = `(${by}, ${key}) ${plan.descending ? '<' : '>'} (?, ?)`;
  const within = `(${by}, ${key}) ${plan.descending ? '>=' : '<='} (?, ?)`;
  let start: SqlPart[] = [];
  let sinceTurn = 0;
  let rows = Number.isFinite(hint.rows) ? Math.min(largestSlice, Math.max(firstSlice, hint.rows * 4)) : smallSet;
  for (;;) {
    const startedAt = performance.now();
    const ahead = allOf([...plan.bounds, ...start]);
    const end = db
      .prepareAnew<{ at: SqlValue; key: number }>(
        `${shape.name}.slice`,
        `SELECT ${by} AS at, ${key} AS key FROM ${plan.from} WHERE ${ahead.sql} ORDER BY ${orderBy} LIMIT 1 OFFSET ?`,
      )
      .get(...ahead.params, rows - 1);
    const stop: SqlPart[] = end ? [{ sql: within, params: [end.at, end.key] }] : [];
    const where = allOf([...plan.bounds, ...start, ...stop, ...plan.residual]);
    yield { from: plan.from, where, orderBy, rows, last: end === undefined };
    if (!end) return;
    start = [{ sql: after, params: [end.at, end.key] }];
    sinceTurn += rows;
    const ms = performance.now() - startedAt;
    if (ms > sliceMs * 1.5) rows = Math.max(64, rows >> 1);
    else if (ms < sliceMs / 2) rows = Math.min(largestSlice, rows * 2);
    if (sinceTurn < rowsPerTurn) continue;
    sinceTurn = 0;
    await nextTurn();
  }
}

/**
 * The keys of the matching rows in order, from `offset` on, at most `limit`. Most filters are met by many rows, and the
 * first slice of a walk tells: only when it promises a long walk is it worth looking for a condition that few rows meet.
 */
export async function collectKeys(
  db: Database,
  shape: TableShape,
  conditions: readonly Condition<string>[],
  page: { order: RowOrder; limit: number; offset: number },
): Promise<number[]> {
  const wanted = page.offset + page.limit;
  const walk = async (probing: boolean): Promise<number[] | undefined> => {
    const keys: number[] = [];
    let passed = 0;
    let looked = 0;
    for await (const slice of slicesOf(db, shape, conditions, page.order, { rows: wanted, probing })) {
      const { from, where, orderBy } = slice;
      const sql = `SELECT ${shape.name}.${shape.key} AS key FROM ${from} WHERE ${where.sql} ORDER BY ${orderBy} LIMIT ?`;
      const found = db.prepareAnew<{ key: number }>(`${shape.name}.page`, sql).all(...where.params, wanted - passed);
      for (const { key } of found.slice(Math.max(0, page.offset - passed))) keys.push(key);
      passed += found.length;
      looked += slice.rows;
      if (passed >= wanted || slice.last) break;
      if (!probing && looked * wanted > shortWalk * passed) return undefined;
    }
    return keys;
  };
  return (await walk(false)) ?? (await walk(true)) ?? [];
}

/** All keys that match, some thousand at a time. */
export async function* matchingKeys(
  db: Database,
  shape: TableShape,
  conditions: readonly Condition<string>[],
): AsyncGenerator<number[]> {
  const order: RowOrder = { by: 'create_time', descending: true };
  for await (const { from, where } of slicesOf(db, shape, conditions, order, { rows: Number.POSITIVE_INFINITY })) {
    const sql = `SELECT ${shape.name}.${shape.key} AS key FROM ${from} WHERE ${where.sql}`;
    yield db
      .prepareAnew<{ key: number }>(`${shape.name}.keys`, sql)
      .all(...where.params)
      .map(({ key }) => key);
  }
}

/** How many rows match. */
export async function countRows(
  db: Database,
  shape: TableShape,
  conditions: readonly Condition<string>[],
  more = '1',
): Promise<number> {
  const order: RowOrder = { by: 'create_time', descending: true };
  let total = 0;
  for await (const { from, where } of slicesOf(db, shape, conditions, order, { rows: Number.POSITIVE_INFINITY })) {
    const sql = `SELECT count(*) AS n FROM ${from} WHERE ${where.sql} AND ${more}`;
    total += db.prepareAnew<{ n: number }>(`${shape.name}.count`, sql).get(...where.params)?.n ?? 0;
  }
  return total;
}
