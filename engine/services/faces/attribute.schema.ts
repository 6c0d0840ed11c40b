/** Attributes of faces and temporary ones on the wire (LP5 5.2, 5.3). */
import * as z from 'zod';
import { enumNumbers, limits } from '#contract/established/names';
import { attributeNames } from '#contract/established/wire-names';
import { numberOf } from '#contract/matching/candidates';
import { RawDescriptor } from '#contract/matching/raw-descriptors';
import { chosenBy, KnownAttributes } from '#contract/records';
import { csv, exampleId, Targets, TimeOut, Uuid, UuidOut } from '#contract/schemas';

const EthnicGroup = numberOf(enumNumbers.ethnicGroup);

const BasicAttributes = z.object({
  age: z.int().min(0).max(100).nullish(),
  gender: numberOf(enumNumbers.gender).nullish(),
  ethnic_group: EthnicGroup.nullish(),
  /** The shape that is answered is taken back, too. */
  ethnicities: z.object({ predominant_ethnicity: EthnicGroup }).nullish(),
});

const Samples = z.array(Uuid).max(limits.samplesPerExtraction).default([]);

const attributeMembers = {
  basic_attributes: BasicAttributes.nullish(),
  descriptors: z
    .array(RawDescriptor.extend({ score: z.number().min(0).max(1).nullish() }))
    .max(limits.descriptorsPerAttribute)
    .default([])
    .meta({ description: 'One per version, all of one person.' }),
  basic_attributes_samples: Samples,
  face_descriptor_samples: Samples,
};

const hasData = (value: { basic_attributes?: unknown; descriptors: readonly unknown[] }): boolean =>
  (value.basic_attributes ?? undefined) !== undefined || value.descriptors.length > 0;

export const AttributeCreate = z
  .object({ ...attributeMembers, ttl: z.int().min(1).max(limits.attributeTtl).optional() })
  .refine(hasData, { error: 'basic_attributes or descriptors are required' })
  .meta({ id: 'AttributeCreate', example: { basic_attributes: { age: 34, gender: 1 }, ttl: 600 } });
export type AttributeCreate = z.infer<typeof AttributeCreate>;

/** What a face gets: a copy of a temporary attribute, or the data itself. */
export const FaceAttribute = z
  .object({ ...attributeMembers, attribute_id: Uuid.optional() })
  .refine((value) => value.attribute_id !== undefined || hasData(value), {
    error: 'attribute_id, basic_attributes or descriptors are required',
  })
  .meta({ id: 'FaceAttribute', example: { attribute_id: exampleId } });
export type FaceAttribute = z.infer<typeof FaceAttribute>;

export const attributeTargets = Object.values(attributeNames);

export const AttributeViewQuery = z.object({
  targets: Targets.meta({ description: `Any of ${attributeTargets.join(', ')}.` }),
  descriptor_version: z.coerce.number().int().min(0).max(0xffffffff).optional(),
});

export const AttributeListQuery = AttributeViewQuery.extend({
  attribute_ids: csv(Uuid, limits.attributesPerRequest).optional(),
});

const viewMembers = {
  basic_attributes: KnownAttributes.nullable(),
  [attributeNames.descriptor]: z
    .object({
      sdk_descriptor: z.string().meta({ format: 'byte', description: 'Base64 in JSON, bytes in msgpack.' }),
      score: z.number().nullable(),
      version: z.int(),
    })
    .nullable(),
  [attributeNames.basicAttributesSamples]: z.array(UuidOut),
  [attributeNames.descriptorSamples]: z.array(UuidOut),
  create_time: TimeOut,
};

/** Of a face. */
export const FaceAttributeView = z
  .object(viewMembers)
  .partial()
  .meta({ id: 'FaceAttributeView', ...chosenBy('request') });

/** A temporary attribute. */
export const AttributeView = z
  .object({ attribute_id: UuidOut, account_id: UuidOut, ...viewMembers })
  .partial()
  .meta({ id: 'AttributeView', ...chosenBy('request') });

export const AttributeCreated = z
  .object({ attribute_id: UuidOut, url: z.string(), external_url: z.string() })
  .meta({ id: 'AttributeCreated' });

export const AttributeSamples = z
  .object({
    basic_attributes_samples: z.array(UuidOut),
    face_descriptor_samples: z.array(UuidOut),
    samples: z.array(UuidOut).meta({ description: 'Those of both members, each once.' }),
  })
  .meta({ id: 'AttributeSamples' });
