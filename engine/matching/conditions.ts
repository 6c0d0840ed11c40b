/** Selections as the scheduler needs them: which may share a scan, what they cost, and what the workers are told. */
import type { SearchRequest, Selection } from './gallery.ts';
import type { Keeper } from './keeper.ts';
import type { Rows } from './rows/rows.ts';
import type { Condition } from './scan/messages.ts';

/** Equal for selections that may share a scan: small ones by content, those with keys by identity. */
export function signatureOf({ selection, exact, probes }: SearchRequest): string | object {
  if (selection?.keys) return selection;
  const { labels = [], minKey, maxKey } = selection ?? {};
  // As text: in JSON infinities would look as if they were absent.
  return JSON.stringify([labels, String(minKey), String(maxKey), exact === true, probes ?? null]);
}

/** How many rows an approximate search would choose from; 0 where that is not known without looking at the rows. */
export function candidatesOf(rows: Rows, selection: Selection | undefined, condition: Condition | undefined): number {
  if (!condition) return rows.size;
  if (selection?.keys || selection?.minKey !== undefined || selection?.maxKey !== undefined) return 0;
  return condition.allow ? rows.labels.countAllowed(condition.allow) : rows.size;
}

/** What the workers are told of a selection. One of many keys costs time: it is worked out once, as long as no row changes. */
export interface Conditions {
  /** The rows must be quiet. */
  of(keeper: Keeper, selection: Selection | undefined): Promise<Condition | undefined>;
}

export function createConditions(): Conditions {
  const known = new WeakMap<Selection, { edition: number; keeper: Keeper; condition: Condition | undefined }>();
  return {
    async of(keeper, selection) {
      const before = selection && known.get(selection);
      if (before && before.keeper === keeper && before.edition === keeper.edition) return before.condition;
      const condition = await keeper.conditionOf(selection);
      if (selection) known.set(selection, { edition: keeper.edition, keeper, condition });
      return condition;
    },
  };
}
