import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as z from 'zod';
import { orNull, Uuid } from '../schemas.ts';
import { validationError } from './http.ts';

const id = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const Body = z.object({
  face_ids: z.array(Uuid).optional(),
  event_id: orNull(Uuid).optional(),
  reference: z
    .union([
      z.object({ type: z.literal('face'), id: Uuid }),
      z.object({ type: z.literal('name'), id: z.string().max(3) }),
    ])
    .optional(),
  user_data: z.string().optional(),
});

/** `[code, detail]` of the refusal of `body`. */
function refusalOf(body: unknown): [code: number, detail: string] {
  const parsed = Body.safeParse(body);
  if (parsed.success) throw new Error('it is taken');
  const { code, message } = validationError('json', parsed.error.issues as never, body);
  return [code, message];
}

const bodyIds = suite('ids in a body');

for (const [what, body, path] of [
  ['in an array', { face_ids: [id, 'x'] }, 'face_ids.1'],
  ['where null may stand, too', { event_id: 'x' }, 'event_id'],
  ['in one of several forms', { reference: { type: 'face', id: 'x' } }, 'reference.id'],
] as const) {
  bodyIds(`a UUID that is none ${what} answers 12001 and says where`, () => {
    assert.equal(refusalOf(body), [12001, `Not a UUID: 'x' (${path})`]);
  });
}

bodyIds('several that are none answer 12001, too', () => {
  assert.equal(refusalOf({ face_ids: ['x', 'y'], event_id: 'z' }), [12001, "Not a UUID: 'x' (face_ids.0)"]);
});

for (const [what, body] of [
  ['something else is wrong as well', { face_ids: ['x'], user_data: 5 }],
  ['it has another type', { face_ids: [17] }],
  ['it is null where it may not be', { face_ids: [null] }],
  ['every form has something else that is wrong', { reference: { type: 'name', id: 'long' } }],
] as const) {
  bodyIds(`when ${what}, 12022 is answered`, () => assert.is(refusalOf(body)[0], 12022));
}

bodyIds.run();
