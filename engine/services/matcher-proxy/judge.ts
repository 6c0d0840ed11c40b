import type { CandidateSet } from '#contract/matching/candidates';
import type { Candidate, PythonMatcher, ResolvedReference } from '#contract/matching/matches';
import type { Verdict } from './guard.ts';
import type { PluginMatch } from './plugin.ts';

/** How far a plugin's similarity may be from the exact one: half precision and other roundings, not other people. */
const similarityTolerance = 0.02;

/** Counts changes of faces and events as the Python Matcher learns of them. */
export interface ChangeCount {
  readonly changes: number;
  stop(): void;
}

export function countChanges(matcher: Pick<PythonMatcher, 'onChange'>): ChangeCount {
  let changes = 0;
  const stop = matcher.onChange(() => {
    changes += 1;
  });
  return {
    get changes() {
      return changes;
    },
    stop,
  };
}

/** One pair of a reference and a candidate set. */
export interface Pair {
  readonly reference: ResolvedReference;
  readonly set: CandidateSet;
  readonly visibleTo: string | null;
}

/**
 * Judges what a plugin proposes for a pair: what is there is scored again by the Python Matcher, and with `isCompared`
 * the Python Matcher answers as well, since only so it is seen what was left out. What changed while the plugin worked
 * speaks neither for nor against it.
 */
export function createJudge(deps: { matcher: PythonMatcher; count: ChangeCount }) {
  const { matcher, count } = deps;

  const rescored = async (
    { reference, set, visibleTo }: Pair,
    matches: readonly PluginMatch[],
  ): Promise<Verdict<Candidate[]>> => {
    const ids = matches.map(({ id }) => id);
    const { candidates, vetoed } = await matcher.rescore(reference, set, ids, visibleTo);
    if (candidates.length + vetoed !== matches.length) {
      const reason = 'a candidate does not exist, does not fit the filters or lies below the threshold';
      return { mark: 'wrong', reason };
    }
    const claimed = matches.map(({ similarity }) => similarity).sort((a, b) => b - a);
    const isOff = (candidate: Candidate, i: number): boolean =>
      Math.abs(candidate.similarity - (claimed[i] ?? 0)) > similarityTolerance;
    if (vetoed === 0 && candidates.some(isOff)) {
      return { mark: 'wrong', reason: 'a similarity is not what the stored vectors say' };
    }
    // A rejection took a place away: only the Python Matcher knows who comes next.
    return vetoed > 0 ? { mark: 'right' } : { mark: 'right', answer: candidates };
  };

  /** Equals may be chosen otherwise where the limit cuts through them, so that similarities are compared. */
  const compared = async ({ reference, set, visibleTo }: Pair, found: Candidate[]): Promise<Verdict<Candidate[]>> => {
    const [truth = []] = await matcher.matchAll([reference], set, visibleTo);
    const isSame = truth.length === found.length && truth.every((one, i) => one.similarity === found[i]?.similarity);
    if (isSame) return { mark: 'right', answer: truth };
    return { mark: 'wrong', reason: 'a candidate was left out that the Python Matcher finds', answer: truth };
  };

  return async (
    pair: Pair,
    matches: readonly PluginMatch[],
    { changesBefore, isCompared }: { changesBefore: number; isCompared: boolean },
  ): Promise<Verdict<Candidate[]>> => {
    let verdict = await rescored(pair, matches);
    if (verdict.answer && isCompared) verdict = await compared(pair, verdict.answer);
    if (verdict.mark !== 'wrong') return verdict;
    await matcher.catchUp();
    const { answer } = verdict;
    return count.changes === changesBefore ? verdict : { mark: 'open', ...(answer && { answer }) };
  };
}
