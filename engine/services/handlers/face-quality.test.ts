import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refusedCheckNames, refusedChecks } from '#domain/face/checks/refused-checks';
import { allChecks, faceCheckNames } from '#domain/face/face-checks';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { openHandlersBench } from './handlers-bench.ts';
import { Policies, VerifierPolicies } from './policies.schema.ts';
import { type ResolvedPolicies, resolvePolicies, resolveVerifier } from './resolve-policies.ts';

const bench = await openHandlersBench(await prepareKernels({ outDir: 'dist' }));
const { call } = bench;
const policiesWith = (checks: object, more: object = {}) => ({
  detect_policy: { face_quality: { estimate: 1, checks, ...more } },
});
const create = (checks: object) => call('POST', '/handlers', { body: { policies: policiesWith(checks) } });
const resolved = (policy: object): ResolvedPolicies =>
  resolvePolicies(Policies.parse({ detect_policy: { face_quality: policy } }));

const test = suite('face quality policies');
test.after(() => bench.close());

test('each kind of threshold is kept as it was sent', async () => {
  const checks = {
    head_yaw: { threshold: { min: -15, max: 15 } },
    eye_distance: { threshold: { min: 60 } },
    face_width: { threshold: {} },
    left_eye: { threshold: ['open', 'closed'] },
    natural_light: { threshold: 1 },
    red_eyes: { estimate: 1, threshold: [0, 1] },
    glasses: { estimate: 0, threshold: ['no_glasses'] },
  };
  const { body } = await create(checks);
  const { policies } = (await call('GET', `/handlers/${body.handler_id}`)).body;
  assert.equal(policies, policiesWith(checks));
  const plan = resolvePolicies(Policies.parse(policies)).rules.faceQuality?.plan;
  assert.equal(Object.fromEntries(plan ?? []), {
    head_yaw: { min: -15, max: 15 },
    eye_distance: { min: 60 },
    face_width: {},
    left_eye: ['open', 'closed'],
    natural_light: [1],
    red_eyes: [0, 1],
  });
});

const wrong: readonly [what: string, check: string, threshold: unknown, named: RegExp][] = [
  ['a range for a check of names', 'left_eye', { min: 0 }, /checks\.left_eye\.threshold/],
  ['names for a check of a range', 'head_yaw', ['open'], /checks\.head_yaw\.threshold/],
  ['a number for a check of a range', 'head_yaw', 5, /checks\.head_yaw\.threshold/],
  ['a range upside down', 'head_yaw', { min: 5, max: -5 }, /checks\.head_yaw\.threshold.*above max/],
  ['a text in a range', 'eye_distance', { min: '90' }, /checks\.eye_distance\.threshold\.min/],
  ['an unknown member of a range', 'eye_distance', { least: 90 }, /checks\.eye_distance\.threshold.*least/],
  ['a name that the check does not know', 'right_eye', ['ajar'], /checks\.right_eye\.threshold\.0/],
  ['no admitted name at all', 'face_color_type', [], /checks\.face_color_type\.threshold/],
  ['a range for a check of 0 and 1', 'natural_light', { min: 1 }, /checks\.natural_light\.threshold/],
  ['2 for a check of 0 and 1', 'red_eyes', 2, /checks\.red_eyes\.threshold/],
];
for (const [what, check, threshold, named] of wrong) {
  test(`${what} is 12022 with its path, for handlers and verifiers, and nothing is stored`, async () => {
    const policies = policiesWith({ [check]: { threshold } });
    const before = (await call('GET', '/handlers/count')).body.handlers_count;
    for (const path of ['/handlers', '/handlers/validator', '/verifiers']) {
      const { body } = await call('POST', path, { body: { policies } });
      assert.is(body.error_code, 12022, `${path}: ${body.detail}`);
      assert.match(body.detail, named);
      assert.match(body.detail, /policies\.detect_policy\.face_quality\./);
    }
    assert.is((await call('GET', '/handlers/count')).body.handlers_count, before);
  });
}

for (const name of refusedCheckNames) {
  test(`the check ${name} is refused with its reason unless it is switched off`, async () => {
    for (const path of ['/handlers', '/verifiers']) {
      const { body } = await call('POST', path, { body: { policies: policiesWith({ [name]: {} }) } });
      assert.is(body.error_code, 11044);
      assert.ok(body.detail.includes(`${name} (${refusedChecks[name]})`), body.detail);
    }
    assert.is((await create({ [name]: { estimate: 0 } })).status, 201);
  });
}

test('without checks, and with none among them, all run with their defaults', () => {
  for (const policy of [{ estimate: 1 }, { estimate: 1, checks: {} }, { filter: 1, checks: {} }]) {
    assert.equal(resolved(policy).rules.faceQuality?.plan, allChecks);
  }
  assert.is(resolved({ estimate: 0, checks: {} }).rules.faceQuality, null);
});

test('checks that are named are the only ones that run', () => {
  const { plan } =
    resolved({ estimate: 1, checks: { head_roll: {}, head_yaw: { estimate: 0 } } }).rules.faceQuality ?? {};
  assert.equal([...(plan ?? [])], [['head_roll', { min: -8, max: 8 }]]);
});

test('the pixels of the portrait are looked at only for a check of them, the eyes only for red eyes', () => {
  const asks = (...names: string[]) => {
    const checks = Object.fromEntries(names.map((name) => [name, {}]));
    const { portrait, eyes } = resolved({ estimate: 1, checks }).estimation;
    return [portrait, eyes];
  };
  assert.equal(asks('dynamic_range'), [true, false]);
  assert.equal(asks('red_eyes'), [true, true]);
  const ofPortrait = faceCheckNames.filter((name) => asks(name)[0]);
  assert.equal(ofPortrait.sort(), [
    'background_lightness',
    'background_uniformity',
    'dynamic_range',
    'face_color_type',
    'natural_light',
    'red_eyes',
  ]);
  assert.is(resolved({ estimate: 0 }).estimation.portrait, false);
  const { estimation } = resolveVerifier(
    VerifierPolicies.parse({ detect_policy: { face_quality: { estimate: 1, checks: { natural_light: {} } } } }),
  );
  assert.is(estimation.portrait, true);
});

test.run();
