import type { Condition, ConditionValue } from '#domain/event/conditions';
import type { SqlValue } from './database.ts';

/** A piece of SQL and the values of its question marks, in order. */
export interface SqlPart {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** A condition whose rows stand in another table: tags of events, lists of faces. */
export interface MemberTable {
  readonly table: string;
  readonly column: string;
}

const operators = { atLeast: '>=', atMost: '<=', above: '>', below: '<' } as const;

/** `column IN values`; the text does not depend on how many there are, so that it can stay prepared. */
function isOneOf(expression: string, values: readonly ConditionValue[]): SqlPart {
  const present = values.filter((value) => value !== null);
  const parts: string[] = [];
  if (present.length === 1) parts.push(`${expression} = ?`);
  if (present.length > 1) parts.push(`${expression} IN (SELECT value FROM json_each(?))`);
  if (present.length < values.length) parts.push(`${expression} IS NULL`);
  if (parts.length === 0) return { sql: '0', params: [] };
  const params = present.length > 1 ? [JSON.stringify(present)] : present;
  return { sql: parts.length > 1 ? `(${parts.join(' OR ')})` : (parts[0] ?? '0'), params };
}

function isNoneOf(expression: string, values: readonly ConditionValue[]): SqlPart {
  const present = values.filter((value) => value !== null);
  const others: SqlPart =
    present.length === 0
      ? { sql: `${expression} IS NOT NULL`, params: [] }
      : { sql: `${expression} NOT IN (SELECT value FROM json_each(?))`, params: [JSON.stringify(present)] };
  if (present.length < values.length) return others;
  return { sql: `(${others.sql} OR ${expression} IS NULL)`, params: others.params };
}

/**
 * The SQL of one condition on `table`, whose key column is `key`. Column names come from the closed sets of
 * `conditions.ts`, never from a request.
 */
export function toSql(
  condition: Condition<string>,
  table: string,
  key: string,
  memberTables: Readonly<Record<string, MemberTable>>,
): SqlPart {
  if ('never' in condition) return { sql: '0', params: [] };
  const members = memberTables[condition.column];
  if (members) {
    const { table: from, column } = members;
    const negated = 'noneOf' in condition;
    const values = 'oneOf' in condition ? condition.oneOf : negated ? condition.noneOf : [];
    const part = isOneOf(`${from}.${column}`, values);
    const sql = `${negated ? 'NOT ' : ''}EXISTS (SELECT 1 FROM ${from} WHERE ${from}.${key} = ${table}.${key} AND ${part.sql})`;
    return { sql, params: part.params };
  }
  const expression = `${table}.${condition.column}`;
  if ('oneOf' in condition) return isOneOf(expression, condition.oneOf);
  if ('noneOf' in condition) return isNoneOf(expression, condition.noneOf);
  if ('contains' in condition) return { sql: `instr(${expression}, ?) > 0`, params: [condition.contains] };
  for (const name of ['atLeast', 'atMost', 'above', 'below'] as const) {
    const value = (condition as Partial<Record<typeof name, number | string>>)[name];
    if (value !== undefined) return { sql: `${expression} ${operators[name]} ?`, params: [value] };
  }
  return { sql: '0', params: [] };
}

export function allOf(parts: readonly SqlPart[]): SqlPart {
  if (parts.length === 0) return { sql: '1', params: [] };
  return { sql: parts.map(({ sql }) => sql).join(' AND '), params: parts.flatMap(({ params }) => params) };
}

/** Narrows a statement to an account; null sees all. Bind the account twice. */
export const ofAccount = '(? IS NULL OR account_id = ?)';
