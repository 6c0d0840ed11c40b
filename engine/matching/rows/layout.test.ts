import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exactScore } from '#domain/descriptor/similarity';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { defaultLimits } from '../limits.ts';
import type { Attachment, Condition, ScanJob } from '../scan/messages.ts';
import { quantiseRow } from '../scan/quantise.ts';
import { createScanner } from '../scan/scan.ts';
import { createBlocks } from './blocks.ts';
import { blockOffset, createLayout, pageBytes, scratchOffset } from './layout.ts';
import { createMemoryVectors } from './vectors.ts';

const layouts = suite('where rows lie in memories of 4 GiB');
const { maxRows, memoryBytes, blockRows, maxLabelSets } = defaultLimits;
const layoutOf = (dimensions: number, workers: number) =>
  createLayout({ dimensions, workers, blockRows, memoryBytes, maxLabelSets });

layouts('the blocks of the largest gallery lie one behind the other, none over the end of its memory', () => {
  for (const dimensions of [64, 128, 512, 513, 2048]) {
    for (const workers of [1, 2, 64]) {
      const layout = layoutOf(dimensions, workers);
      const { blocksPerMemory, blockBytes } = layout;
      const blocks = Math.ceil(maxRows / blockRows);
      let end = 0;
      for (let block = 0; block < blocks; block++) {
        const isFirst = block % blocksPerMemory === 0;
        const at = blockOffset(layout, block);
        if (isFirst) assert.is(at, scratchOffset(layout, workers), 'behind the scratch areas');
        else assert.is(at, end);
        assert.is(at % 64, 0);
        end = at + blockBytes;
        assert.ok(end <= layout.maxPages * pageBytes && end <= 2 ** 32, `block ${block} ends at ${end}`);
      }
      const memories = Math.ceil(blocks / blocksPerMemory);
      assert.ok(memories * 2 ** 32 >= blocks * blockBytes);
      if (dimensions === 512) assert.ok(memories >= 3, '20 million rows of 512 values take more than 8 GiB');
    }
  }
});

layouts('rows past 2 GiB of a memory, at its end and in the next one are found, alone and in batches', async () => {
  const version = { version: 30999, name: 'test', length: 2048, metric: 'euclidean' as const };
  const descriptor = { ...version, similarity: { slope: 1, offset: 0 } };
  const layout = layoutOf(version.length, 1);
  const { blocksPerMemory, stride } = layout;
  const blockCount = blocksPerMemory + 2;
  const blocks = createBlocks(layout, blockCount, () => new Error('out of memory'));
  const vectors = createMemoryVectors(version.length);
  const pastSign = Math.ceil(2 ** 31 / layout.blockBytes) + 1;
  const places = [0, pastSign, blocksPerMemory - 1, blocksPerMemory, blocksPerMemory + 1];
  assert.ok(blockOffset(layout, pastSign) > 2 ** 31);
  assert.ok(blockOffset(layout, blocksPerMemory - 1) > 2 ** 32 - 2 * layout.blockBytes);
  const vectorOf = (n: number): Float32Array =>
    Float32Array.from({ length: version.length }, (_, i) => Math.sin(n + i));
  const rows: { key: number; vector: Float32Array }[] = [];
  for (const block of places) {
    blocks.grow(block);
    for (const i of [0, 1, 2]) {
      const slot = rows.length;
      const row = { key: 2 ** 40 + slot, vector: vectorOf(slot * 17) };
      const quantised = { values: new Int8Array(stride), scale: 0, sum: 0, squares: 0, errorBits: 0 };
      quantiseRow(version.metric, row.vector, quantised);
      blocks.store(block * blockRows + i, row.key, quantised, slot, slot);
      blocks.setCount(block, i + 1, -1);
      vectors.write(slot, row.key, row.vector);
      rows.push(row);
      assert.is(blocks.keyAt(block * blockRows + i), row.key);
      assert.is(blocks.labelAt(block * blockRows + i), slot);
      assert.is(blocks.slotAt(block * blockRows + i), slot);
    }
  }
  assert.is(blocks.memories.length, 2);
  // As the keeper fills a gap: the last row of all over one at the end of the first memory.
  const [from, to] = [(blocksPerMemory + 1) * blockRows + 2, (blocksPerMemory - 1) * blockRows + 1];
  const moved = rows.pop();
  blocks.copyRow(from, to);
  blocks.setCount(blocksPerMemory + 1, 2, -1);
  assert.is(blocks.keyAt(to), moved?.key);
  rows.splice(places.indexOf(blocksPerMemory - 1) * 3 + 1, 1, moved ?? { key: 0, vector: vectorOf(0) });

  const module = new WebAssembly.Module(readFileSync(await prepareKernels({ outDir: 'dist' })));
  const attachment: Attachment = {
    gallery: 1,
    version: descriptor,
    layout,
    memories: blocks.memories,
    directory: blocks.directory.shared,
    vectors: vectors.source,
  };
  const scanner = createScanner(attachment, 0, module);
  const search = (queries: readonly Float32Array[], condition?: Condition): number[][] => {
    const job: ScanJob = {
      job: 1,
      gallery: 1,
      control: new SharedArrayBuffer(4 * (2 + queries.length)),
      blocks: blockCount,
      queries: Float32Array.from(queries.flatMap((query) => [...query])),
      ks: queries.map(() => 20),
      minScores: queries.map(() => Number.NEGATIVE_INFINITY),
      ...(condition && { condition }),
    };
    new Int32Array(job.control).fill(-(2 ** 31), 2);
    const { counts, keys } = scanner.scan(job);
    let at = 0;
    return Array.from(counts, (count) => {
      at += count;
      return [...keys.subarray(at - count, at)];
    });
  };
  const ranked = (query: Float32Array, only = rows): number[] =>
    only
      .map(({ key, vector }) => ({ key, score: exactScore(descriptor, query, vector) }))
      .sort((a, b) => b.score - a.score || a.key - b.key)
      .map(({ key }) => key);
  const queries = rows.slice(0, 6).map(({ vector }) => vector);
  const condition = { minKey: 2 ** 40 + 4, maxKey: 2 ** 40 + 12 };
  const within = rows.filter(({ key }) => key >= condition.minKey && key <= condition.maxKey);
  for (const some of [queries.slice(0, 1), queries]) {
    assert.equal(
      search(some),
      some.map((query) => ranked(query)),
    );
    assert.equal(
      search(some, condition),
      some.map((query) => ranked(query, within)),
    );
  }
  scanner.close();
});

layouts.run();
