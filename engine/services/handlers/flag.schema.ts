import * as z from 'zod';

const on = new Set<unknown>([1, '1', true, 'true']);
const off = new Set<unknown>([0, '0', false, 'false']);

/** 0/1 or booleans in, 0/1 out. */
export const Flag = z
  .preprocess(
    (value) => (on.has(value) ? 1 : off.has(value) ? 0 : value),
    z.union([z.literal(0), z.literal(1)], 'must be 0 or 1'),
  )
  .meta({ type: 'integer', enum: [0, 1] });
export const flag = Flag.optional();
