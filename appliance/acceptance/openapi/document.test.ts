import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ApplianceInProcess, openApplianceInProcess } from './appliance-in-process.ts';
import { resolveSchema, routesOf, type Schema } from './document.ts';
import { exampleBodies, type FixtureIds, fillExample } from './examples.ts';
import { createJudgedRequests } from './judged-requests.ts';
import { type FlowPictures, readFlowPictures } from './main-flow.ts';

const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
const routesFile = new URL('routes.txt', import.meta.url);

interface Context {
  appliance: ApplianceInProcess;
}
const documentSuite = suite<Context>('OpenAPI document');

documentSuite.before(async (context) => {
  context.appliance = await openApplianceInProcess();
});
documentSuite.after(({ appliance }) => appliance.close());

documentSuite('it lists what is mounted, no more and no less', ({ appliance: { app, document } }) => {
  const mounted = app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .flatMap(({ method, path }) => {
      const documented = path.replace(/:(\w+)/g, '{$1}');
      return (method === 'GET' ? ['GET', 'HEAD'] : [method]).map((name) => `${name} ${documented}`);
    });
  const documented = routesOf(document).map(({ method, path }) => `${method} ${path}`);
  assert.equal(documented.toSorted(), [...new Set(mounted)].toSorted());
});

documentSuite('the routes are those of routes.txt: a client notices every difference', ({ appliance }) => {
  const routes = routesOf(appliance.document)
    .map(({ method, path }) => `${path} ${method}`)
    .sort();
  assert.equal(routes, readFileSync(routesFile, 'utf8').trim().split('\n'));
});

documentSuite('every route says what it is for, what it answers and which errors', ({ appliance: { document } }) => {
  const operations = new Set<string>();
  for (const { method, path, operation } of routesOf(document)) {
    const name = `${method} ${path}`;
    assert.ok(operation.tags?.length === 1, `${name}: one tag`);
    assert.ok(operation.summary, `${name}: a summary`);
    assert.ok(operation.operationId && !operations.has(operation.operationId), `${name}: an operationId of its own`);
    operations.add(operation.operationId);
    const statuses = Object.keys(operation.responses);
    assert.ok(
      statuses.some((status) => status < '300'),
      `${name}: a good answer`,
    );
    assert.ok(
      statuses.every((status) => /^\d{3}$/.test(status)),
      `${name}: statuses by number`,
    );
    // Open routes look at no credentials.
    const ofCredentials = operation['x-luna-right'] === 'open' ? [] : ['401', '403'];
    for (const status of [...ofCredentials, '500', '503']) assert.ok(statuses.includes(status), `${name}: ${status}`);
    for (const [status, answer] of Object.entries(operation.responses)) {
      assert.ok(answer.description, `${name} ${status}: a description`);
      if (method === 'HEAD') assert.is(answer.content, undefined, `${name} ${status}: no body`);
      if (status < '400' || method === 'HEAD') continue;
      const schema = JSON.stringify(answer.content?.['application/json']?.schema);
      assert.match(schema, /components\/schemas\/Error.*"enum":\[\d/, `${name} ${status}: error numbers`);
    }
  }
});

documentSuite('what it says of values can be used: arrays say of what, components are not "or null"', (context) => {
  const complaints: string[] = [];
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const schema = value as Schema;
    if (schema['type'] === 'array' && !schema['items'] && !schema['prefixItems']) complaints.push(`${path}: items`);
    for (const [name, member] of Object.entries(value)) if (name !== 'example') look(member, `${path}/${name}`);
  };
  const { document } = context.appliance;
  look(document, '');
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    if ([schema['type']].flat().includes('null')) complaints.push(`${name} is nullable: its first use needs orNull`);
    resolveSchema(document, schema);
  }
  assert.equal(complaints, []);
});

/** Makes one object of every kind that examples name. */
async function makeFixtures(appliance: ApplianceInProcess, photo: FlowPictures['photo']): Promise<FixtureIds> {
  const client = createJudgedRequests(appliance, account);
  const make = async (target: string, json: unknown) =>
    (await client.send('POST', target, { json, expect: 201 })).body as Record<string, string>;
  const jpeg = { body: photo, headers: { 'Content-Type': 'image/jpeg' } };
  const policies = { storage_policy: { face_sample_policy: { store_sample: 1 } } };
  const { list_id = '' } = await make('/6/lists', {});
  const { handler_id = '' } = await make('/6/handlers', { policies });
  const { verifier_id = '' } = await make('/6/verifiers', {});
  const generated = await client.send('POST', `/6/handlers/${handler_id}/events`, { ...jpeg, expect: 201 });
  const event = generated.body.events[0];
  const sample_id: string = event.detections[0].samples.face.sample_id;
  const extracted = await client.send('POST', '/6/extractor', { json: [sample_id], expect: 201 });
  const attribute_id: string = extracted.body[0].attribute_id;
  const { face_id = '' } = await make('/6/faces', { attribute_id });
  return { list_id, handler_id, verifier_id, face_id, attribute_id, sample_id, event_id: event.event_id };
}

const basicOf = (login: string): { Authorization: string } => ({
  Authorization: `Basic ${Buffer.from(`${login}:correct horse`).toString('base64')}`,
});

/** An account with a token, for the routes that the account header does not open. */
async function makeOwner(appliance: ApplianceInProcess, login: string) {
  const client = createJudgedRequests(appliance, account);
  const json = { login, password: 'correct horse', account_type: 'user' };
  // Without the account header the account gets an id of its own.
  await appliance.send('/6/accounts', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(json),
  });
  const headers = basicOf(login);
  const { body } = await client.send('POST', '/6/tokens', { json: {}, headers, expect: 201 });
  return { headers, token_id: body.token_id as string };
}

/** Routes whose example is right and yet not answered with a 2xx here, and what is answered instead. */
const expected: Readonly<Record<string, number>> = {
  'POST /6/matcher/bodies': 403,
};

/** What the example of a body needs beside it. */
const queries: Readonly<Record<string, string>> = {
  'POST /6/verifiers/{verifier_id}/verifications': '?face_ids={face_id}',
};

documentSuite('every JSON body has an example, and every example is taken', async ({ appliance }) => {
  const { document } = appliance;
  const complaints: string[] = [];
  const { photo } = await readFlowPictures();
  let ids: FixtureIds | undefined;
  for (const [i, { route, example }] of exampleBodies(document).entries()) {
    const name = `${route.method} ${route.path}`;
    if (example === undefined) {
      complaints.push(`${name} has no example`);
      continue;
    }
    ids ??= await makeFixtures(appliance, photo);
    const byLogin = /^\/6\/(account$|tokens)/.test(route.path);
    const owner = byLogin ? await makeOwner(appliance, `owner${i}@site.com`) : undefined;
    const parameters: Record<string, string | undefined> = { ...ids, token_id: owner?.token_id };
    const target = `${route.path}${queries[name] ?? ''}`.replace(
      /\{(\w+)\}/g,
      (_, parameter: string) => parameters[parameter] ?? parameter,
    );
    const client = createJudgedRequests(appliance, account);
    const answer = await client.send(route.method, target, {
      json: fillExample(example, ids),
      headers: owner?.headers ?? {},
    });
    // What was removed is made anew for the next example.
    if (route.method === 'DELETE') ids = undefined;
    const wanted = expected[name];
    if (wanted === undefined ? answer.status >= 300 : answer.status !== wanted) {
      complaints.push(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
  }
  assert.equal(complaints, []);
});

documentSuite.run();
