import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { MatcherSettings } from '../../matcher/matcher.settings.ts';
import { accountA, startOfTest } from '../../route-bench.ts';
import { eventCalls, fakeJpeg, openHandlersBench } from '../handlers-bench.ts';

const lowered = MatcherSettings.parse({ result_candidate_limit: 3, array_filter_limit: 1 });
const bench = await openHandlersBench(await prepareKernels({ outDir: 'dist' }), (same) => same, lowered);
const { call, ids, storage } = bench;
const { form, makeHandler, send } = eventCalls(bench);

const stored = suite('policies as they were written down');
stored.after(() => bench.close());

const wide = {
  match_policy: [{ label: 'all', candidates: { origin: 'faces', external_ids: ['1', '2'] }, limit: 1000 }],
};

/** A handler as an earlier release, or one with other settings, has left it. */
function write(policies: string): string {
  const handler_id = ids.next();
  const times = { create_time: startOfTest, last_update_time: startOfTest };
  storage.handlers.insert({ handler_id, account_id: accountA, description: '', is_dynamic: 0, policies, ...times });
  return handler_id;
}

stored(
  'those beyond a limit that was lowered since then go on, new ones are refused where they are written',
  async () => {
    const enrol = await makeHandler({ storage_policy: { face_policy: { store_face: 1 } } });
    for (const externalId of ['1', '2', '1', '2']) await send(enrol, 'ann', `?external_id=${externalId}`);
    const { status, body } = await send(write(JSON.stringify(wide)), 'ann');
    assert.is(status, 201);
    assert.is(body.events[0].matches[0].candidates.length, 4);

    for (const [method, path] of [
      ['POST', '/handlers'],
      ['PUT', `/handlers/${enrol}`],
      ['POST', '/handlers/validator'],
    ] as const) {
      assert.is((await call(method, path, { body: { policies: wide } })).body.error_code, 12022, path);
    }
    const dynamic = await makeHandler(undefined, { is_dynamic: true });
    const parts = form(
      ['image', fakeJpeg('ann'), 'image/jpeg'],
      ['policies', JSON.stringify(wide), 'application/json'],
    );
    const refused = await call('POST', `/handlers/${dynamic}/events`, { body: parts });
    assert.is(refused.body.error_code, 12022);
    assert.match(refused.body.detail, /policies\.match_policy\.0/);
  },
);

stored('those that cannot be read are an error of the appliance, 34002, and leave nothing', async () => {
  const before = [await storage.events.count([]), storage.outbox.count(), storage.images.usage()];
  for (const policies of ['{', '{"detect_policy":{"yaw_threshold":"steep"}}', '[]']) {
    const handlerId = write(policies);
    const answer = await send(handlerId, 'ann');
    assert.equal([answer.status, answer.body.error_code], [500, 34002], policies);
    const raw = await call('POST', `/handlers/${handlerId}/events/raw`, { body: {} });
    assert.equal([raw.status, raw.body.error_code], [500, 34002], policies);
  }
  assert.equal([await storage.events.count([]), storage.outbox.count(), storage.images.usage()], before);
});

stored('what was carried out when it was written and is not any more is told as it is', async () => {
  const answer = await send(write('{"detect_policy":{"estimate_mask":1}}'), 'ann');
  assert.equal([answer.status, answer.body.error_code], [403, 11044]);
});

stored.run();
