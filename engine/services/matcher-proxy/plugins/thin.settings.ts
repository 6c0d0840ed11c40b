import * as z from 'zod';
import { isUuid } from '#contract/schemas';

/** Settings of the plugin thin: the member `thin` of the Matcher Proxy's `plugin_settings`. */
export const ThinSettings = z.strictObject({
  list_ids: z
    .array(z.string().refine(isUuid, 'not a UUID').toLowerCase())
    .max(100)
    .default([])
    .describe('The lists that it keeps'),
  max_faces: z
    .int()
    .min(1)
    .max(100_000)
    .default(5000)
    .describe('A list with more faces than this is left to the Python Matcher'),
});
