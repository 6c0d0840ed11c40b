import * as z from 'zod';
import { createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { packLimits } from '#inference/packs/manifest';
import { incomingArchiveOf } from './incoming-archive.ts';
import { ModelPack, ModelPackName, ModelPacksAnswer, toModelPack } from './model-packs.schema.ts';
import { archiveTypes, type PackChanges } from './pack-changes.ts';

const tags = ['Perigee'];
const path = '/perigee/models';
const params = z.object({ name: ModelPackName });
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
const binary = { schema: { type: 'string' as const, format: 'binary' } };
const archive = {
  content: Object.fromEntries(Object.values(archiveTypes).map((type) => [type, binary])),
  required: true,
};
const megabytes = packLimits.archiveBytes / 1024 / 1024;

const who =
  'Not part of LP5. For accounts of type admin (Basic authorization) and for programs on the appliance itself.';
const what = [
  'The body is a .zip, .tar or .tar.gz of the files of a pack, at the top or in one folder, of at most',
  `${megabytes} MiB. Checked are signature, checksums, shapes, and the networks themselves on golden vectors.`,
].join(' ');

const listRoute = defineRoute('administrator', {
  method: 'get',
  path,
  tags,
  summary: 'Installed model packs',
  description: who,
  responses: { 200: { description: 'Model packs', content: json(ModelPacksAnswer) } },
});

const installRoute = defineRoute('administrator', {
  method: 'post',
  path,
  tags,
  summary: 'Install a model pack',
  description: `${who} ${what} It is not active yet. The same pack again mends its files.`,
  request: { body: archive },
  streamsBody: true,
  errors: ['ModelPackRefused', 'ModelPackConflict', 'ContentTypeMismatch'],
  responses: { 201: { description: 'Installed', content: json(ModelPack) } },
});

const verifyRoute = defineRoute('administrator', {
  method: 'post',
  path: `${path}/verify`,
  tags,
  summary: 'Check a model pack without installing it',
  description: `${who} ${what}`,
  request: { body: archive },
  streamsBody: true,
  errors: ['ModelPackRefused', 'ModelPackConflict', 'ContentTypeMismatch'],
  responses: { 200: { description: 'Sound', content: json(ModelPack) } },
});

const activateRoute = defineRoute('administrator', {
  method: 'post',
  path: `${path}/{name}/activate`,
  tags,
  summary: 'Put a model pack in place of the network of its kind',
  description:
    `${who} Answered when its networks are in use; no request is lost meanwhile. When they cannot be put in use, those ` +
    'before go on and stay active. The descriptors of a descriptor pack have a version of their own: what was described ' +
    'before is kept, and never compared with them.',
  request: { params },
  errors: ['BadQuery', 'ModelPackRefused', 'ModelPackNotFound', 'ModelPackConflict', 'ModelPackNotTakenUp'],
  responses: { 200: { description: 'In use', content: json(ModelPack) } },
});

const deactivateRoute = defineRoute('administrator', {
  method: 'post',
  path: `${path}/{name}/deactivate`,
  tags,
  summary: 'Go back to the network that came with the appliance',
  description: who,
  request: { params },
  errors: ['BadQuery', 'ModelPackNotFound', 'ModelPackConflict', 'ModelPackNotTakenUp'],
  responses: { 200: { description: 'No longer in use', content: json(ModelPack) } },
});

const removeRoute = defineRoute('administrator', {
  method: 'delete',
  path: `${path}/{name}`,
  tags,
  summary: 'Remove a model pack that is not active',
  description: `${who} What a descriptor pack has described stays, and is compared again when the pack comes back.`,
  request: { params },
  errors: ['BadQuery', 'ModelPackNotFound', 'ModelPackConflict', 'ModelPackNotTakenUp'],
  responses: { 204: { description: 'Removed' } },
});

/** `/perigee/models`: what `npm run models` does, for a daemon that runs. */
export function createModelPacksRoutes(deps: { packChanges: PackChanges }): LunaRouter {
  const { packChanges } = deps;
  const router = createRouter();
  router.openapi(listRoute, async (c) => c.json({ models: (await packChanges.list()).map(toModelPack) }, 200));
  router.openapi(installRoute, async (c) => c.json(toModelPack(await packChanges.install(incomingArchiveOf(c))), 201));
  router.openapi(verifyRoute, async (c) => c.json(toModelPack(await packChanges.verify(incomingArchiveOf(c))), 200));
  router.openapi(activateRoute, async (c) =>
    c.json(toModelPack(await packChanges.activate(c.req.valid('param').name)), 200),
  );
  router.openapi(deactivateRoute, async (c) =>
    c.json(toModelPack(await packChanges.deactivate(c.req.valid('param').name)), 200),
  );
  router.openapi(removeRoute, async (c) => {
    await packChanges.remove(c.req.valid('param').name);
    return c.body(null, 204);
  });
  return router;
}
