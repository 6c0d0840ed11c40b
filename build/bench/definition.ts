/**
 * The one form of our benchmarks. A benchmark compares us with a named peer that does the same work on the same machine
 * in the same run. It gives its samples one by one, each a pair measured back to back, so that whatever disturbs the
 * machine disturbs both sides. `npm run bench -- NAME` runs `build/bench/NAME.bench.ts`, which exports `bench`.
 */
export interface BenchDefinition {
  /** Equals the file name before `.bench.ts`. */
  readonly name: string;
  /** What is compared with what, in a sentence or two: printed above the table. */
  readonly description: string;
  /**
   * Yields until it has measured enough. Cleans up behind itself, also when it is ended early. Throws a `BenchFailure`
   * after its samples when they show a defect: the table is printed, and the run ends with 1.
   */
  run(context: BenchContext): AsyncIterable<Sample>;
}

export interface BenchContext {
  /** A short run: fewer and smaller samples, for a first look or CI. */
  readonly quick: boolean;
  /** Folder of measuring data, given after the name; a benchmark says itself what it wants there. */
  readonly dataDir: string | undefined;
  /** Folder of networks that are not embedded, given after the measuring data. */
  readonly modelsDir: string | undefined;
  /** Peers that come from Debian packages may be installed (`--peers`). */
  readonly installPeers: boolean;
  /** Only the parts whose names contain this (`--only`), where a benchmark has several. */
  readonly only: string | undefined;
  /** Puts a fact about the peers or the machine beside the results: what a figure is worth depends on it. */
  record(name: string, value: string | number): void;
  /** Tells what goes on, on stderr. */
  progress(text: string): void;
}

/** What a benchmark throws when a figure is none that may be: it was measured, and it is a defect. */
export class BenchFailure extends Error {}

/** One round of one case: our value and the peer's, measured back to back in the same unit. */
export interface Sample {
  /** Names a line of the table. All samples of a case have the same unit, direction and peer. */
  readonly case: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly ours: number;
  /** Who is compared with; null together with `peerValue` for a figure that stands alone (a stage, a size). */
  readonly peer: string | null;
  readonly peerValue: number | null;
}
