/** For tests: a suite whose every test has faces in a matcher and a schema of its own in a PostgreSQL that all share. */
import { suite } from 'uvu';
import { descriptorVersions } from '#domain/descriptor/similarity';
import { prepareKernels } from '../../../../../../build/kernels/compile.ts';
import {
  accountA,
  accountB,
  createRandom,
  openWorld,
  picture,
  startMs,
  type World,
} from '../../../../matcher/matcher.fixture.ts';
import { connectPostgres } from '../postgres.ts';
import { startPostgres, type TestPostgres } from './postgres.fixture.ts';
import { openProxy, type WatchedProxy } from './world.fixture.ts';

/** A version that is compared by cosine, for as long as the tests run. */
export const cosine = {
  version: 29_001,
  name: 'test-cosine-48',
  length: 48,
  metric: 'cosine',
  similarity: { slope: 10, offset: -4 },
} as const;

export interface Context {
  world: World;
  network: TestPostgres['network'];
  schema: string;
  lists: string[];
  faces: string[];
  /** A statement past the plugin, in which `schema` stands for the schema of the test. */
  sql(text: string, params?: readonly unknown[]): Promise<Readonly<Record<string, unknown>>[]>;
  /** Stopped after the test. */
  open(settings?: Record<string, unknown>, options?: Parameters<typeof openProxy>[2]): Promise<WatchedProxy>;
}

export function pgvectorSuite(name: string) {
  const test = suite<Context>(name);
  const opened: WatchedProxy[] = [];
  let postgres: TestPostgres;
  let direct: Awaited<ReturnType<typeof connectPostgres>>;
  let kernels: string;
  let schemas = 0;

  test.before(async () => {
    (descriptorVersions as Map<number, unknown>).set(cosine.version, cosine);
    kernels = await prepareKernels({ outDir: 'dist' });
    postgres = await startPostgres();
    const limits = { connections: 1, connectTimeoutMs: 10_000, queryTimeoutMs: 10_000 };
    direct = await connectPostgres({ url: postgres.directUrl, settings: {}, ...limits });
  });
  test.before.each(async (context) => {
    const world = await openWorld({ kernels });
    const schema = `test_${process.pid}_${schemas++}`;
    Object.assign(context, { world, schema, network: postgres.network, ...fill(world, 60) });
    context.sql = (text, params) => direct.query(text.replaceAll('schema.', `${schema}.`), params);
    context.open = async (settings = {}, options = {}) => {
      const proxy = await openProxy(world, { url: postgres.url, schema, ...settings }, options);
      opened.push(proxy);
      return proxy;
    };
    await world.matcher.catchUp();
  });
  test.after.each(async ({ world, schema, network }) => {
    for (const { proxy } of opened.splice(0)) await proxy.stop();
    network.mode = 'open';
    await world.close();
    await direct.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  });
  test.after(async () => {
    await direct.close();
    await postgres.close();
  });
  return test;
}

/** Texts that PostgreSQL, JSON or an array could take amiss. */
export const words = ['', 'a', 'A', 'a\\b', "o'b", '"{,}"', 'nul\0nul', 'ü\u{1F600}'];

/** Faces of two accounts in three lists; every tenth has no descriptor. */
function fill(world: World, count: number): { lists: string[]; faces: string[] } {
  const lists = [world.addList(), world.addList(), world.addList()];
  const random = createRandom(count);
  const faces = Array.from({ length: count }, (_, i) => {
    const row = {
      account_id: random() < 0.7 ? accountA : accountB,
      external_id: words[i % words.length] ?? '',
      user_data: words[(i >> 1) % words.length] ?? '',
      create_time: startMs - Math.floor(random() * 10) * 3_600_000,
    };
    return world.addFace(
      i % 10 === 9 ? null : picture(i % 25, 0.4, i),
      row,
      lists.filter(() => random() < 0.5),
    );
  });
  return { lists, faces };
}
