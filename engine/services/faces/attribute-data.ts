import { enumNumbers } from '#contract/established/names';
import { attributeNames } from '#contract/established/wire-names';
import { readRawDescriptor } from '#contract/matching/raw-descriptors';
import { toTime } from '#contract/schemas';
import {
  embeddedVersion,
  packSdkDescriptor,
  parseVector,
  type VersionInUse,
  vectorBytes,
} from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import { lunaError } from '#kernel/errors';
import type { AttributeData } from '#storage/rows';
import type { AttributeCreate } from './attribute.schema.ts';

type AttributeInput = Pick<
  AttributeCreate,
  'basic_attributes' | 'descriptors' | 'basic_attributes_samples' | 'face_descriptor_samples'
>;

/**
 * What a body says of a person, as stored. Throws `BadXpk`, `UnknownDescriptorVersion` and `InvalidDescriptor` for
 * descriptors that cannot be used, `BadJson` for two of one version.
 */
export function toAttributeData(input: AttributeInput): AttributeData {
  const { basic_attributes: basic } = input;
  const descriptors = input.descriptors.map((raw, index) => {
    const { version, vector } = readRawDescriptor({ ...raw, id: raw.id || `descriptors.${index}` });
    return { version, score: raw.score ?? null, vector: vectorBytes(vector) };
  });
  if (new Set(descriptors.map(({ version }) => version)).size < descriptors.length) {
    throw lunaError('BadJson', { path: 'descriptors', message: 'several descriptors of one version' });
  }
  return {
    age: basic?.age ?? null,
    gender: basic?.gender ?? null,
    ethnic_group: basic?.ethnic_group ?? basic?.ethnicities?.predominant_ethnicity ?? null,
    basic_attributes_samples: input.basic_attributes_samples,
    face_descriptor_samples: input.face_descriptor_samples,
    descriptors,
  };
}

const ethnicityNames = Object.fromEntries(Object.entries(enumNumbers.ethnicGroup).map(([name, n]) => [n, name]));

export type EthnicityName = keyof typeof enumNumbers.ethnicGroup;

/** An attribute as it is answered; the descriptor stays bytes until the answer's format is known. */
export interface AttributeAnswer {
  attribute_id?: string;
  account_id?: string;
  basic_attributes: {
    age: number | null;
    gender: number | null;
    ethnicities: { predominant_ethnicity: EthnicityName } | null;
  } | null;
  [attributeNames.descriptor]: { sdk_descriptor: Uint8Array; score: number | null; version: number } | null;
  basic_attributes_samples: string[];
  face_descriptor_samples: string[];
  create_time: string;
}

/** The version asked for, else the one that is extracted now, else the newest there is. */
function descriptorOf(
  data: AttributeData,
  version: number | undefined,
  versionInUse: VersionInUse,
): AttributeAnswer[typeof attributeNames.descriptor] {
  if (version !== undefined && !descriptorVersions.has(version))
    throw lunaError('UnknownDescriptorVersion', { version });
  const wanted = version ?? versionInUse();
  const exact = data.descriptors.find((descriptor) => descriptor.version === wanted);
  const row =
    exact ??
    (version === undefined ? data.descriptors.findLast((one) => descriptorVersions.has(one.version)) : undefined);
  const known = row && descriptorVersions.get(row.version);
  if (!row || !known) return null;
  const vector = parseVector('stored', known, row.vector);
  return { sdk_descriptor: packSdkDescriptor(row.version, vector), score: row.score, version: row.version };
}

export function toAttributeAnswer(
  data: AttributeData & { create_time: number },
  descriptorVersion: number | undefined,
  versionInUse: VersionInUse = embeddedVersion,
): AttributeAnswer {
  const { age, gender, ethnic_group } = data;
  const ethnicity = ethnic_group === null ? undefined : ethnicityNames[ethnic_group];
  return {
    basic_attributes:
      age === null && gender === null && ethnic_group === null
        ? null
        : {
            age,
            gender,
            ethnicities: ethnicity === undefined ? null : { predominant_ethnicity: ethnicity as EthnicityName },
          },
    [attributeNames.descriptor]: descriptorOf(data, descriptorVersion, versionInUse),
    basic_attributes_samples: data.basic_attributes_samples,
    face_descriptor_samples: data.face_descriptor_samples,
    create_time: toTime(data.create_time),
  };
}

export function toSamplesAnswer(data: AttributeData) {
  const { basic_attributes_samples, face_descriptor_samples } = data;
  return {
    basic_attributes_samples,
    face_descriptor_samples,
    samples: [...new Set([...basic_attributes_samples, ...face_descriptor_samples])],
  };
}
