/** `manifest.json` of a model pack: what it is, which files belong to it, and how its networks are fed and read. */
import * as z from 'zod';
import { PackError } from './pack-error.ts';

export const packKinds = ['liveness', 'detector', 'descriptor', 'attributes'] as const;
export type PackKind = (typeof packKinds)[number];

/** The closed list of what the code knows to do with a network. Each is a file in `engine/inference/models/`. */
export const recipeNames = ['silent-face', 'yunet', 'arcface-112', 'age-gender'] as const;
export type RecipeName = (typeof recipeNames)[number];

export const packLimits = {
  manifestBytes: 1024 * 1024,
  signatureBytes: 4096,
  licenceBytes: 1024 * 1024,
  networkBytes: 512 * 1024 * 1024,
  files: 16,
  networks: 4,
  goldenCases: 32,
  goldenValues: 20_000,
  inputSide: 2048,
  /** Of an archive: as it comes, unpacked, and how many entries (files, folders and what describes them). */
  archiveBytes: 1024 * 1024 * 1024,
  unpackedBytes: 1024 * 1024 * 1024,
  entries: 128,
} as const;

/** Descriptor versions of packs start here; those below are embedded ones. */
export const firstPackDescriptorVersion = 20_100;

/** No folders, no hidden files: nothing in a pack can lead out of it. */
export const packFileName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const FileName = z
  .string()
  .regex(packFileName, 'a file name must be letters, digits, dots and dashes, without folders');
const Text = z.string().min(1).max(500);
const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'must be lower case letters, digits and dashes');
const TensorName = z.string().min(1).max(100);
const Shape = z.array(z.int().min(1).max(1_000_000)).min(1).max(6);
const Triple = z.tuple([z.number(), z.number(), z.number()]);
const Version = z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/, 'must be three numbers, like 1.0.0');

const PackNetwork = z.strictObject({
  id: Name,
  file: FileName,
  input: z.strictObject({ name: TensorName, shape: Shape }),
  outputs: z.record(TensorName, Shape),
  /** Crop `context` only: how many times its box is seen of the face. */
  context_scale: z.number().min(1).max(10).optional(),
});

const GoldenCase = z.strictObject({
  network: Name,
  /** Of the made-up picture (`golden-picture.ts`), which is then fed as `feeding` says. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31),
  outputs: z.record(
    TensorName,
    z.strictObject({
      /** Which values of the output; all of them when absent. */
      indices: z.array(z.int().min(0)).max(packLimits.goldenValues).optional(),
      values: z.array(z.number()).min(1).max(packLimits.goldenValues),
    }),
  ),
  /** Highest difference of a value. */
  tolerance: z.number().positive(),
});

export const PackManifest = z.strictObject({
  format: z.literal(1),
  name: Name,
  version: Version,
  kind: z.enum(packKinds),
  recipe: z.enum(recipeNames),
  title: Text,
  origin: Text,
  licence: z.strictObject({ name: Text, file: FileName }),
  /** Every file of the pack but the manifest and its signature. */
  files: z.record(
    FileName,
    z.strictObject({
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      size_bytes: z.int().min(1).max(packLimits.networkBytes),
    }),
  ),
  networks: z.array(PackNetwork).min(1).max(packLimits.networks),
  feeding: z.strictObject({
    side: z.int().min(8).max(packLimits.inputSide),
    colour: z.enum(['rgb', 'bgr']),
    mean: Triple,
    deviation: Triple.refine((values) => values.every((value) => value > 0), 'must be above 0'),
    crop: z.enum(['context', 'letterbox', 'arcface-112', 'box-1.2']),
    decode: z.enum(['living-of-three', 'yunet', 'unit-vector', 'age-gender']),
  }),
  /** Kind `descriptor` only. Vectors of different versions are never compared. */
  descriptor: z
    .strictObject({
      version: z.int().min(firstPackDescriptorVersion).max(999_999),
      length: z.int().min(16).max(2048),
      similarity: z.strictObject({ slope: z.number().positive().max(1000), offset: z.number().min(-1000).max(1000) }),
    })
    .optional(),
  golden: z.array(GoldenCase).min(1).max(packLimits.goldenCases),
});
export type PackManifest = z.infer<typeof PackManifest>;

/** Throws `PackError` that names the member. */
export function parseManifest(bytes: Uint8Array): PackManifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new PackError(`manifest.json is not JSON: ${(error as Error).message}`);
  }
  const parsed = PackManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PackError(`manifest.json: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
}

export const packId = ({ name, version }: Pick<PackManifest, 'name' | 'version'>): string => `${name}-${version}`;
