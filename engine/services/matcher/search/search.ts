import type { CandidateFilters, CandidateSet } from '#contract/matching/candidates';
import type { ResolvedReference } from '#contract/matching/matches';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { scoreAt, similarityOf } from '#domain/descriptor/similarity';
import type { Gallery, Hit } from '#matching/matching';
import type { ScoredKey, Veto } from '../rejections/veto.ts';
import type { RowSelection } from './selection.ts';

/** Similarities are rounded to 6 digits: a score this far below the threshold's may still round up to it. */
const rounding = 6e-7;
/** Asked for beyond the limit when there are rejections, so that one scan is usually enough. */
const spare = 16;
/** Past this many hits equal scores are cut by key instead of id. */
const mostHits = 16_384;

/** The lowest vector score that can reach a threshold of similarity. */
export function minScoreOf(version: DescriptorVersion, threshold: number): number {
  return scoreAt(version, threshold - rounding);
}

const byScore = (a: Hit, b: Hit): number => b.score - a.score || a.key - b.key;

/** The k best of selections that share no row, as if it were one search. */
async function searchOnce(
  gallery: Gallery,
  queries: readonly Float32Array[],
  selections: readonly RowSelection[],
  options: { k: number; minScore: number; exact: boolean },
): Promise<Hit[][]> {
  const answers = await Promise.all(
    selections.map(({ allOf, keys }) =>
      gallery.search({
        queries,
        ...options,
        selection: { ...(allOf.length > 0 && { labels: allOf }), ...(keys && { keys }) },
      }),
    ),
  );
  if (answers.length === 1) return answers[0] ?? [];
  return queries.map((_, i) =>
    answers
      .flatMap((hits) => hits[i] ?? [])
      .sort(byScore)
      .slice(0, options.k),
  );
}

/** Members of filters that leave it to the setting `ivf` whether an answer may be approximate. */
const leftToSetting = new Set(['origin', 'list_id']);

/** True for filters whose answers are exact whatever the setting `ivf` says: any but those of lists. */
export function staysExact(filters: CandidateFilters): boolean {
  return Object.entries(filters).some(([name, value]) => value !== undefined && !leftToSetting.has(name));
}

/**
 * Per reference the candidates that an answer of `limit` can consist of: best first, without rejected ones, at least
 * the threshold similar. There may be more than `limit`: all that tie with the last one, for the caller to order by id.
 */
export async function searchGallery(
  deps: { gallery: Gallery; origin: 'faces' | 'events'; veto: Veto },
  references: readonly ResolvedReference[],
  selections: readonly RowSelection[],
  { filters, limit, threshold }: Pick<CandidateSet, 'filters' | 'limit' | 'threshold'>,
): Promise<ScoredKey[][]> {
  const { gallery, origin, veto } = deps;
  const { version } = gallery;
  const minScore = minScoreOf(version, threshold);
  const exact = staysExact(filters);
  const hasVetoes = !veto.isIdle();
  const results: ScoredKey[][] = references.map(() => []);
  let open = references.map((reference, i) => ({ reference, i }));
  for (let k = limit + (hasVetoes ? spare : 1); open.length > 0; k *= 4) {
    const asked = Math.min(k, mostHits);
    const queries = open.map(({ reference }) => reference.vector);
    const found = await searchOnce(gallery, queries, selections, { k: asked, minScore, exact });
    open = open.filter(({ reference, i }, n) => {
      const hits = found[n] ?? [];
      const out = hasVetoes ? veto.vetoed(reference, origin, hits) : undefined;
      const kept = hits.filter(({ key, score }) => !out?.has(key) && similarityOf(version, score) >= threshold);
      const lowest = kept[limit - 1]?.score;
      results[i] = kept.filter(({ score }) => lowest === undefined || score >= lowest);
      const last = hits.at(-1)?.score ?? Number.NEGATIVE_INFINITY;
      const complete = hits.length < asked || asked === mostHits || (lowest !== undefined && last < lowest);
      return !complete;
    });
  }
  return results;
}
