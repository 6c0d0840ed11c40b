/** Model packs on the wire. Perigee's own resource: LP5 has none. */
import * as z from 'zod';
import { packKinds, recipeNames } from '#inference/packs/manifest';
import { descriptorVersionOf } from '#inference/packs/recipes';
import type { ShownPack } from './pack-changes.ts';

export const ModelPackName = z.string().min(1).max(100).meta({
  description: 'Name, or name and version: `silent-face` or `silent-face-1.0.0`.',
  example: 'silent-face',
});

/** What a broken pack does not tell is null. */
export const ModelPack = z
  .object({
    id: z.string().meta({ description: 'Name and version' }),
    kind: z.enum(packKinds).nullable(),
    title: z.string().nullable(),
    recipe: z.enum(recipeNames).nullable(),
    origin: z.string().nullable(),
    licence: z.string().nullable(),
    descriptor_version: z.int().nullable().meta({ description: 'Of a descriptor pack' }),
    size_bytes: z.int().nullable(),
    signed_by: z.string().nullable().meta({ description: 'Name of the trusted key; null for an unsigned pack' }),
    active: z.boolean().meta({ description: 'Chosen for its kind' }),
    in_use: z.boolean().meta({ description: 'The networks that answer now are its' }),
    problem: z.string().nullable().meta({ description: 'Why it cannot be used' }),
  })
  .meta({ id: 'ModelPack' });
export type ModelPack = z.infer<typeof ModelPack>;

export const ModelPacksAnswer = z.object({ models: z.array(ModelPack) }).meta({ id: 'ModelPacks' });

export function toModelPack({ id, pack, problem, active, inUse }: ShownPack): ModelPack {
  const manifest = pack?.manifest;
  const sizes = Object.values(manifest?.files ?? {}).map(({ size_bytes }) => size_bytes);
  return {
    id,
    kind: manifest?.kind ?? null,
    title: manifest?.title ?? null,
    recipe: manifest?.recipe ?? null,
    origin: manifest?.origin ?? null,
    licence: manifest?.licence.name ?? null,
    descriptor_version: (manifest && descriptorVersionOf(manifest)?.version) ?? null,
    size_bytes: manifest ? sizes.reduce((sum, bytes) => sum + bytes, 0) : null,
    signed_by: pack?.signedBy ?? null,
    active,
    in_use: inUse,
    problem,
  };
}
