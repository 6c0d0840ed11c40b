import { globSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { formatOf } from '#domain/picture-format';
import { type DaemonProcess, startDaemonProcess, temporaryDataDir } from '../../appliance/acceptance/daemon-process.ts';
import type { BenchContext, BenchDefinition, Sample } from './definition.ts';
import { equalErrorRate, trueAcceptRate, type VerificationScores } from './verification.ts';

const account = { 'Luna-Account-Id': '6d071cca-fda5-4a03-84d5-5bea65904480' };
export type Box = [x: number, y: number, width: number, height: number];

export interface SeenFace {
  rect: { x: number; y: number; width: number; height: number };
  descriptor: string;
}

async function facesOf(daemon: DaemonProcess, file: string): Promise<SeenFace[]> {
  const bytes = readFileSync(file);
  // By content: a photograph of the set is a WebP under another name, which the appliance rightly refuses.
  const type = `image/${formatOf(bytes)}`;
  const answer = await fetch(`${daemon.restUrl}/6/sdk?estimate_face_descriptor=1`, {
    method: 'POST',
    headers: { ...account, 'Content-Type': type },
    body: bytes,
  });
  const body = (await answer.json()) as {
    images_estimations: {
      status: number;
      estimations: {
        face: {
          detection: { rect: SeenFace['rect']; attributes: { descriptor: { sdk_descriptor: string } } };
        };
      }[];
    }[];
  };
  const picture = body.images_estimations?.[0];
  if (answer.status !== 200 || picture?.status !== 1) throw new Error(`${file}: ${JSON.stringify(body).slice(0, 300)}`);
  return picture.estimations.map(({ face: { detection } }) => ({
    rect: detection.rect,
    descriptor: detection.attributes.descriptor.sdk_descriptor,
  }));
}

/** A truth box is found when a detection covers its centre and has 0.4 to 2.2 times its width. */
export function isFound(box: Box, faces: readonly Pick<SeenFace, 'rect'>[]): boolean {
  const [x, y, width, height] = box;
  const [cx, cy] = [x + width / 2, y + height / 2];
  return faces.some(
    ({ rect }) =>
      cx >= rect.x &&
      cx <= rect.x + rect.width &&
      cy >= rect.y &&
      cy <= rect.y + rect.height &&
      rect.width >= 0.4 * width &&
      rect.width <= 2.2 * width,
  );
}

/** Similarities of every reference with every candidate, by `/6/matcher/raw`. */
async function compareAll(daemon: DaemonProcess, faces: ReadonlyMap<string, SeenFace>): Promise<Map<string, number>> {
  const entries = [...faces].map(([id, { descriptor }]) => ({ id, type: 'sdk_descriptor', data: descriptor }));
  const similarities = new Map<string, number>();
  for (let i = 0; i < entries.length; i += 20) {
    const answer = await fetch(`${daemon.restUrl}/6/matcher/raw`, {
      method: 'POST',
      headers: { ...account, 'Content-Type': 'application/json' },
      body: JSON.stringify({ references: entries.slice(i, i + 20), candidates: entries }),
    });
    if (answer.status !== 200) throw new Error(await answer.text());
    const { matches } = (await answer.json()) as {
      matches: { reference: { id: string }; matches: { candidate: { id: string }; similarity: number }[] }[];
    };
    for (const { reference, matches: found } of matches) {
      for (const { candidate, similarity } of found) similarities.set(`${reference.id}|${candidate.id}`, similarity);
    }
  }
  return similarities;
}

export interface Pair {
  a: string;
  b: string;
  same: boolean;
}

/** Listed pairs, all pairs of the people, and people against pair photographs (different by construction). */
export function pairsOf(folder: string): Pair[] {
  const listed = readFileSync(join(folder, 'pairs/pairs.csv'), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line): Pair => {
      const [a = '', b = '', decision = ''] = line.split(',');
      return { a: `pairs/${a}`, b: `pairs/${b}`, same: decision.trim() === 'Yes' };
    });
  const people = globSync('people/*/*.{png,jpg}', { cwd: folder }).sort();
  const among = people.flatMap((a, i) =>
    people.slice(i + 1).map((b): Pair => ({ a, b, same: a.split('/')[1] === b.split('/')[1] })),
  );
  const photos = [...new Set(listed.flatMap(({ a, b }) => [a, b]))];
  const across = photos.flatMap((a) => people.map((b): Pair => ({ a, b, same: false })));
  return [...listed, ...among, ...across];
}

async function* measure(context: BenchContext, daemon: DaemonProcess, folder: string): AsyncIterable<Sample> {
  const truth = JSON.parse(readFileSync('build/bench/accuracy-truth.json', 'utf8')) as { faces: Record<string, Box[]> };
  const pairs = pairsOf(folder);
  const photos = [...new Set([...Object.keys(truth.faces), ...pairs.flatMap(({ a, b }) => [a, b])])];
  const largest = new Map<string, SeenFace>();
  let found = 0;
  let expected = 0;
  let extra = 0;
  for (const [index, photo] of photos.entries()) {
    const faces = await facesOf(daemon, join(folder, photo));
    const boxes = truth.faces[photo] ?? [];
    const hits = boxes.filter((box) => isFound(box, faces)).length;
    if (hits < boxes.length) context.progress(`${photo}: ${hits} of ${boxes.length} faces`);
    found += hits;
    expected += boxes.length;
    extra += Math.max(0, faces.length - hits);
    const best = [...faces].sort((x, y) => y.rect.width * y.rect.height - x.rect.width * x.rect.height)[0];
    if (best) largest.set(photo, best);
    if (index % 20 === 19) context.progress(`${index + 1} of ${photos.length} pictures`);
  }
  const similarities = await compareAll(daemon, largest);
  // A picture in which no face is found cannot be verified: its pairs count as not alike.
  const scoreOf = ({ a, b }: Pair): number => similarities.get(`${a}|${b}`) ?? -1;
  const scores: VerificationScores = {
    same: pairs.filter((pair) => pair.same).map(scoreOf),
    different: pairs.filter((pair) => !pair.same).map(scoreOf),
  };
  context.progress(
    `${scores.same.length} pairs of one person, ${scores.different.length} of two; ${extra} extra boxes`,
  );
  for (const far of [1e-2, 1e-3]) {
    const { rate, threshold } = trueAcceptRate(scores, far);
    context.progress(`FAR ${far}: similarity above ${threshold}`);
    yield { case: `TAR at FAR ${far}`, unit: '%', better: 'higher', ours: rate * 100, peer: 'target', peerValue: 99 };
  }
  for (const at of [0.5, 0.75, 0.9]) {
    const share = (list: readonly number[]): string =>
      ((100 * list.filter((score) => score >= at).length) / list.length).toFixed(2);
    context.progress(`similarity >= ${at}: ${share(scores.same)} % of same, ${share(scores.different)} % of different`);
  }
  yield {
    case: 'equal error rate',
    unit: '%',
    better: 'lower',
    ours: equalErrorRate(scores) * 100,
    peer: 'target',
    peerValue: 0.3,
  };
  yield {
    case: `detection recall of ${expected} faces`,
    unit: '%',
    better: 'higher',
    ours: (found / expected) * 100,
    peer: 'target',
    peerValue: 94,
  };
}

export const bench: BenchDefinition = {
  name: basename(import.meta.filename, '.bench.ts'),
  description:
    'Accuracy through the REST port on labelled photographs. Wants a folder with pairs/pairs.csv, people/<name>/ and ' +
    'the photographs named in build/bench/accuracy-truth.json. The peer is the target of the product.',
  async *run(context) {
    if (!context.dataDir) throw new Error('usage: npm run bench -- accuracy FOLDER');
    const dataDir = temporaryDataDir();
    const daemon = await startDaemonProcess({ dataDir });
    try {
      yield* measure(context, daemon, context.dataDir);
    } finally {
      await daemon.end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};
