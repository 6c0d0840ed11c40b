import type { Condition, Conditions, ConditionValue } from './conditions.ts';

/** Several values where a column holds more than one (tags): a condition holds when it holds for one of them. */
export type ConditionValues = ConditionValue | readonly ConditionValue[];

/** Whether something in memory meets all conditions, as SQL would say of its row: an absent value is in no range. */
export function meetsAll<Column extends string>(
  conditions: Conditions<Column>,
  read: (column: Column) => ConditionValues,
): boolean {
  return conditions.every((condition) => {
    if ('never' in condition) return false;
    const values = [read(condition.column)].flat() as ConditionValue[];
    if ('noneOf' in condition) return values.every((value) => !condition.noneOf.includes(value));
    return values.some((value) => meets(condition, value));
  });
}

function meets<Column extends string>(
  condition: Exclude<Condition<Column>, { never: true } | { noneOf: readonly ConditionValue[] }>,
  value: ConditionValue,
): boolean {
  if ('oneOf' in condition) return condition.oneOf.includes(value);
  if (value === null) return false;
  if ('contains' in condition) return String(value).includes(condition.contains);
  if ('atLeast' in condition) return value >= condition.atLeast;
  if ('atMost' in condition) return value <= condition.atMost;
  if ('above' in condition) return value > condition.above;
  return value < condition.below;
}
