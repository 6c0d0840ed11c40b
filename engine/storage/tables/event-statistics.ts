import type { EventConditions } from '#domain/event/conditions';
import type { Database } from '../database.ts';
import type { EventColumns } from '../rows.ts';
import { allSlices } from '../walk.ts';
import { eventShape } from './event.table.ts';

/**
 * What rows are put together by: a column as it is, or its time. `interval`: number of the interval since `offsetMs`.
 * `months`: number of the interval of so many months since year 0. The others: part of the UTC time, weekday 1 is Monday.
 */
export interface EventGrouping {
  column: keyof EventColumns;
  time?: { intervalMs: number; offsetMs: number } | { months: number } | { part: TimePart };
}
export type TimePart = 'hour' | 'weekday' | 'monthday' | 'month' | 'year';

export interface EventMeasure {
  column: keyof EventColumns;
  /** `count`: of the rows that have a value. */
  measure: 'count' | 'max' | 'min' | 'avg';
}

export interface EventStatistic {
  /** One value per grouping. */
  groups: (string | number | null)[];
  /** One value per measure; null when no row has one. */
  values: (number | null)[];
}

/** More different groups than asked for. */
export class TooManyGroups extends Error {}

const timeParts: Readonly<Record<TimePart, string>> = {
  hour: '%H',
  weekday: '%u',
  monthday: '%d',
  month: '%m',
  year: '%Y',
};

function groupSql({ column, time }: EventGrouping): string {
  const name = `event.${column}`;
  const part = (format: string): string => `CAST(strftime('${format}', ${name} / 1000, 'unixepoch') AS INTEGER)`;
  if (!time) return name;
  if ('intervalMs' in time) return `(${name} - ${time.offsetMs}) / ${time.intervalMs}`;
  if ('months' in time) return `(${part('%Y')} * 12 + ${part('%m')} - 1) / ${time.months}`;
  return part(timeParts[time.part]);
}

interface Sums {
  count: number;
  sum: number;
  max: number | null;
  min: number | null;
}

function measured(measure: EventMeasure['measure'], { count, sum, max, min }: Sums): number | null {
  if (measure === 'count') return count;
  if (measure === 'avg') return count === 0 ? null : sum / count;
  return measure === 'max' ? max : min;
}

const extreme = (pick: (...values: number[]) => number, a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : pick(a, b);

/**
 * Aggregates the events that meet the conditions, slice by slice, so that others have their turn. Measured columns are
 * numbers for max, min and avg. Throws `TooManyGroups`. Groups come in ascending order, null first.
 */
export async function eventStatistics(
  db: Database,
  conditions: EventConditions,
  groupings: readonly EventGrouping[],
  measures: readonly EventMeasure[],
  maxGroups: number,
): Promise<EventStatistic[]> {
  const groups = groupings.map((grouping, i) => `${groupSql(grouping)} AS g${i}`);
  const sums = measures.flatMap(({ column, measure }, i) => {
    const name = `event.${column}`;
    const counted = `count(${name}) AS n${i}`;
    return measure === 'count'
      ? [counted]
      : [counted, `total(${name}) AS s${i}`, `max(${name}) AS x${i}`, `min(${name}) AS m${i}`];
  });
  const select = [...groups, ...sums].join(', ');
  const groupBy = groups.length ? `GROUP BY ${groups.map((_, i) => `g${i}`).join(', ')}` : '';
  const found = new Map<string, { groups: EventStatistic['groups']; sums: Sums[] }>();
  for await (const { from, where } of allSlices(db, eventShape, conditions)) {
    const statement = db.prepareAnew<Record<string, number | null>>(
      'event.statistics',
      `SELECT ${select} FROM ${from} WHERE ${where.sql} ${groupBy}`,
    );
    for (const row of statement.all(...where.params)) {
      const own = groupings.map((_, i) => row[`g${i}`] ?? null);
      const key = JSON.stringify(own);
      const known = found.get(key) ?? {
        groups: own,
        sums: measures.map((): Sums => ({ count: 0, sum: 0, max: null, min: null })),
      };
      found.set(key, known);
      if (found.size > maxGroups) throw new TooManyGroups();
      known.sums.forEach((sum, i) => {
        sum.count += row[`n${i}`] ?? 0;
        sum.sum += row[`s${i}`] ?? 0;
        sum.max = extreme(Math.max, sum.max, row[`x${i}`] ?? null);
        sum.min = extreme(Math.min, sum.min, row[`m${i}`] ?? null);
      });
    }
  }
  return [...found.values()]
    .map(({ groups: own, sums: all }) => ({
      groups: own,
      values: measures.map(({ measure }, i) => measured(measure, all[i] ?? { count: 0, sum: 0, max: null, min: null })),
    }))
    .sort((a, b) => {
      for (let i = 0; i < groupings.length; i++) {
        const [left, right] = [a.groups[i] ?? null, b.groups[i] ?? null];
        if (left === right) continue;
        if (left === null || right === null) return left === null ? -1 : 1;
        return left < right ? -1 : 1;
      }
      return 0;
    });
}
