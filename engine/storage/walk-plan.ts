import type { Condition, RowOrder } from '#domain/event/conditions';
import type { Database } from './database.ts';
import { allOf, type MemberTable, type SqlPart, toSql } from './where.ts';

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

/** Where the rows of a query are looked for. */
export interface Plan {
  readonly from: string;
  /** `walk`: slices along an index. `set`: few enough rows to read and sort them at once. */
  readonly kind: 'walk' | 'set';
  /** What the index itself answers. */
  readonly bounds: readonly SqlPart[];
  /** Of a walk: where on the index it begins and where it ends, as far as the conditions say. */
  readonly begins: readonly SqlPart[];
  readonly ends: readonly SqlPart[];
  readonly residual: readonly SqlPart[];
  /** The column the walk goes along, with its table. */
  readonly by: string;
  readonly descending: boolean;
}

/** Up to so many rows are read and sorted at once instead of being met on a walk. */
export const smallSet = 4096;

const single = (condition: Condition<string>): boolean =>
  'oneOf' in condition && condition.oneOf.length === 1 && condition.oneOf[0] !== null;
const present = (condition: Condition<string>): condition is { column: string; oneOf: readonly (string | number)[] } =>
  'oneOf' in condition && condition.oneOf.length > 0 && !condition.oneOf.includes(null);
const columnOf = (condition: Condition<string>): string | undefined =>
  'column' in condition ? condition.column : undefined;
const isLower = (condition: Condition<string>): boolean => 'atLeast' in condition || 'above' in condition;
const isUpper = (condition: Condition<string>): boolean => 'atMost' in condition || 'below' in condition;

/** Chooses the index to walk along, or the few rows to read at once. */
export function planWalk(
  db: Database,
  shape: TableShape,
  conditions: readonly Condition<string>[],
  order: RowOrder,
  /** `probing`: look for conditions that few rows meet, up to a millisecond each. `anyOrder`: `order` does not matter. */
  options: { probing?: boolean; anyOrder?: boolean },
): Plan {
  const { name, key } = shape;
  const parts = new Map(conditions.map((c) => [c, toSql(c, name, key, shape.memberTables)]));
  const byColumn = order.by === 'id' ? shape.idColumn : 'create_time';
  const by = `${name}.${byColumn}`;
  const partOf = (condition: Condition<string>): SqlPart => parts.get(condition) ?? { sql: '0', params: [] };
  const along = (index: string, prefix: readonly Condition<string>[], where?: string): Plan => {
    const alongBy = conditions.filter((c) => columnOf(c) === byColumn);
    const [lower, upper] = [alongBy.filter(isLower), alongBy.filter(isUpper)];
    return {
      from: `${name} INDEXED BY ${index}`,
      kind: 'walk',
      bounds: [...prefix.map(partOf), ...(where ? [{ sql: where, params: [] }] : [])],
      begins: (order.descending ? upper : lower).map(partOf),
      ends: (order.descending ? lower : upper).map(partOf),
      residual: conditions.filter((c) => ![...prefix, ...lower, ...upper].includes(c)).map(partOf),
      by,
      descending: order.descending,
    };
  };
  const all = [...parts.values()];
  const set = (from: string, more: readonly SqlPart[]): Plan => ({
    from,
    kind: 'set',
    bounds: [...more, ...all],
    begins: [],
    ends: [],
    residual: [],
    by,
    descending: order.descending,
  });
  const isSmall = (from: string, part: SqlPart): boolean => {
    if (options.probing === false) return false;
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
    const from = `${members.table} CROSS JOIN ${name} ON ${name}.${key} = ${members.table}.${key}`;
    if (isSmall(members.table, part)) return set(from, [part]);
    if (!options.anyOrder) continue;
    const residual = conditions.filter((c) => c !== condition).map(partOf);
    const by = `${members.table}.${key}`;
    return { from, kind: 'walk', bounds: [part], begins: [], ends: [], residual, by, descending: false };
  }
  if (order.by === 'id') return along(shape.idIndex, []);
  const account = conditions.find((c) => columnOf(c) === 'account_id' && single(c));
  return account ? along(shape.accountIndex, [account]) : along(shape.timeIndex, []);
}
