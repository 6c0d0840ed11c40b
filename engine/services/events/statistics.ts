import { enumNumbers } from '#contract/established/names';
import { numberOf } from '#contract/matching/candidates';
import { isUuid, resolveFilterTime, toTime } from '#contract/schemas';
import type { Condition, ConditionValue, EventConditionColumn } from '#domain/event/conditions';
import { lunaError } from '#kernel/errors';
import type { EventGrouping, EventMeasure, EventStatistic } from '#storage/tables/event-statistics';
import {
  type EventStatisticsQuery,
  isFilterTime,
  type Operator,
  type StatisticFilter,
  type StatisticTarget,
  statisticColumns,
} from './statistics.schema.ts';

/** A request for statistics as storage understands it, and how its answer is written. */
export interface StatisticsPlan {
  conditions: Condition<EventConditionColumn>[];
  groupings: EventGrouping[];
  measures: EventMeasure[];
  toAnswer(statistics: readonly EventStatistic[]): Record<string, ConditionValue>[];
}

const dayMs = 86_400_000;
const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs };
/** 1970-01-05 was a Monday. */
const firstMondayMs = 4 * dayMs;

const refuse = (path: string, message: string) => lunaError('BadJson', { path, message });

function columnValue(kind: string, value: ConditionValue, path: string, nowMs: number): ConditionValue {
  if (value === null) return null;
  if (kind === 'time') {
    if (typeof value !== 'string' || !isFilterTime(value)) throw refuse(path, 'not a time');
    return resolveFilterTime(value, nowMs);
  }
  if (kind === 'id') {
    if (typeof value !== 'string' || !isUuid(value)) throw refuse(path, 'not a UUID');
    return value.toLowerCase();
  }
  if (kind === 'text') {
    if (typeof value !== 'string') throw refuse(path, 'not a string');
    return value;
  }
  if (kind === 'number') {
    if (typeof value !== 'number') throw refuse(path, 'not a number');
    return value;
  }
  const parsed = numberOf(enumNumbers[kind as keyof typeof enumNumbers]).safeParse(value);
  if (!parsed.success) throw refuse(path, parsed.error.issues[0]?.message ?? 'unknown value');
  return parsed.data;
}

const ranges: Partial<Record<Operator, 'below' | 'atMost' | 'above' | 'atLeast'>> = {
  lt: 'below',
  lte: 'atMost',
  gt: 'above',
  gte: 'atLeast',
};

function toCondition(filter: StatisticFilter, index: number, nowMs: number): Condition<EventConditionColumn> {
  const { operator } = filter;
  const path = `filters.${index}.value`;
  const { column, kind } =
    filter.column === 'tags' ? ({ column: 'tag', kind: 'text' } as const) : statisticColumns[filter.column];
  const given = Array.isArray(filter.value) ? filter.value : [filter.value];
  const values = given.map((value) => columnValue(kind, value, path, nowMs));
  const [value = null] = values;
  if (operator === 'in' || operator === 'eq') return { column, oneOf: values };
  if (operator === 'nin' || operator === 'neq') return { column, noneOf: values };
  if (Array.isArray(filter.value) || value === null) throw refuse(path, `'${operator}' needs one value`);
  if (column === 'tag') throw refuse(path, `'${operator}' is not for tags`);
  if (operator === 'like') {
    if (kind !== 'text') throw refuse(path, `'like' is for texts`);
    return { column, contains: String(value) };
  }
  const range = ranges[operator];
  if (!range) throw refuse(path, 'unknown operator');
  return { column, [range]: value } as Condition<EventConditionColumn>;
}

function toGrouping(target: StatisticTarget, path: string): EventGrouping {
  const { column, kind } = statisticColumns[target.column];
  const { interval, frequency } = target;
  if (interval === undefined && frequency === undefined) return { column };
  if (kind !== 'time') throw refuse(path, 'interval and frequency are for times');
  if (frequency !== undefined) return { column, time: { part: frequency } };
  const count = Number.parseInt(interval ?? '', 10);
  const unit = interval?.at(-1) ?? '';
  if (unit === 'M' || unit === 'y') return { column, time: { months: unit === 'M' ? count : count * 12 } };
  return {
    column,
    time: { intervalMs: count * (unitMs[unit] ?? 1), offsetMs: unit === 'w' ? firstMondayMs : 0 },
  };
}

function toMeasure(target: StatisticTarget, path: string): EventMeasure {
  const { column, kind } = statisticColumns[target.column];
  const measure = target.aggregator as EventMeasure['measure'];
  if (measure === 'avg' && kind !== 'number') throw refuse(path, 'avg is for numbers');
  if (measure !== 'count' && kind !== 'number' && kind !== 'time') throw refuse(path, `${measure} is for numbers`);
  return { column, measure };
}

/** The value of a group: a time of its beginning for intervals, else as stored. */
function groupValue({ column, time }: EventGrouping, value: string | number | null): ConditionValue {
  if (typeof value !== 'number') return value;
  if (!time) return column.endsWith('_time') ? toTime(value) : value;
  if ('intervalMs' in time) return toTime(value * time.intervalMs + time.offsetMs);
  if ('months' in time) {
    const month = value * time.months;
    return toTime(Date.UTC(Math.floor(month / 12), month % 12));
  }
  return value;
}

/**
 * The members that tell the groups: the column, and for one that is grouped in several ways also how. Throws `BadJson`
 * for two groupings that are the same.
 */
function namesOfGroups(grouped: readonly StatisticTarget[], pathOf: (target: StatisticTarget) => string): string[] {
  const names = grouped.map((target) => {
    const { column, interval, frequency } = target;
    const isAlone = grouped.every((other) => other === target || other.column !== column);
    const how = interval ?? frequency;
    return isAlone || how === undefined ? column : `${column}__${how}`;
  });
  const repeated = grouped.find((_, i) => names.indexOf(names[i] ?? '') < i);
  if (repeated) throw refuse(pathOf(repeated), 'the same grouping as before');
  return names;
}

/** Throws `BadJson` 12022 for values that do not fit their columns. */
export function planStatistics(query: EventStatisticsQuery, nowMs: number): StatisticsPlan {
  const targets = [...query.targets, ...query.group_by];
  const grouped = targets.filter(({ aggregator }) => aggregator === 'group_by');
  const measured = targets.filter(({ aggregator }) => aggregator !== 'group_by');
  const pathOf = (target: StatisticTarget): string => {
    const i = targets.indexOf(target);
    return i < query.targets.length ? `targets.${i}` : `group_by.${i - query.targets.length}`;
  };
  const names = namesOfGroups(grouped, pathOf);
  const groupings = grouped.map((target) => toGrouping(target, pathOf(target)));
  const measures = measured.map((target) => toMeasure(target, pathOf(target)));
  const times = groupings.filter(({ time }) => time !== undefined);
  const onlyTime = times.length === 1 ? times[0] : undefined;
  return {
    conditions: query.filters.map((filter, index) => toCondition(filter, index, nowMs)),
    groupings,
    measures,
    toAnswer: (statistics) =>
      statistics.map(({ groups, values }) => {
        const answer: Record<string, ConditionValue> = {};
        groupings.forEach((grouping, i) => {
          const value = groupValue(grouping, groups[i] ?? null);
          answer[names[i] ?? ''] = value;
          if (grouping === onlyTime) answer['group'] = value;
        });
        measured.forEach(({ column, aggregator }, i) => {
          const value = values[i] ?? null;
          const isTime = statisticColumns[column].kind === 'time' && aggregator !== 'count';
          answer[`${column}__${aggregator}`] = isTime && value !== null ? toTime(value) : value;
        });
        return answer;
      }),
  };
}
