import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { runConcurrently } from './concurrent.fixture.ts';
import { matchingSuite } from './matching.fixture.ts';

const concurrent = matchingSuite('everything at once');

for (const [seed, metric, rerank, cells] of [
  [1, 'euclidean', 'file', false],
  [2, 'cosine', 'memory', false],
  [3, 'cosine', 'file', true],
] as const) {
  const where = `${metric}, vectors in ${rerank}${cells ? ', cells' : ''}`;
  concurrent(
    `searches beside writes, snapshots, lost workers and crashes answer what was true (${where})`,
    async ({ kernels, folder }) => {
      const dir = await mkdtemp(join(folder, 'concurrent-'));
      const { checked } = await runConcurrently({ kernels, dir, seed, metric, rerank, cells, steps: 60 });
      assert.ok(checked > 50, `${checked} answers`);
    },
  );
}

concurrent.run();
