import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Exchange, isRunning, type KeptExchanges, readKept, testRun, testRunVariable } from './exchanges.ts';
import { type Prism, startPrism } from './prism.ts';

/** Its requests are made to be wrong, by the thousand, and it has a judge of its own. */
const fuzz = 'appliance/acceptance/openapi/generated.test.ts';
/** Every acceptance suite whose appliance is in its process. */
const suites = globSync('appliance/acceptance/**/*.test.ts')
  .filter((file) => file !== fuzz && /^import .*appliance-in-process/m.test(readFileSync(file, 'utf8')))
  .sort();
const suitesAtOnce = 2;
const requestsAtOnce = 4;

const run = testRun(process.ppid);

/** Runs a suite that this run of the tests has not come to, or was not asked for. Its own result is not judged here. */
async function runSuite(file: string): Promise<void> {
  const args = ['--disable-warning=ExperimentalWarning', 'build/testing/run-file.ts', file];
  const child = spawn(process.execPath, args, { env: { ...process.env, [testRunVariable]: run }, stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
}

async function keptOf(file: string): Promise<KeptExchanges> {
  while (isRunning(file)) await new Promise((resolve) => setTimeout(resolve, 100));
  if (!readKept(file, run)) await runSuite(file);
  const kept = readKept(file, run);
  if (!kept) throw new Error(`${file} has exchanged nothing`);
  return kept;
}

async function inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = [...items.entries()];
  const take = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return results;
}

const throughPrism = suite<{ prism: Prism }>('acceptance suites through Prism');
const kept = new Map<string, KeptExchanges>();
/** What Prism has been asked about, in whichever suite. */
const judged = new Set<string>();

throughPrism.before(async (context) => {
  const all = await inTurns(suites, suitesAtOnce, async (file) => ({ file, exchanged: await keptOf(file) }));
  for (const { file, exchanged } of all) kept.set(file, exchanged);
  context.prism = await startPrism(Object.assign({}, ...all.map(({ exchanged }) => exchanged.documents)));
});
throughPrism.after(({ prism }) => prism?.stop());

for (const file of suites) {
  throughPrism(`${file}: an outside judge finds nothing to complain about`, async ({ prism }) => {
    const { exchanges = [] } = kept.get(file) ?? {};
    const news = exchanges.filter(({ meaning }) => !judged.has(meaning));
    for (const { meaning } of news) judged.add(meaning);
    const objections = await inTurns(news, requestsAtOnce, async (exchange) => {
      const objection = await prism.objectionTo(exchange);
      return objection && `${exchange.method} ${exchange.target} ${exchange.status}: ${objection}`.slice(0, 1500);
    });
    const found = objections.filter((objection) => objection !== undefined);
    assert.ok(exchanges.length > 0, 'it has exchanged nothing');
    assert.equal(found.slice(0, 20), [], `${found.length} objections to ${news.length} exchanges`);
  });
}

/** The exchange with its answer changed. */
function broken(exchange: Exchange, change: { status?: number; without?: string; more?: object }): Exchange {
  const { status = exchange.status, without, more } = change;
  const headers = exchange.headers.filter(([name]) => name !== without);
  const body = more && { ...JSON.parse(Buffer.from(exchange.body, 'base64').toString()), ...more };
  return {
    ...exchange,
    status,
    headers,
    ...(body && { body: Buffer.from(JSON.stringify(body)).toString('base64') }),
  };
}

const firstOf = (what: (exchange: Exchange) => boolean): Exchange => {
  const found = [...kept.values()].flatMap(({ exchanges }) => exchanges).find(what);
  if (!found) throw new Error('no suite has such an exchange');
  return found;
};

throughPrism('it would find a broken answer: to a picture, to a wrong request, to HEAD', async ({ prism }) => {
  const isPicture = ({ requestHeaders }: Exchange): boolean =>
    requestHeaders.some(([name, value]) => name === 'content-type' && value === 'image/jpeg');
  const picture = firstOf((one) => one.target.includes('/events') && one.status === 201 && isPicture(one));
  const wrong = firstOf(({ method, status }) => method === 'POST' && status === 400);
  const head = firstOf(({ method, status }) => method === 'HEAD' && status === 200);
  for (const [exchange, change, says] of [
    [picture, { more: { undeclared: 1 } }, /undeclared/],
    [picture, { more: { events: 'none' } }, /events must be array/],
    [picture, { status: 202 }, /status code/],
    [wrong, { more: { error_code: 12345 } }, /error_code/],
    [wrong, { more: { undeclared: 1 } }, /undeclared/],
    [head, { status: 418 }, /status code/],
    [head, { without: 'luna-request-id' }, /luna-request-id/],
  ] as const) {
    assert.is(await prism.objectionTo(exchange), undefined);
    assert.match((await prism.objectionTo(broken(exchange, change))) ?? 'nothing', says);
  }
});

throughPrism.run();
