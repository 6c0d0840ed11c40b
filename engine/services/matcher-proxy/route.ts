/** Who answers a pair of reference and candidate set. Pure but for the question that is put to each plugin. */
import { type MatchPlugin, pythonMatcherCost, type SubRequest } from './plugin.ts';

/**
 * The plugin with the lowest cost below the Python Matcher's, the first named on a tie; null for the Python Matcher. A
 * cost that is not a number of at least 0, or a plugin that throws, means "cannot".
 */
export function chooseRoute(request: SubRequest, plugins: readonly MatchPlugin[]): MatchPlugin | null {
  let best: MatchPlugin | null = null;
  let lowest = pythonMatcherCost;
  for (const plugin of plugins) {
    const cost = costOf(plugin, request);
    if (cost < lowest) {
      lowest = cost;
      best = plugin;
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
