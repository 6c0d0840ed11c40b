/** Faces and attributes as candidates are answered (LP5 5.1): every member, narrowed to the targets asked for. */
import { enumNumbers, nameOfNumber } from '#contract/established/names';
import { toTime } from '#contract/schemas';
import type { AttributeRow, FaceRow } from '#storage/rows';

type Answer = Record<string, unknown>;

/** `similarity` stands beside the object, not in it. */
export function narrow(record: Answer, targets: readonly string[]): Answer {
  return Object.fromEntries(targets.filter((name) => name in record).map((name) => [name, record[name]]));
}

export function toFaceRecord(row: FaceRow, lists: readonly string[]): Answer {
  const { face_id, account_id, event_id, user_data, external_id, avatar } = row;
  return { face_id, account_id, event_id, user_data, create_time: toTime(row.create_time), external_id, avatar, lists };
}

export function toAttributeRecord(row: AttributeRow): Answer {
  const { attribute_id, account_id, age, gender, ethnic_group } = row;
  const known = age !== null || gender !== null || ethnic_group !== null;
  return {
    attribute_id,
    account_id,
    create_time: toTime(row.create_time),
    basic_attributes: known
      ? {
          age,
          gender,
          ethnicities:
            ethnic_group === null
              ? null
              : { predominant_ethnicity: nameOfNumber(enumNumbers.ethnicGroup, ethnic_group) },
        }
      : null,
    basic_attributes_samples: row.basic_attributes_samples,
    face_descriptor_samples: row.face_descriptor_samples,
  };
}
