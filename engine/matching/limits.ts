/** What bounds the matcher's memory, queues and waiting. */
export interface MatchingLimits {
  /** Rows per gallery. */
  readonly maxRows: number;
  /** Hits per query. */
  readonly maxHits: number;
  /** Keys in one selection. */
  readonly maxKeys: number;
  readonly maxWaitingQueries: number;
  readonly maxWaitingWrites: number;
  readonly maxLabelSets: number;
  /** A worker that takes longer for one scan is replaced. */
  readonly scanTimeoutMs: number;
  /** Bytes of one WebAssembly memory; a gallery takes as many memories as it needs. */
  readonly memoryBytes: number;
  /** Rows that a worker claims at once. */
  readonly blockRows: number;
}

export const defaultLimits: MatchingLimits = {
  maxRows: 20_000_000,
  maxHits: 100_000,
  maxKeys: 1_000_000,
  maxWaitingQueries: 10_000,
  maxWaitingWrites: 16_384,
  maxLabelSets: 1_048_576,
  scanTimeoutMs: 60_000,
  memoryBytes: 2 ** 32,
  blockRows: 4096,
};
