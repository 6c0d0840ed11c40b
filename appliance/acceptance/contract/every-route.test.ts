/** What is wrong with a request whatever it asks for, on every route of the document. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openApplianceInProcess } from '../openapi/appliance-in-process.ts';
import { bodyRoutesOf, createRouteFinder, type Parameter, resolveSchema, type Schema } from '../openapi/document.ts';
import { readFlowPictures } from '../openapi/flows/pictures.ts';
import { type Answered, createClient, createComplaints, makeOneOfEach } from './one-of-each.ts';

const appliance = await openApplianceInProcess();
const { document } = appliance;
const owner = await makeOneOfEach(appliance, await readFlowPictures(), 'owner@site.com');
const routes = bodyRoutesOf(document).filter(({ path }) => path !== '/docs/errors/{code}');

const everyRoute = suite('bad requests to every route');
everyRoute.after(() => appliance.close());

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

everyRoute('a method that the path does not have: 405, 12021 and the methods it has', async () => {
  const routeOf = createRouteFinder(document);
  const complaints = createComplaints();
  for (const path of new Set(routes.map((route) => route.path))) {
    const target = owner.pathOf(path);
    const own = routes.filter((route) => route.path === path).map(({ method }) => method);
    for (const method of methods) {
      // `/6/faces/count` is also an id to the routes that take one.
      if (routeOf(method, target)) continue;
      const answer = await owner.call(method, target, method === 'GET' ? undefined : {});
      complaints.unless(`${method} ${target}`, answer, [405, 12021]);
      const allowed = answer.headers.get('allow')?.split(', ') ?? [];
      const missing = own.filter((name) => !allowed.includes(name));
      if (missing.length > 0 || allowed.includes(method)) complaints.add(`${method} ${target}: Allow ${allowed}`);
    }
  }
  complaints.assertNone();
});

everyRoute('another version, a trailing slash, a path that is none: 404 and 12013', async () => {
  const complaints = createComplaints();
  for (const { method, path } of routes) {
    const target = owner.pathOf(path);
    const wrong = target.startsWith('/6/')
      ? ['/5/', '/7/', '/06/', '/v6/', '/'].map((version) => target.replace('/6/', version))
      : [];
    for (const other of [...wrong, `${target}/`, `${target}/nothing/at/all`]) {
      if (other === '/login') continue;
      const answer = await owner.call(method, other, method === 'GET' ? undefined : {});
      complaints.unless(`${method} ${other}`, answer, [404, 12013]);
    }
  }
  complaints.assertNone();
});

everyRoute('an id that is no UUID: 400 and 12001', async () => {
  const complaints = createComplaints();
  for (const { method, path } of routes.filter((route) => /\{(\w+_)?id\}/.test(route.path))) {
    for (const change of [
      () => '17',
      (id: string) => `${id}0`,
      (id: string) => id.replaceAll('-', ''),
      (id: string) => `{${id}}`,
      (id: string) => `${id.slice(0, -1)}g`,
    ]) {
      const target = owner.pathOf(path, (id) => encodeURIComponent(change(id)));
      complaints.unless(
        `${method} ${target}`,
        await owner.call(method, target, method === 'GET' ? undefined : {}),
        [400, 12001],
      );
    }
  }
  complaints.assertNone();
});

everyRoute('no credentials: 401 and 12010; bad ones say what is bad, where they are asked for', async () => {
  const complaints = createComplaints();
  const bad: readonly [what: string, headers: Record<string, string>, status: number, code: number][] = [
    ['nothing', {}, 401, 12010],
    ['an account id that is none', { 'Luna-Account-Id': 'x' }, 400, 11037],
    ['a scheme of no meaning', { Authorization: 'Digest x' }, 401, 12019],
    ['a token that is none', { Authorization: 'Bearer x' }, 403, 11062],
  ];
  for (const route of routes) {
    const right = route.operation['x-luna-right'];
    for (const [what, credentials, status, code] of bad) {
      // This test is a program on the appliance: it administers without credentials.
      if (right === 'administrator' && what === 'nothing') continue;
      const isSocket = route.path === '/6/ws';
      if (isSocket && what === 'nothing') continue;
      const { call } = createClient(appliance, credentials);
      const target = owner.pathOf(route.path);
      const answer = await call(route.method, target, route.method === 'GET' ? undefined : {});
      const name = `${what}: ${route.method} ${target}`;
      // LP5's clients send their credentials everywhere; where nobody asks for them they must do no harm (LP5 1.5).
      if (right !== 'open' || isSocket) complaints.unless(name, answer, [status, code]);
      else if (route.path === '/6/accounts') complaints.unless(name, answer, [400, 12022]);
      else if (answer.status !== 200) complaints.add(`${name}: ${answer.status}`);
    }
  }
  complaints.assertNone();
});

/** A value of another type than `parameter` has; undefined when every text is right. */
function wrongValueOf({ schema = {} }: Parameter): string | undefined {
  const kinds = (raw: Schema): Schema[] => {
    const own = resolveSchema(document, raw);
    const inner = [own['anyOf'], own['oneOf'], own['allOf']].flat().filter(Boolean) as Schema[];
    if (inner.length > 0) return inner.flatMap(kinds);
    return own['type'] === 'array' ? kinds((own['items'] ?? {}) as Schema) : [own];
  };
  const isAnyText = (one: Schema): boolean =>
    one['type'] === 'string' && !one['enum'] && !one['const'] && !one['format'] && !one['pattern'];
  const all = kinds(schema);
  return all.some((one) => isAnyText(one) || one['type'] === undefined) ? undefined : 'none~of~these';
}

everyRoute('query values of a wrong kind: 400, and the parameter is named', async () => {
  const complaints = createComplaints();
  let tried = 0;
  for (const { method, path, operation } of routes) {
    for (const parameter of operation.parameters ?? []) {
      if (parameter.in !== 'query') continue;
      const value = wrongValueOf(parameter);
      if (value === undefined) continue;
      tried++;
      const target = `${owner.pathOf(path)}?${parameter.name}=${value}`;
      const example = operation.requestBody?.content['application/json'];
      const answer = await owner.call(method, target, method === 'GET' ? undefined : (example?.example ?? {}));
      complaints.unless(`${method} ${target}`, answer, [400, 12012], [400, 12001], [400, 22016]);
      const detail = String(answer.body.detail);
      if (!detail.includes(parameter.name) && !detail.includes(value))
        complaints.add(`${target} names nothing: ${detail}`);
    }
  }
  complaints.assertNone();
  assert.ok(tried > 150, `only ${tried} parameters have a kind`);
});

everyRoute('HEAD answers what GET answers, headers alone', async () => {
  const changing = ['date', 'luna-request-id'];
  const headersOf = ({ headers }: Answered) => [...headers].filter(([name]) => !changing.includes(name));
  for (const { method, path } of routes) {
    if (method !== 'GET') continue;
    for (const target of [owner.pathOf(path), owner.pathOf(path, () => '17')]) {
      const [get, head] = [await owner.call('GET', target), await owner.call('HEAD', target)];
      assert.equal([head.status, head.body], [get.status, ''], target);
      assert.equal(headersOf(head), headersOf(get), target);
    }
  }
});

everyRoute('a query parameter that nobody knows changes nothing', async () => {
  const complaints = createComplaints();
  for (const { method, path } of routes) {
    // What writes would not answer the same twice.
    if (method !== 'GET' || path === '/6/ws') continue;
    const query = path === '/6/attributes' ? `?attribute_ids=${owner.ids['attribute_id']}&` : '?';
    const target = `${owner.pathOf(path)}${query}`;
    const [plain, odd] = [await owner.call('GET', target), await owner.call('GET', `${target}no_such_parameter=1`)];
    if (plain.status !== 200 && plain.status !== 403) complaints.add(`GET ${target}: ${plain.status}`);
    if (odd.status !== plain.status) complaints.add(`GET ${target}: ${plain.status}, then ${odd.status}`);
  }
  complaints.assertNone();
});

everyRoute.run();
