/**
 * What POST `/extractor` answers (LP5 2.6). LP5's Handlers manual calls it a list of extracted attributes, and the client
 * that could be read parses an array of them; an object around them is only recalled. One JSON cannot be both.
 */
import * as z from 'zod';
import { orNull, UuidOut } from '../schemas.ts';
import { BasicAttributesOut } from './estimation-view.ts';

const ExtractedAttribute = z
  .object({
    attribute_id: UuidOut,
    url: z.string(),
    external_url: z.string(),
    score: z.number().nullable(),
    samples: z.array(UuidOut),
    basic_attributes: orNull(BasicAttributesOut),
  })
  .meta({ id: 'ExtractedAttribute' });
export type ExtractedAttribute = z.infer<typeof ExtractedAttribute>;

/** The shape and how it is made of the attributes: another one is another line here. */
export const extractorAnswer = {
  schema: z.array(ExtractedAttribute),
  of: (attributes: ExtractedAttribute[]): ExtractedAttribute[] => attributes,
} as const;
export type ExtractorAnswer = z.infer<typeof extractorAnswer.schema>;
