import * as z from 'zod';
import { limits } from '#contract/established/names';

/** Settings of the Python Matcher. The limits of LP5's PLATFORM_LIMITS.match can be lowered, not raised. */
export const MatcherSettings = z
  .strictObject({
    reference_limit: z
      .int()
      .min(1)
      .max(limits.references)
      .default(limits.references)
      .describe('Most references of a request'),
    candidate_limit: z
      .int()
      .min(1)
      .max(limits.candidates)
      .default(limits.candidates)
      .describe('Most candidate sets of a request'),
    result_candidate_limit: z
      .int()
      .min(limits.defaultMatchLimit)
      .max(limits.resultCandidates)
      .default(limits.resultCandidates)
      .describe('Most candidates that a set may ask for'),
    answer_candidate_limit: z
      .int()
      .min(1)
      .max(limits.answerCandidates)
      .default(limits.answerCandidates)
      .describe('Most candidates of an answer: references of a request by the limits of all its sets'),
    array_filter_limit: z
      .int()
      .min(1)
      .max(limits.idsPerFilter)
      .default(limits.idsPerFilter)
      .describe('Most values of one filter'),
    cross_match_limit: z.int().min(1).max(1_000_000).default(20_000).describe('Most references of one cross match'),
    cross_match_candidate_limit: z
      .int()
      .min(1)
      .max(limits.crossMatchCandidates)
      .default(limits.crossMatchCandidates)
      .describe('Most candidates of the answer of one cross match: references by the limit of the set'),
    rejection_similarity: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('From this similarity on a query counts as a picture of the rejected person'),
    gallery_limit: z
      .int()
      .min(1)
      .max(33_000_000)
      .default(20_000_000)
      .describe(
        'Most descriptors of faces, and of events, that are searched; those past it are left out, which the log tells',
      ),
    rerank: z
      .enum(['file', 'memory'])
      .default('file')
      .describe(
        'Where the f32 vectors of the best candidates are read: `memory` is faster and takes 4 bytes per value more',
      ),
    coalesce_ms: z
      .number()
      .min(0)
      .max(1000)
      .default(0)
      .describe(
        'Time that a search waits for others to share its scan, in milliseconds. 0: only those that came at once, or while another ran',
      ),
    snapshot_minutes: z.number().min(0.1).max(10_080).default(10).describe('Longest time between snapshots'),
    snapshot_changes: z.int().min(1).default(1000).describe('Changes below which no snapshot is written'),
    ivf: z
      .strictObject({
        enabled: z
          .boolean()
          .default(false)
          .describe('Searches that choose from very many descriptors may miss some of the best. Off: all are exact'),
        min_rows: z
          .int()
          .min(1000)
          .default(2_000_000)
          .describe(
            'Searches that choose from fewer descriptors stay exact; so do those with any other filter than lists',
          ),
        probes: z
          .int()
          .min(1)
          .max(65_535)
          .default(32)
          .describe(
            'Cells that a search looks into: more miss less and take longer; cells are about the root of the rows',
          ),
      })
      .prefault({}),
  })
  .prefault({});
export type MatcherSettings = z.infer<typeof MatcherSettings>;
