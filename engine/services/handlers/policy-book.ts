import { isLunaError, type LunaError, lunaError } from '#kernel/errors';
import type { PolicyOwnerSelection } from '#storage/tables/policy-owner.table';

/** The table of handlers or that of verifiers. */
export interface PolicyOwners<Row> {
  insert(row: Row): void;
  findById(id: string, accountId: string | null): Row | undefined;
  /** False when the account has no such row. */
  update(row: Row): boolean;
  remove(id: string, accountId: string): boolean;
  page(selection: PolicyOwnerSelection, limit: number, offset: number): Row[];
  count(selection: PolicyOwnerSelection): number;
}

/** What handlers and verifiers have in common as stored objects. Those of other accounts are not found. */
export interface PolicyBook<Row, Input, Resolved> {
  /** Throws what resolving the policies throws. Returns the id. */
  create(accountId: string, input: Input): string;
  replace(accountId: string, id: string, input: Input): void;
  get(id: string, accountId: string | null): Row;
  page(selection: PolicyOwnerSelection, limit: number, offset: number): Row[];
  count(selection: PolicyOwnerSelection): number;
  remove(accountId: string, id: string): void;
  /** With defaults. Throws `HandlerCorrupted` 34002, `FeatureDisabled` for what is not carried out any more. */
  policiesOf(row: Row): Resolved;
}

/** Policies are resolved once per text: a camera sends its pictures to one handler. */
const rememberedPolicies = 256;

export function createPolicyBook<Row extends { policies: string }, Input, Resolved>(deps: {
  table: PolicyOwners<Row>;
  nextId: () => string;
  notFound: (id: string) => LunaError;
  /** Checks the input. */
  toRow: (accountId: string, id: string, input: Input) => Row;
  resolve: (policies: unknown) => Resolved;
  idOf: (row: Row) => string;
}): PolicyBook<Row, Input, Resolved> {
  const { table, nextId, notFound, toRow, resolve, idOf } = deps;
  const resolved = new Map<string, Resolved>();
  return {
    create(accountId, input) {
      const id = nextId();
      table.insert(toRow(accountId, id, input));
      return id;
    },
    replace(accountId, id, input) {
      if (!table.update(toRow(accountId, id, input))) throw notFound(id);
    },
    get(id, accountId) {
      const row = table.findById(id, accountId);
      if (!row) throw notFound(id);
      return row;
    },
    page: table.page,
    count: table.count,
    remove(accountId, id) {
      if (!table.remove(id, accountId)) throw notFound(id);
    },
    policiesOf(row) {
      const known = resolved.get(row.policies);
      if (known) return known;
      try {
        const made = resolve(JSON.parse(row.policies));
        if (resolved.size >= rememberedPolicies) resolved.clear();
        resolved.set(row.policies, made);
        return made;
      } catch (error) {
        // What was supported when it was written may not be any more: that is told as it is.
        if (isLunaError(error, 'FeatureDisabled')) throw error;
        throw lunaError('HandlerCorrupted', { handlerId: idOf(row) }, error);
      }
    },
  };
}
