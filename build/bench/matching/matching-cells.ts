import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Gallery as Engine } from '#matching/matching';
import type { Sample } from '../definition.ts';
import { type Gallery, writeFloats } from './matching-data.ts';
import { type Peer, startPeer, type Waiting } from './matching-peers.ts';
import { alone, compare, k, ours } from './matching-sides.ts';

const probeCounts = [1, 4, 16, 64];
const batch = 32;

/** Shares of the exact answers' best and ten best that `found` has. */
function recallOf(exact: readonly number[][], found: readonly number[][]): { first: number; all: number } {
  let [first, all, wanted] = [0, 0, 0];
  for (const [i, keys] of exact.entries()) {
    const have = new Set(found[i]);
    if (have.has(keys[0] as number)) first += 1;
    all += keys.filter((key) => have.has(key)).length;
    wanted += keys.length;
  }
  return { first: first / exact.length, all: all / wanted };
}

async function keysOf(engine: Engine, data: Gallery, how: { exact: true } | { probes: number }): Promise<number[][]> {
  const keys: number[][] = [];
  for (let q = 0; q < data.queries.length; q += batch) {
    const answers = await engine.search({ queries: data.queries.slice(q, q + batch), k, ...how });
    keys.push(...answers.map((hits) => hits.map(({ key }) => key)));
  }
  return keys;
}

/** Row numbers that IVF finds for the first queries. */
async function hitsOf(faiss: Peer, queries: number): Promise<number[][]> {
  const flat = await faiss.ask(`hits 0 ${queries}`);
  return Array.from({ length: queries }, (_, q) => flat.slice(q * k, (q + 1) * k));
}

interface Options {
  readonly dir: string;
  readonly faiss: string | undefined;
  /** How the threads of FAISS wait for work. */
  readonly waiting: Waiting | undefined;
  readonly rounds: number;
}

/** Approximate answers by cells: what they miss, what they take, and what making the cells takes; beside FAISS IVF. */
export async function* approximate(
  shape: string,
  engine: Engine,
  data: Gallery,
  { dir, faiss: program, waiting, rounds }: Options,
): AsyncGenerator<Sample> {
  const stats = await engine.buildCells();
  if (!stats) throw new Error('the gallery has no cells');
  yield alone(`ivf-cells-${shape}`, 'cells', 'higher', stats.cells);
  yield alone(`ivf-imbalance-${shape}`, 'x', 'lower', stats.imbalance);
  const exact = await keysOf(engine, data, { exact: true });
  const [rowsFile, queriesFile] = [join(dir, 'rows.bin'), join(dir, 'queries.bin')];
  let faiss: Peer | undefined;
  try {
    if (program) {
      writeFloats(rowsFile, [new Float32Array(data.rows)]);
      writeFloats(queriesFile, data.queries);
      const options = [rowsFile, data.count, data.dimensions, queriesFile, data.queries.length, 'ivf', stats.cells];
      faiss = await startPeer(program, options, waiting);
    }
    const peer = faiss;
    const beside = (name: string, unit: string, better: Sample['better'], mine: number, theirs?: number): Sample =>
      theirs === undefined
        ? alone(name, unit, better, mine)
        : { ...alone(`${name}/faiss-ivf`, unit, better, mine), peer: 'faiss-ivf', peerValue: theirs };
    const [theirBuildMs] = peer ? await peer.ask('probes 1') : [];
    yield beside(`ivf-build-${shape}`, 's', 'lower', stats.buildMs / 1000, theirBuildMs && theirBuildMs / 1000);
    for (const probes of probeCounts) {
      await peer?.ask(`probes ${probes}`);
      const mine = recallOf(exact, await keysOf(engine, data, { probes }));
      const theirs = peer && recallOf(exact, await hitsOf(peer, data.queries.length));
      yield beside(`ivf-${probes}-recall@1-${shape}`, 'share', 'higher', mine.first, theirs?.first);
      yield beside(`ivf-${probes}-recall@10-${shape}`, 'share', 'higher', mine.all, theirs?.all);
      const sides = [{ ...ours(engine, data, { exact: true }), name: 'exact' }];
      if (peer) {
        const measure = async (first: number, count: number) =>
          (await peer.ask(`ivf ${first} ${count}`))[0] ?? Number.NaN;
        sides.push({ name: 'faiss-ivf', measure });
      }
      yield* compare(`ivf-${probes}-${shape}`, ours(engine, data, { probes }), sides, rounds, 1, data.queries.length);
    }
  } finally {
    await faiss?.end().catch(() => {});
    for (const file of [rowsFile, queriesFile]) rmSync(file, { force: true });
  }
}
