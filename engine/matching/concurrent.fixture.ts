/** For tests: random writes, searches, snapshots and crashes at once, each answer compared with every state it may show. */
import { cpSync } from 'node:fs';
import * as assert from 'uvu/assert';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { exactScore } from '#domain/descriptor/similarity';
import { createLog } from '#kernel/log';
import { createRandom, createVectors, versionOf } from './matching.fixture.ts';
import { createMatching, type Gallery, type GalleryRow, type Matching, type Selection } from './matching.ts';
import { byRank, type Hit } from './scan/collect.ts';

type State = Map<number, GalleryRow>;
type Change = { readonly key: number; readonly row: GalleryRow | undefined } | 'clear';

export interface ConcurrentCase {
  kernels: string;
  /** An empty folder. */
  dir: string;
  seed: number;
  steps: number;
  metric: DescriptorVersion['metric'];
  rerank: 'file' | 'memory';
  cells: boolean;
}

const keysUpTo = 1500;
const lists = 12;

function apply(state: State, change: Change): void {
  if (change === 'clear') state.clear();
  else if (change.row) state.set(change.key, change.row);
  else state.delete(change.key);
}

const fits = ({ key, labels = [] }: GalleryRow, selection: Selection): boolean =>
  key >= (selection.minKey ?? 0) &&
  key <= (selection.maxKey ?? keysUpTo) &&
  (!selection.keys || Array.from(selection.keys).includes(key)) &&
  (selection.labels ?? []).every((group) => group.some((label) => labels.includes(label)));

/** Runs a case. Throws on the first answer that no state between question and answer explains. Returns what was done. */
export async function runConcurrently(options: ConcurrentCase): Promise<{ checked: number; crashes: number }> {
  const { kernels, seed, metric, rerank, cells } = options;
  const random = createRandom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const version = versionOf(metric, [64, 100][below(2)] ?? 64);
  const nextVector = createVectors(random, version.length);
  // Of all vectors a few hundred: more would make equal ones too rare.
  const pool = Array.from({ length: 400 }, nextVector);
  const vector = (): Float32Array => pool[below(pool.length)] ?? nextVector();
  const limits = {
    blockRows: [32, 64, 50][below(3)] ?? 64,
    maxRows: 4000,
    maxLabelSets: 512,
    memoryBytes: (3 + below(6)) * 65_536,
  };
  const changes: Change[] = [];
  const state: State = new Map();
  const asked: Promise<unknown>[] = [];
  let dir = options.dir;
  let saved = -1;
  let saving: Promise<unknown> | undefined;
  let checked = 0;
  let crashes = 0;

  const openEngine = async (): Promise<Matching> => {
    const engine = createMatching({ kernels, log: createLog('silent'), dir, rerank, workers: 2, limits });
    await engine.start();
    return engine;
  };
  const galleryOf = (engine: Matching): Gallery =>
    engine.gallery('g', version, {
      ...(cells && { cells: { minRows: 100, probes: 4, cells: 16 } }),
      // So that rows of a list are kept together although others of their labels differ.
      clusterBy: (label) => label % 2 === 0,
    });
  let engine = await openEngine();
  let gallery = galleryOf(engine);

  const note = (change: Change): void => {
    changes.push(change);
    apply(state, change);
  };
  /** Often the same for many rows in turn: then whole blocks carry one set. */
  let usual: number[] = [];
  const labels = (): number[] => {
    if (random() < 0.02) usual = [below(lists)];
    return random() < 0.95 || usual.length === 0 ? usual : Array.from({ length: below(4) }, () => below(lists));
  };
  const put = (key: number): void => {
    const row = { key, vector: vector(), labels: labels() };
    note({ key, row });
    gallery.upsert(key, row.vector, row.labels);
  };
  const burst = (write: (key: number) => void): void => {
    const from = below(keysUpTo);
    const count = 1 + below(random() < 0.4 ? 250 : 12);
    for (let n = 0; n < count; n++) write((from + n) % keysUpTo);
  };

  const selection = (): Selection => {
    const some = (n: number): number[] => Array.from({ length: n }, () => below(lists + 1));
    const from = below(keysUpTo);
    return {
      ...(random() < 0.7 && { labels: Array.from({ length: 1 + below(2) }, () => some(1 + below(3))) }),
      ...(random() < 0.2 && { keys: Array.from({ length: below(300) }, () => below(keysUpTo + 50)) }),
      ...(random() < 0.2 && { minKey: from, maxKey: from + below(400) }),
    };
  };

  const ask = async (): Promise<void> => {
    const queries = Array.from({ length: random() < 0.5 ? 1 : 1 + below(40) }, vector);
    const k = random() < 0.1 ? 1000 : 1 + below(30);
    const chosen = selection();
    const exact = random() < 0.5;
    const rows = [...state.values()];
    const some = rows[below(rows.length)];
    const minScore =
      some && queries[0] && random() < 0.4 ? exactScore(version, queries[0], some.vector) : Number.NEGATIVE_INFINITY;
    const before: State = new Map(state);
    const from = changes.length;
    const answers = await gallery.search({ queries, k, minScore, selection: chosen, exact });
    const upTo = changes.length;
    for (const [i, query] of queries.entries()) {
      const scores = new Map<Float32Array, number>();
      const scoreOf = (one: Float32Array): number => {
        const score = scores.get(one) ?? exactScore(version, query, one);
        scores.set(one, score);
        return score;
      };
      const right = (now: State, hits: readonly Hit[]): boolean => {
        if (!exact && cells) {
          return hits.every(({ key, score }, n) => {
            const row = now.get(key);
            const after = hits[n + 1];
            const isOrdered = !after || byRank({ key, score }, after) < 0;
            return row && fits(row, chosen) && scoreOf(row.vector) === score && score >= minScore && isOrdered;
          });
        }
        const wanted = [...now.values()]
          .filter((row) => fits(row, chosen))
          .map((row) => ({ key: row.key, score: scoreOf(row.vector) }))
          .filter(({ score }) => score >= minScore)
          .sort(byRank)
          .slice(0, k);
        return wanted.length === hits.length && wanted.every((hit, n) => byRank(hit, hits[n] as Hit) === 0);
      };
      const now = new Map(before);
      let at = from;
      while (!right(now, answers[i] ?? []) && at < upTo) {
        apply(now, changes[at] as Change);
        at += 1;
      }
      checked += 1;
      if (right(now, answers[i] ?? [])) continue;
      const what = JSON.stringify({ seed, metric, rerank, cells, exact, k, minScore, chosen, from, upTo, i });
      throw new Error(`an answer that no state explains: ${what}`);
    }
  };

  const snapshot = async (): Promise<void> => {
    const at = changes.length;
    await gallery.snapshot({ generation: String(at) });
    saved = at;
  };

  /** Another process goes on from what is on the disk, and is told what changed since its snapshot. */
  const crash = async (): Promise<void> => {
    await Promise.all(asked.splice(0));
    await saving;
    await engine.stop();
    engine = await openEngine();
    gallery = galleryOf(engine);
    const outcome = await gallery.restore((generation) => Number(generation) === saved);
    assert.is(outcome.restored, saved >= 0, outcome.restored ? '' : outcome.reason);
    const since = changes.slice(Math.max(0, saved));
    const all = Array.from({ length: keysUpTo }, (_, key) => key);
    const keys = since.includes('clear') || saved < 0 ? all : since.map((change) => (change as { key: number }).key);
    for (const key of new Set(keys)) {
      const row = state.get(key);
      if (row) gallery.upsert(key, row.vector, row.labels);
      else gallery.remove(key);
    }
    crashes += 1;
  };

  try {
    for (let step = 0; step < options.steps; step++) {
      const dice = random();
      if (dice < 0.2) burst(put);
      else if (dice < 0.42) {
        burst((key) => {
          note({ key, row: undefined });
          gallery.remove(key);
        });
      } else if (dice < 0.45) {
        burst((key) => {
          const row = state.get(key);
          const given = labels();
          if (row) note({ key, row: { ...row, labels: given } });
          gallery.relabel(key, given);
        });
      } else if (dice < 0.46) {
        note('clear');
        gallery.clear();
      } else if (dice < 0.53) {
        if (!saving) {
          saving = snapshot().finally(() => {
            saving = undefined;
          });
          saving.catch(() => {});
        }
      } else if (dice < 0.545) {
        if (!saving) {
          // The folder as it is now, while nothing writes: what a power cut leaves.
          const copy = `${options.dir}-${step}`;
          cpSync(dir, copy, { recursive: true });
          dir = copy;
          await crash();
        }
      } else if (dice < 0.555) void gallery.buildCells();
      else if (dice < 0.56) void engine.pool.kill(below(2));
      else {
        const question = ask();
        question.catch(() => {});
        asked.push(question);
      }
      if (random() < 0.3) await new Promise(setImmediate);
      if (asked.length > 8) await Promise.all(asked.splice(0));
      assert.is(gallery.size <= state.size + keysUpTo, true);
    }
    await Promise.all(asked.splice(0));
    await saving;
    await gallery.settled();
    assert.is(gallery.size, state.size);
  } finally {
    await engine.stop();
  }
  return { checked, crashes };
}
