/** Who is measured, and how: ours and peers in turn, in one run. */
import type { Gallery as Engine, SearchRequest } from '#matching/matching';
import type { Sample } from '../definition.ts';
import type { Gallery } from './matching-data.ts';

/** Hits asked for. */
export const k = 10;

export interface Side {
  readonly name: string;
  /** Milliseconds of one search for `count` queries. */
  measure(first: number, count: number): Promise<number>;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** `search`: a selection, or how approximate it may be. */
export function ours(engine: Engine, data: Gallery, search: Omit<SearchRequest, 'queries' | 'k'> = {}): Side {
  return {
    name: 'ours',
    measure: (first, count) =>
      timed(() => engine.search({ queries: data.queries.slice(first, first + count), k, ...search })),
  };
}

/** Ours and each peer in turn, query by query: whatever disturbs the machine disturbs all of them. */
export async function* compare(
  name: string,
  us: Side,
  peers: readonly Side[],
  rounds: number,
  count: number,
  queryCount: number,
): AsyncGenerator<Sample> {
  for (const side of [us, ...peers]) await side.measure(0, count);
  for (let round = 0; round < rounds; round++) {
    const first = (round * count) % (queryCount - count + 1);
    for (const peer of peers) {
      const [mine, theirs] = [await us.measure(first, count), await peer.measure(first, count)];
      yield {
        case: `${name}/${peer.name}`,
        unit: 'ms',
        better: 'lower',
        ours: mine,
        peer: peer.name,
        peerValue: theirs,
      };
    }
  }
}

export const alone = (name: string, unit: string, better: Sample['better'], value: number): Sample => ({
  case: name,
  unit,
  better,
  ours: value,
  peer: null,
  peerValue: null,
});
