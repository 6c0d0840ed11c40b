/** Bodies, queries and answers of handlers (LP5 3.1). */
import * as z from 'zod';
import { limits } from '#contract/established/names';
import { handlerTypes } from '#contract/established/wire-names';
import { exampleId, Flag, orNull, Page, TimeOut, UuidOut } from '#contract/schemas';
import { Policies } from './policies.schema.ts';

export const Description = z.string().max(limits.description);

/** Known faces are told from strangers, everybody's sample and event are kept. */
const examplePolicies = {
  detect_policy: { multiface_policy: 1, estimate_quality: 1 },
  extract_policy: { extract_basic_attributes: 1 },
  match_policy: [{ label: 'staff', candidates: { origin: 'faces', list_id: exampleId }, threshold: 0.8, limit: 1 }],
  conditional_tags_policy: [{ tag: 'staff', filters: { match: [{ label: 'staff', similarity__gte: 0.9 }] } }],
  storage_policy: { face_sample_policy: { store_sample: 1 }, event_policy: { store_event: 1 } },
};

export const HandlerBody = z
  .object({
    description: Description.default(''),
    is_dynamic: Flag.optional(),
    handler_type: z
      .union([z.literal(handlerTypes.static), z.literal(handlerTypes.dynamic)])
      .optional()
      .meta({
        description: 'Later spelling of `is_dynamic`: 0 static, 1 dynamic. Lambda handlers (2) do not exist here.',
      }),
    policies: orNull(Policies).optional(),
  })
  .meta({ id: 'HandlerBody', example: { description: 'entrance', policies: examplePolicies } });
export type HandlerBody = z.output<typeof HandlerBody>;

const selection = {
  description: Description.optional(),
  is_dynamic: Flag.optional(),
  handler_type: z.enum(['0', '1']).optional(),
};
export const HandlerQuery = Page.extend(selection);
export const HandlerCountQuery = z.object(selection);
export type HandlerSelection = z.output<typeof HandlerCountQuery>;

export const HandlerCreated = z.object({ handler_id: UuidOut, url: z.string() }).meta({ id: 'HandlerCreated' });

export const Handler = z
  .object({
    handler_id: UuidOut,
    account_id: UuidOut,
    description: z.string(),
    is_dynamic: z.boolean(),
    handler_type: z.int(),
    create_time: TimeOut,
    last_update_time: TimeOut,
    policies: z.looseObject({}).meta({ description: 'As they were sent, see `Policies`.' }),
    url: z.string(),
  })
  .meta({ id: 'Handler' });

export const ValidatorBody = z.object({ policies: Policies }).meta({
  id: 'HandlerValidatorBody',
  example: { policies: examplePolicies },
});

export const ValidatorAnswer = z
  .object({ warnings: z.array(z.object({ path: z.string(), message: z.string() })).optional() })
  .meta({ id: 'HandlerValidatorAnswer', description: '`warnings`: what is ignored, absent when nothing is.' });
