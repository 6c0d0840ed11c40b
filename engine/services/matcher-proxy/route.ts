/** Who answers a pair of reference and candidate set. Pure but for the question that is put to each plugin. */
import { type MatchPlugin, pythonMatcherCost, type SubRequest } from './plugin.ts';

/**
 * The one with the lowest cost below the Python Matcher's, the first named on a tie; null for the Python Matcher. A
 * cost that is not a number of at least 0, or a plugin that throws, means "cannot". Each is shown a request of its own.
 */
export function chooseRoute<Choice extends { readonly plugin: MatchPlugin }>(
  requestForOne: () => SubRequest,
  choices: readonly Choice[],
): Choice | null {
  let best: Choice | null = null;
  let lowest = pythonMatcherCost;
  for (const choice of choices) {
    const cost = costOf(choice.plugin, requestForOne());
    if (cost < lowest) {
      lowest = cost;
      best = choice;
    }
  }
  return best;
}

function costOf(plugin: MatchPlugin, request: SubRequest): number {
  try {
    const cost: unknown = plugin.cost(request);
    return typeof cost === 'number' && cost >= 0 ? cost : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
