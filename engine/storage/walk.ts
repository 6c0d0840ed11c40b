import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Condition, RowOrder } from '#domain/event/conditions';
import type { Database, SqlValue } from './database.ts';
import { planWalk, smallSet, type TableShape } from './walk-plan.ts';
import { allOf, type SqlPart } from './where.ts';

/**
 * Reads many rows without holding the thread. A query is answered by walking one index in the asked order; conditions
 * that the index does not answer are tested on slices of it, and between two slices everybody else has a turn. So a rare
 * predicate over a million events takes its half second, but no other request waits for more than one slice.
 */

const firstSlice = 512;
const largestSlice = 16_384;
/** A walk over no more rows than this is not worth a search for a better way. */
const shortWalk = 32_768;
/** Others have a turn after the slice that makes it so many rows. */
const rowsPerTurn = 2048;
/** Milliseconds of a slice, roughly. */
const sliceMs = 4;

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
async function* slicesOf(
  db: Database,
  shape: TableShape,
  conditions: readonly Condition<string>[],
  order: RowOrder,
  hint: { rows: number; probing?: boolean; anyOrder?: boolean },
): AsyncGenerator<Slice> {
  const plan = planWalk(db, shape, conditions, order, hint);
  const direction = plan.descending ? 'DESC' : 'ASC';
  const { by, bounds } = plan;
  const key = `${shape.name}.${shape.key}`;
  const orderBy = `${by} ${direction}, ${key} ${direction}`;
  if (plan.kind === 'set' || (plan.residual.length === 0 && hint.rows <= largestSlice)) {
    yield {
      from: plan.from,
      where: allOf([...bounds, ...plan.begins, ...plan.ends, ...plan.residual]),
      orderBy,
      rows: 0,
      last: true,
    };
    return;
  }
  // A slice's own ends take the place of the conditions': of two, SQLite would bound the index with either, and look at
  // all rows up to the last one of the walk for every slice. `by` alone bounds it, ties are told apart by the key.
  const [ahead, behind] = plan.descending ? ['<', '>'] : ['>', '<'];
  const after = `${by} ${ahead}= ? AND (${by}, ${key}) ${ahead} (?, ?)`;
  const within = `${by} ${behind}= ? AND (${by}, ${key}) ${behind}= (?, ?)`;
  let begins = plan.begins;
  let sinceTurn = 0;
  let rows = Number.isFinite(hint.rows) ? Math.min(largestSlice, Math.max(firstSlice, hint.rows * 4)) : smallSet;
  for (;;) {
    const startedAt = performance.now();
    const rest = allOf([...bounds, ...begins, ...plan.ends]);
    const end = db
      .prepareAnew<{ at: SqlValue; key: number }>(
        `${shape.name}.slice`,
        `SELECT ${by} AS at, ${key} AS key FROM ${plan.from} WHERE ${rest.sql} ORDER BY ${orderBy} LIMIT 1 OFFSET ?`,
      )
      .get(...rest.params, rows - 1);
    const ends = end ? [{ sql: within, params: [end.at, end.at, end.key] }] : plan.ends;
    const where = allOf([...bounds, ...begins, ...ends, ...plan.residual]);
    yield { from: plan.from, where, orderBy, rows, last: end === undefined };
    if (!end) return;
    begins = [{ sql: after, params: [end.at, end.at, end.key] }];
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

/** For whoever reads all rows, in whatever order comes easiest. */
export function allSlices(
  db: Database,
  shape: TableShape,
  conditions: readonly Condition<string>[],
): AsyncGenerator<Slice> {
  const order: RowOrder = { by: 'create_time', descending: true };
  return slicesOf(db, shape, conditions, order, { rows: Number.POSITIVE_INFINITY, anyOrder: true });
}

/** All keys that match, some thousand at a time. */
export async function* matchingKeys(
  db: Database,
  shape: TableShape,
  conditions: readonly Condition<string>[],
): AsyncGenerator<number[]> {
  for await (const { from, where } of allSlices(db, shape, conditions)) {
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
  let total = 0;
  for await (const { from, where } of allSlices(db, shape, conditions)) {
    const sql = `SELECT count(*) AS n FROM ${from} WHERE ${where.sql} AND ${more}`;
    total += db.prepareAnew<{ n: number }>(`${shape.name}.count`, sql).get(...where.params)?.n ?? 0;
  }
  return total;
}
