import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CandidateFilters, type Reference } from '#contract/matching/candidates';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA, openWorld, picture, sdk, type World } from '../matcher.fixture.ts';
import { createRejections, type Rejections } from './rejections.service.ts';

const test = suite<{ world: World; rejections: Rejections }>('rejections');
test.before.each(async (context) => {
  context.world = await openWorld({ kernels: await prepareKernels({ outDir: 'dist' }) });
  context.rejections = createRejections(context.world);
});
test.after.each(({ world }) => world.close());

/** A picture between two people: 0 is the first, 1 the second. */
function between(first: number, second: number, share: number): Float32Array {
  const a = picture(first);
  const b = picture(second);
  return Float32Array.from(a, (x, i) => x * (1 - share) + (b[i] ?? 0) * share);
}

async function match(world: World, reference: Reference, origin: 'faces' | 'events', limit = 10): Promise<unknown[]> {
  const candidates = [{ filters: CandidateFilters.parse({ origin }), limit, threshold: 0 }];
  const [answer] = await world.matcher.match({ references: [reference], candidates, visibleTo: accountA });
  return (answer?.matches[0]?.result ?? []).map(({ face, event }) => face?.['face_id'] ?? event?.['event_id']);
}

// The employee is person 1; the visitor looks like a mixture of person 1 and person 2.
const visitor = between(1, 2, 0.35);
const visitorAgain = between(1, 2, 0.4);

test('a rejected event is no longer answered as the face, nor are later pictures of the same visitor', async (context) => {
  const { world, rejections } = context;
  const employee = world.addFace(picture(1));
  const stranger = world.addFace(picture(9));
  const event = world.addEvent(visitor);
  const reference: Reference = { type: 'event', id: event };
  assert.equal(await match(world, reference, 'faces'), [employee, stranger]);
  const { rejectionId } = rejections.create(accountA, { face_id: employee, event_id: event });
  assert.equal(await match(world, reference, 'faces'), [stranger], 'the pair itself');
  assert.equal(await match(world, sdk(visitorAgain), 'faces'), [stranger], 'another picture of the visitor');
  assert.equal(await match(world, sdk(picture(1, 0.2)), 'faces'), [employee, stranger], 'the employee is still known');
  rejections.remove(rejectionId, accountA);
  assert.equal(await match(world, reference, 'faces'), [employee, stranger]);
});

test('it works from the event side, too, and outlives the event', async ({ world, rejections }) => {
  const employee = world.addFace(picture(1));
  const event = world.addEvent(visitor);
  const other = world.addEvent(picture(1, 0.2));
  rejections.create(accountA, { face_id: employee, event_id: event });
  assert.equal(await match(world, { type: 'face', id: employee }, 'events'), [other]);
  assert.equal(await match(world, sdk(picture(1)), 'events'), [other], 'a picture of the employee');
  assert.equal(await match(world, sdk(visitorAgain), 'events'), [event, other], 'a picture of the visitor');
  const key = world.storage.events.findById(event, null)?.event_key ?? -1;
  world.storage.events.removeByKeys([key]);
  assert.equal(await match(world, sdk(visitorAgain), 'faces'), []);
});

test('of two faces that are different people only the nearer one is answered', async ({ world, rejections }) => {
  const first = world.addFace(picture(1));
  const second = world.addFace(between(1, 2, 0.3));
  assert.is((await match(world, sdk(picture(1)), 'faces')).length, 2);
  rejections.create(accountA, { face_id: second, other_face_id: first });
  assert.equal(await match(world, sdk(picture(1)), 'faces'), [first]);
  assert.equal(await match(world, sdk(between(1, 2, 0.3)), 'faces'), [second]);
  assert.equal(await match(world, { type: 'face', id: first }, 'faces'), [first]);
  world.storage.faces.remove(world.faceKey(second));
  assert.equal(await match(world, sdk(between(1, 2, 0.3)), 'faces'), [first], 'the rejection ended with its face');
});

test('whoever resembles neither side is not concerned', async ({ world, rejections }) => {
  const employee = world.addFace(picture(1));
  const event = world.addEvent(visitor);
  rejections.create(accountA, { face_id: employee, event_id: event });
  assert.equal(await match(world, sdk(picture(2)), 'faces'), [employee]);
});

test('the places that rejections leave are filled by those who come next', async ({ world, rejections }) => {
  const event = world.addEvent(picture(1));
  const rejected = Array.from({ length: 60 }, (_, i) => world.addFace(picture(1, 0.1, i)));
  const next = Array.from({ length: 5 }, (_, i) => world.addFace(picture(1, 0.5, i)));
  for (const face_id of rejected) rejections.create(accountA, { face_id, event_id: event });
  const found = await match(world, { type: 'event', id: event }, 'faces', 5);
  assert.equal([...found].sort(), next);
});

test.run();
