import type { Sample } from '../definition.ts';

/**
 * Tells when all rounds of a case are in. Cases that are measured in turn come round and round: one is over when another
 * came twice since its last round. What is left at the end is handed out by `rest`.
 */
export function createCaseLines() {
  const open = new Map<string, { samples: Sample[]; since: Map<string, number> }>();
  return {
    /** The cases that are over now, in the order in which they began. */
    add(sample: Sample): Sample[][] {
      const name = sample.case;
      const done: Sample[][] = [];
      for (const [other, { samples, since }] of open) {
        if (other === name) continue;
        const times = (since.get(name) ?? 0) + 1;
        since.set(name, times);
        if (times < 2) continue;
        open.delete(other);
        done.push(samples);
      }
      const samples = [...(open.get(name)?.samples ?? []), sample];
      open.delete(name);
      open.set(name, { samples, since: new Map() });
      return done;
    },
    rest: (): Sample[][] => [...open.values()].map(({ samples }) => samples),
  };
}
