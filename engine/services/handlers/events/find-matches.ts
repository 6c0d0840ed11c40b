import { boundlessTargets } from '#contract/matching/candidate-targets';
import type { CandidateOrigin } from '#contract/matching/candidates';
import type { Candidate, Matching } from '#contract/matching/matches';
import { pickTargets } from '#contract/matching/targets';
import type { ResolvedPolicies } from '../resolve-policies.ts';
import type { EventEstimate, LabelledCandidates } from './event-facts.ts';
import { holds } from './filters.ts';

/** What events and messages tell of a candidate, whatever the policy wants to show. */
const neededTargets: Readonly<Record<CandidateOrigin, readonly string[]>> = {
  faces: ['face_id', 'external_id', 'user_data', 'lists'],
  events: ['event_id', 'external_id', 'user_data'],
  attributes: ['attribute_id'],
};

function show(candidate: Candidate, targets: readonly string[] | undefined): Candidate {
  const { similarity, ...objects } = candidate;
  const picked = Object.entries(objects).map(([name, members]) => [name, pickTargets(members as object, targets)]);
  return { ...Object.fromEntries(picked), similarity };
}

/**
 * Runs the match policies of one event, each when its filters hold. Candidates are the handler owner's, whatever the
 * policy says (LP5 1.6). Without a descriptor nothing is found. Candidates are part of the event that is stored, so that
 * they never tell what they matched themselves (`boundlessTargets`).
 */
export function findMatches(
  matching: Pick<Matching, 'matchVector'>,
  policies: ResolvedPolicies,
  aggregate: EventEstimate,
  accountId: string,
): Promise<LabelledCandidates[]> {
  const { descriptor } = aggregate;
  const known = { attributes: aggregate, bestSimilarity: new Map<string, number>() };
  return Promise.all(
    policies.matches.map(async ({ label, candidates, filters }) => {
      const { threshold, limit } = candidates;
      const targets = candidates.targets?.filter((name) => !boundlessTargets.includes(name));
      if (descriptor === null || !holds(filters, known)) return { label, threshold, found: [], shown: [] };
      const wide = targets && [...new Set([...targets, ...neededTargets[candidates.filters.origin]])];
      // The second best tells how sure the best is.
      const set = { ...candidates, limit: Math.max(2, limit), targets: wide };
      const found = await matching.matchVector(descriptor, set, accountId);
      return { label, threshold, found, shown: found.slice(0, limit).map((candidate) => show(candidate, targets)) };
    }),
  );
}
