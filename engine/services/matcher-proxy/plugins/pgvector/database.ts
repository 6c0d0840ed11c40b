/** What the plugin needs of PostgreSQL. `postgres.ts` is the real one. */
export type Row = Readonly<Record<string, unknown>>;

export interface Database {
  /** One statement with `$1`-style parameters, in a transaction of its own. 64-bit integers may come as text. */
  query(text: string, params?: readonly unknown[], options?: { readonly timeoutMs: number }): Promise<Row[]>;
  /** Ends the connections, those with a statement under way as well. Never throws. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly url: string;
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** Longest answer, until the connection counts as lost. */
  readonly queryTimeoutMs: number;
  /** Server settings of each connection. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Throws when no connection can be made. */
export type Connect = (options: ConnectOptions) => Promise<Database>;

/**
 * True of errors that lie with one statement: it took too long (57014) or was asked for nonsense (class 22). After all
 * others nothing is known of the connection or the tables any more.
 */
export function isOfStatement(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === '57014' || (typeof error.code === 'string' && /^22...$/.test(error.code));
}
