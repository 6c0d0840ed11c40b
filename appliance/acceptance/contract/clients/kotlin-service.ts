/**
 * A service in Kotlin (Spring `RestClient`, Jackson): detector and sdk of one upload, search, extractor, face; lists of
 * faces by filters. Basic, and its paths begin with `/api/lp5/6`, which a gateway in front of LP5 takes away.
 */
import * as z from 'zod';
import { boxed, decimal, integer, text } from './parses.ts';

export const sdkPath = '/6/sdk?estimate_face_descriptor=1&detect_face=1&estimate_face_warp=1';
export const extractorPath = '/6/extractor?extract_basic_attributes=1';

/**
 * One reference per sample, with the descriptor from `/sdk` and the sample's id; a set of candidates per list, and one
 * by the external id. What is not set is written as null.
 */
export const searchBody = (
  person: { sampleIds: string[]; sdkDescriptor: string; lists: string[]; externalId: string | null },
  name: (snakeCase: string) => string = (snakeCase) => snakeCase,
): object => {
  const filters = (listId: string | null, externalIds: string[] | null) => ({
    origin: 'faces',
    [name('external_ids')]: externalIds,
    [name('list_id')]: listId,
  });
  const threshold = person.externalId === null ? 0.05 : null;
  return {
    references: person.sampleIds.map((id) => ({ data: person.sdkDescriptor, type: 'sdk_descriptor', id })),
    candidates: [
      ...person.lists.map((listId) => ({ filters: filters(listId, null), limit: 1, threshold })),
      { filters: filters(null, person.externalId === null ? null : [person.externalId]), limit: 1, threshold: null },
    ],
  };
};

/** Written without nulls, in snake case. The avatar is the url of the attribute. */
export const faceBody = (attribute: { attribute_id: string; url: string }, lists: string[]): object => ({
  external_id: 'k-1',
  user_data: 'Kim',
  avatar: attribute.url,
  lists,
  attribute: { attribute_id: attribute.attribute_id },
});

const Face = boxed({
  face_id: text,
  account_id: text,
  event_id: text,
  user_data: text,
  create_time: text,
  external_id: text,
  avatar: text,
  lists: z.array(text),
});

/** `description` is LP5's nowhere, so that it reads null there. */
export const Images = boxed({
  images: z.array(
    boxed({
      filename: text,
      status: integer,
      error: boxed({ error_code: integer, desc: text, detail: text }),
      description: z.looseObject({}),
    }),
  ),
});

const SdkFace = boxed({
  detection: boxed({
    warp: text,
    attributes: z.object({ descriptor: boxed({ sdk_descriptor: text, score: decimal }) }),
  }),
});
/** As the class is written: `face` is a list. LP5 answers an object, and so do we. */
export const ImagesEstimations = z.object({
  images_estimations: z.array(
    boxed({ filename: text, estimations: z.array(boxed({ face: z.array(SdkFace) })), image_estimations: z.unknown() }),
  ),
});
/** The same with the object that the bot and LP5's manual read. */
export const ImagesEstimationsOfObjects = z.object({
  images_estimations: z.array(
    boxed({ filename: text, estimations: z.array(boxed({ face: SdkFace })), image_estimations: z.unknown() }),
  ),
});

export const Matches = z.array(
  boxed({
    reference: boxed({ id: text, type: text }),
    matches: z.array(
      boxed({
        filters: boxed({ origin: text, external_ids: z.array(text), list_id: text }),
        result: z.array(boxed({ face: Face, similarity: decimal })),
      }),
    ),
  }),
);

/** The answer of `/extractor` is an array to it, also for one sample. */
export const Extracted = z.array(
  boxed({
    attribute_id: text,
    url: text,
    samples: z.array(text),
    score: decimal,
    basic_attributes: boxed({
      ethnicities: boxed({ predominant_ethnicity: text, estimations: z.record(text, decimal) }),
      age: integer,
      gender: integer,
    }),
    external_url: text,
  }),
);

export const CreatedFace = boxed({ face_id: text, url: text, external_url: text });
export const Faces = boxed({ faces: z.array(Face) });
/** It reads the answer of `/faces/count` as a bare number. */
export const Count = integer;
