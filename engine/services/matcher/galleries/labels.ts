/**
 * What the rows of a gallery are labelled with, so that the commonest filters cost nothing: account, lists and day of
 * creation. Numbers of accounts and lists are even and come from the database; numbers of days are odd and computed.
 */
import type { Storage } from '#storage/storage';

export const dayMs = 86_400_000;
/** Times before the first and after the last day (year 2100) share the label of that day. */
export const firstDay = 0;
export const lastDay = 47_482;

/** Days since 1970. */
export function dayOf(timeMs: number): number {
  return Math.min(lastDay, Math.max(firstDay, Math.floor(timeMs / dayMs)));
}

export function dayLabel(day: number): number {
  return day * 2 + 1;
}

/** Accounts and lists: rows are kept together by them, not by days, of which a large list has many. */
export const isPlaceLabel = (label: number): boolean => label % 2 === 0;

export interface LabelBook {
  /** The labels of a row; accounts and lists that are new get their number. */
  labelsOf(accountId: string, listIds: readonly string[], createTimeMs: number): number[];
  /** The label of an account or a list; undefined when no row ever had it. */
  find(kind: 'account' | 'list', id: string): number | undefined;
}

export function createLabelBook(storage: Storage): LabelBook {
  /** By id alone, so that a row costs no new string. */
  const known = { account: new Map<string, number>(), list: new Map<string, number>() };
  for (const { name, label } of storage.matchLabels.all()) {
    const colon = name.indexOf(':');
    known[name.slice(0, colon) as keyof typeof known]?.set(name.slice(colon + 1), label * 2);
  }
  const take = (kind: keyof typeof known, id: string): number => {
    const before = known[kind].get(id);
    if (before !== undefined) return before;
    const label = storage.matchLabels.insert(`${kind}:${id}`) * 2;
    known[kind].set(id, label);
    return label;
  };
  return {
    labelsOf: (accountId, listIds, createTimeMs) => [
      take('account', accountId),
      ...listIds.map((id) => take('list', id)),
      dayLabel(dayOf(createTimeMs)),
    ],
    find: (kind, id) => known[kind].get(id),
  };
}
