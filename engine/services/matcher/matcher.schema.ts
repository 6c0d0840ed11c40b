/** Matching on the wire (LP5 7). */
import * as z from 'zod';
import { limits } from '#contract/established/names';
import { CandidateFilters, CandidateSet, Reference } from '#contract/matching/candidates';
import { exampleDescriptor, RawDescriptor } from '#contract/matching/raw-descriptors';
import { Candidate } from '#contract/records';
import { exampleId, UuidOut } from '#contract/schemas';

export const MatchBody = z
  .object({
    references: z
      .array(Reference)
      .min(1)
      .meta({ description: `At most ${limits.references}, else 31007.` }),
    candidates: z
      .array(CandidateSet)
      .min(1)
      .meta({ description: `References by the limits of all sets: at most ${limits.answerCandidates}, else 12022.` }),
  })
  .meta({
    id: 'MatchBody',
    example: {
      references: [{ type: 'face', id: exampleId }, exampleDescriptor],
      candidates: [
        {
          filters: { origin: 'events', create_time__gte: 'now-1d' },
          threshold: 0.9,
          limit: 5,
          targets: ['event_id', 'create_time', 'source'],
        },
      ],
    },
  });

const Similarity = z.number().meta({ description: '0..1, rounded to 6 digits; just below 1 for the same descriptor.' });

export const Matches = z
  .array(
    z.object({
      reference: z.object({ type: z.string(), id: z.string() }),
      matches: z.array(
        z.object({
          filters: CandidateFilters,
          limit: z.int(),
          threshold: z.number(),
          result: z.array(Candidate),
        }),
      ),
    }),
  )
  .meta({ id: 'Matches' });

export const RawMatchBody = z
  .object({
    references: z.array(RawDescriptor).min(1),
    candidates: z.array(RawDescriptor).min(1).max(limits.rawCandidates),
  })
  .meta({ id: 'RawMatchBody', example: { references: [exampleDescriptor], candidates: [exampleDescriptor] } });
export type RawMatchBody = z.infer<typeof RawMatchBody>;

const Named = z.object({ id: z.string(), type: z.string() });
export const RawMatches = z
  .object({
    matches: z.array(
      z.object({ reference: Named, matches: z.array(z.object({ candidate: Named, similarity: Similarity })) }),
    ),
  })
  .meta({ id: 'RawMatches' });

export const CrossMatchBody = z
  .object({ references: CandidateFilters, candidates: CandidateSet })
  .meta({ id: 'CrossMatchBody' });

export const CrossMatches = z
  .array(z.object({ reference: z.object({ type: z.string(), id: UuidOut }), result: z.array(Candidate) }))
  .meta({ id: 'CrossMatches' });
