import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { type Gallery, writeFloats } from './matching-data.ts';
import { type Peer, startBestPeer, startPeer, type Waiting } from './matching-peers.ts';
import type { Side } from './matching-sides.ts';

/** A side that a native program measures. Several sides share a program. */
export interface NativeSide extends Side {
  readonly peer: Peer;
  /** How the threads of FAISS wait for work. */
  readonly waiting?: Waiting;
}

/** Larger galleries take minutes to train. */
const mostForIvf = 100_000;
const ivfCells = 512;

/** Own C scans and FAISS on the same rows and queries; what is not installed is left out. */
export async function startNativeSides(
  programs: { scan: string | undefined; faiss: string | undefined },
  data: Gallery,
  dir: string,
  metric: DescriptorVersion['metric'],
): Promise<NativeSide[]> {
  const { count, dimensions, queries } = data;
  const [rowsFile, queriesFile] = [join(dir, 'rows.bin'), join(dir, 'queries.bin')];
  const given = [rowsFile, count, dimensions, queriesFile, queries.length];
  writeFloats(rowsFile, [new Float32Array(data.rows)]);
  writeFloats(queriesFile, queries);
  const side = (peer: Peer, name: string, command: string): NativeSide => ({
    name,
    peer,
    measure: async (first, some) => (await peer.ask(`${command} ${first} ${some}`))[0] ?? Number.NaN,
  });
  const sides: NativeSide[] = [];
  if (programs.scan) {
    const peer = await startPeer(programs.scan, [...given, availableParallelism()]);
    const kinds = metric === 'euclidean' ? { 'c-f32': 'l2' } : { 'c-f32': 'f32', 'c-int8': 'int8' };
    for (const [name, kind] of Object.entries(kinds)) sides.push(side(peer, name, `${kind} ${count}`));
  }
  if (programs.faiss) {
    const ofCosine = ['flat', 'sq8', ...(count <= mostForIvf ? ['ivf'] : [])];
    const kinds = metric === 'euclidean' ? ['l2'] : ofCosine;
    const options = [...given, kinds.join(), ivfCells];
    const { peer, waiting } = await startBestPeer(programs.faiss, options, `${kinds[0]} 0 32`);
    for (const kind of kinds) sides.push({ ...side(peer, `faiss-${kind === 'l2' ? 'flat' : kind}`, kind), waiting });
  }
  rmSync(rowsFile);
  return sides;
}
