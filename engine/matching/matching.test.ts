import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createOracle, createRandom, createVectors, fill, matchingSuite, tiny, versionOf } from './matching.fixture.ts';
import type { Selection } from './matching.ts';
import type { Hit } from './scan/collect.ts';

const matching = matchingSuite('matching');

function isEqual(a: readonly Hit[], b: readonly Hit[] = []): boolean {
  return a.length === b.length && a.every((hit, i) => hit.key === b[i]?.key && hit.score === b[i]?.score);
}

for (const metric of ['euclidean', 'cosine'] as const) {
  matching(`${metric}: any sequence of writes and searches answers as f64 brute force does`, async ({ open }) => {
    const engine = await open({ ...tiny, memoryBytes: 1 << 20 });
    let round = 0;
    const outcomes = { before: 0, after: 0 };
    const action = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('upsert' as const),
          from: fc.nat(400),
          count: fc.integer({ min: 1, max: 120 }),
          label: fc.nat(3),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('remove' as const),
          from: fc.nat(400),
          count: fc.integer({ min: 1, max: 90 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('relabel' as const),
          from: fc.nat(400),
          count: fc.integer({ min: 1, max: 50 }),
          label: fc.nat(3),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('search' as const),
          queries: fc.integer({ min: 1, max: 40 }),
          k: fc.integer({ min: 1, max: 60 }),
          filter: fc.nat(6),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 3, maxLength: 14 }),
        fc.constantFrom(64, 100, 128, 512),
        fc.nat(),
        async (actions, length, seed) => {
          const version = versionOf(metric, length);
          const random = createRandom(seed);
          const next = createVectors(random, length);
          const gallery = engine.gallery(`g${round++}`, version);
          const oracle = createOracle(version);
          for (const step of actions) {
            if (step.kind === 'search') {
              const queries = Array.from({ length: step.queries }, next);
              const selections: Selection[] = [
                {},
                {},
                { labels: [[1]] },
                {
                  labels: [
                    [1, 2],
                    [2, 3],
                  ],
                },
                { minKey: 100, maxKey: 300 },
                { keys: [5, 1, 77, 200, 201, 202, 203, 9999] },
                { keys: Array.from({ length: 300 }, (_, i) => i * 2), labels: [[1, 2]] },
              ];
              const selection = selections[step.filter] ?? {};
              const minScore = random() < 0.3 ? (metric === 'cosine' ? 0.1 : -length / 4) : Number.NEGATIVE_INFINITY;
              const expected = () => queries.map((query) => oracle.search(query, step.k, minScore, selection));
              const answers = gallery.search({ queries, k: step.k, minScore, selection });
              // A write called while the search waits or is under way: the answer is that of before or of after, never a mix.
              if (random() < 0.5) await new Promise(setImmediate);
              const late = next();
              const before = expected();
              gallery.upsert(401, late);
              oracle.rows.set(401, { vector: late, labels: [] });
              const after = expected();
              for (const [i, hits] of (await answers).entries()) {
                const isBefore = isEqual(hits, before[i]);
                assert.equal(hits, (isBefore ? before : after)[i]);
                if (!isEqual(before[i] ?? [], after[i])) outcomes[isBefore ? 'before' : 'after'] += 1;
              }
              continue;
            }
            for (let key = step.from; key < step.from + step.count; key++) {
              if (step.kind === 'remove') {
                gallery.remove(key);
                oracle.rows.delete(key);
              } else if (step.kind === 'relabel') {
                const labels = [step.label, 3];
                gallery.relabel(key, labels);
                const row = oracle.rows.get(key);
                if (row) oracle.rows.set(key, { ...row, labels });
              } else {
                const row = { vector: next(), labels: [step.label] };
                gallery.upsert(key, row.vector, row.labels);
                oracle.rows.set(key, row);
              }
            }
          }
          await gallery.settled();
          assert.is(gallery.size, oracle.rows.size);
          gallery.clear();
        },
      ),
      { numRuns: 25 },
    );
    assert.ok(outcomes.before > 0 && outcomes.after > 0, JSON.stringify(outcomes));
    await engine.stop();
  });

  matching(`${metric}: from 64 to 2048 values and from 0 to 10,000 rows nothing is missed`, async ({ open }) => {
    const engine = await open({ maxRows: 20_000, blockRows: 512 });
    for (const [length, count] of [
      [64, 10_000],
      [128, 5000],
      [512, 0],
      [512, 1],
      [513, 700],
      [1024, 300],
      [2048, 600],
    ] as const) {
      const version = versionOf(metric, length);
      const gallery = engine.gallery('sizes', version);
      const oracle = createOracle(version);
      const next = createVectors(createRandom(length + count), length);
      await fill(gallery, oracle, count, next);
      if (count === 1) gallery.remove(0);
      if (count === 1) oracle.rows.delete(0);
      const queries = Array.from({ length: 9 }, next);
      const [all, one] = await Promise.all([
        gallery.search({ queries, k: 20 }),
        gallery.search({ queries: queries.slice(0, 1), k: 20_000, selection: { minKey: 3 } }),
      ]);
      for (const [i, hits] of all.entries()) assert.equal(hits, oracle.search(queries[i] as Float32Array, 20));
      assert.equal(one[0], oracle.search(queries[0] as Float32Array, 20_000, Number.NEGATIVE_INFINITY, { minKey: 3 }));
      gallery.clear();
    }
    await engine.stop();
  });
}

for (const metric of ['euclidean', 'cosine'] as const) {
  matching(
    `${metric}: 100,000 rows in blocks as shipped, one in ten an enemy's, alone and in batches`,
    async ({ open }) => {
      const engine = await open({});
      const version = versionOf(metric, 128);
      const gallery = engine.gallery('large', version);
      const random = createRandom(7);
      const oracle = createOracle(version);
      const odd = createVectors(random, 128);
      const plain = (): Float32Array => Float32Array.from({ length: 128 }, () => (random() + random() - 1) * 0.3);
      const next = (): Float32Array => (random() < 0.1 ? odd() : plain());
      await fill(gallery, oracle, 100_000, next, (key) => (key % 10 === 0 ? [1] : key < 60_000 ? [2] : [3]));
      const someone = (n: number): Float32Array => oracle.rows.get(n * 999)?.vector ?? plain();
      const queries = [plain(), someone(1).map((v) => v + 0.03 * random()), odd()];
      for (const selection of [{}, { labels: [[1]] }, { labels: [[2]], minKey: 50_000 }] as Selection[]) {
        const batch = await gallery.search({ queries, k: 10, selection });
        for (const [i, query] of queries.entries()) {
          const wanted = oracle.search(query, 10, Number.NEGATIVE_INFINITY, selection);
          assert.equal(batch[i], wanted);
          assert.equal((await gallery.search({ queries: [query], k: 10, selection }))[0], wanted);
        }
      }
      const { scored, queries: asked } = engine.stats();
      assert.ok(scored / asked < 8000, `${scored / asked} rows scored per query: the bound does not prune`);
      await engine.stop();
    },
  );
}

matching.run();
