/**
 * From candidate filters to rows of a gallery. Account, list and whole days are labels of the rows and need no list of
 * keys; everything else, and the broken days at the ends of a time range, becomes keys by way of the database, read in
 * slices that leave the thread free in between.
 */

import { toEventConditions } from '#contract/events/event-filters';
import type { EventFilters, FaceFilters } from '#contract/matching/candidates';
import { toFaceConditions } from '#contract/matching/face-filters';
import type { Condition } from '#domain/event/conditions';
import type { Storage } from '#storage/storage';
import { dayLabel, dayMs, dayOf, firstDay, type LabelBook, lastDay } from '../galleries/labels.ts';

/** Rows of a gallery: those that have a label of every group and, where keys are given, one of the keys. */
export interface RowSelection {
  readonly allOf: readonly (readonly number[])[];
  readonly keys?: readonly number[];
}

type AnyCondition = Condition<string>;
type Range = { readonly fromMs: number; readonly belowMs: number };

/** How conditions are answered. `keysOf`: conditions on rows whose keys have to be read, one part each. */
export interface SelectionPlan {
  readonly groups: readonly { readonly kind: 'account' | 'list'; readonly ids: readonly string[] }[];
  /** Whole days, both inclusive, that labels answer; null: labels answer nothing, `everything`: there is no time range. */
  readonly days: { readonly first: number; readonly last: number } | 'everything' | null;
  readonly keysOf: readonly (readonly AnyCondition[])[];
}

const labelled: Readonly<Record<string, 'account' | 'list'>> = { account_id: 'account', list_id: 'list' };

function groupOf(condition: AnyCondition): { kind: 'account' | 'list'; ids: readonly string[] } | undefined {
  if (!('oneOf' in condition)) return undefined;
  const kind = labelled[condition.column];
  return kind && { kind, ids: condition.oneOf.map(String) };
}

const isTime = (condition: AnyCondition): boolean =>
  'column' in condition && condition.column === 'create_time' && ('atLeast' in condition || 'below' in condition);

function rangeOf(conditions: readonly AnyCondition[]): Range {
  let fromMs = Number.NEGATIVE_INFINITY;
  let belowMs = Number.POSITIVE_INFINITY;
  for (const condition of conditions) {
    if ('atLeast' in condition) fromMs = Math.max(fromMs, Number(condition.atLeast));
    if ('below' in condition) belowMs = Math.min(belowMs, Number(condition.below));
  }
  return { fromMs, belowMs };
}

/** Null: no row can meet the conditions. Pure. */
export function planSelection(conditions: readonly AnyCondition[]): SelectionPlan | null {
  if (conditions.some((condition) => 'never' in condition)) return null;
  const groups = conditions.map(groupOf).filter((group) => group !== undefined);
  const times = conditions.filter(isTime);
  const others = conditions.filter((condition) => !isTime(condition) && !groupOf(condition));
  if (others.length > 0) return { groups: [], days: null, keysOf: [conditions] };
  if (times.length === 0) return { groups, days: 'everything', keysOf: [] };
  const { fromMs, belowMs } = rangeOf(times);
  if (fromMs >= belowMs) return null;
  // A bound cuts through its day, unless it falls on midnight; the first and last day hold times beyond them as well.
  const first = fromMs === Number.NEGATIVE_INFINITY ? firstDay : Math.max(firstDay + 1, Math.ceil(fromMs / dayMs));
  const last = belowMs === Number.POSITIVE_INFINITY ? lastDay : Math.min(lastDay, Math.floor(belowMs / dayMs)) - 1;
  if (first > last) return { groups, days: null, keysOf: [conditions] };
  const within = (range: Range): AnyCondition[] => [
    ...conditions.filter((condition) => !isTime(condition)),
    ...(range.fromMs > Number.NEGATIVE_INFINITY ? [{ column: 'create_time', atLeast: range.fromMs }] : []),
    ...(range.belowMs < Number.POSITIVE_INFINITY ? [{ column: 'create_time', below: range.belowMs }] : []),
  ];
  const edges: Range[] = [];
  if (fromMs > Number.NEGATIVE_INFINITY && fromMs < first * dayMs) edges.push({ fromMs, belowMs: first * dayMs });
  if (belowMs < Number.POSITIVE_INFINITY && belowMs > (last + 1) * dayMs)
    edges.push({ fromMs: (last + 1) * dayMs, belowMs });
  return { groups, days: { first, last }, keysOf: edges.map(within) };
}

/** Keys of one selection, roughly; the engine takes a million (`defaultLimits.maxKeys`). */
const keysPerSelection = 500_000;
const idColumns = { faces: 'face_id', events: 'event_id' } as const;

function conditionsOf(
  filters: FaceFilters | EventFilters,
  visibleTo: string | null,
  nowMs: number,
  onlyIds?: readonly string[],
): AnyCondition[] {
  return [
    ...(filters.origin === 'faces' ? toFaceConditions(filters, nowMs) : toEventConditions(filters, nowMs)),
    ...(visibleTo === null ? [] : [{ column: 'account_id', oneOf: [visibleTo] }]),
    ...(onlyIds ? [{ column: idColumns[filters.origin], oneOf: onlyIds }] : []),
  ];
}

/** Keys of all rows that fit, with or without a descriptor, some thousand at a time. */
export function keysOfRows(
  storage: Storage,
  filters: FaceFilters | EventFilters,
  visibleTo: string | null,
  nowMs: number,
): AsyncGenerator<number[]> {
  const rows = filters.origin === 'faces' ? storage.faces : storage.events;
  return rows.matchingKeys(conditionsOf(filters, visibleTo, nowMs) as never);
}

/** Reads what the plan needs. The selections share no row; their hits are merged. `onlyIds` narrows the filters. */
export async function selectRows(
  deps: { storage: Storage; labels: LabelBook },
  filters: FaceFilters | EventFilters,
  visibleTo: string | null,
  nowMs: number,
  onlyIds?: readonly string[],
): Promise<RowSelection[]> {
  const { storage, labels } = deps;
  const rows = filters.origin === 'faces' ? storage.faces : storage.events;
  const conditions = conditionsOf(filters, visibleTo, nowMs, onlyIds);
  const plan = planSelection(conditions);
  if (!plan) return [];
  const selections: RowSelection[] = [];
  for (const part of plan.keysOf) {
    let keys: number[] = [];
    for await (const some of rows.matchingKeys(part as never)) {
      for (const key of some) keys.push(key);
      if (keys.length < keysPerSelection) continue;
      selections.push({ allOf: [], keys });
      keys = [];
    }
    if (keys.length > 0) selections.push({ allOf: [], keys });
  }
  if (plan.days !== null) {
    const allOf = plan.groups.map(({ kind, ids }) => ids.flatMap((id) => labels.find(kind, id) ?? []));
    if (plan.days !== 'everything') allOf.push(await daysOf(rows, plan.days));
    // A group without labels: nobody has that account or list, or there is no such day.
    if (allOf.every((group) => group.length > 0)) selections.push({ allOf });
  }
  return selections;
}

/** Labels of the days between the first and the last row there is. */
async function daysOf(
  rows: Pick<Storage['events'], 'page'> | Pick<Storage['faces'], 'page'>,
  days: { first: number; last: number },
): Promise<number[]> {
  const outermost = async (descending: boolean): Promise<number | undefined> => {
    const [row] = await rows.page([], { order: { by: 'create_time', descending }, limit: 1, offset: 0 });
    return row && dayOf(row.create_time);
  };
  const oldest = await outermost(false);
  const newest = await outermost(true);
  if (oldest === undefined || newest === undefined) return [];
  const first = Math.max(days.first, oldest);
  const last = Math.min(days.last, newest);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => dayLabel(first + i));
}
