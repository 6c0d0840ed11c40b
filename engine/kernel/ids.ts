import { v4, v7 } from 'uuid';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';

/** Makes the identifiers of everything the appliance creates. */
export interface Ids {
  /** UUIDv7: ascending in the order of creation, for whatever is stored in time order (RFC 9562, 5.7). */
  next(): string;
  /** UUIDv4: for what must not tell when it was made. */
  random(): string;
}

export function createIds(deps: { clock: Clock; chance: Chance }): Ids {
  let lastMs = 0;
  let sequence = 0;
  return {
    next() {
      const nowMs = deps.clock.now();
      // A clock that stands still or steps back must not break the ascending order within this process.
      if (nowMs > lastMs) {
        lastMs = nowMs;
        sequence = 0;
      } else {
        sequence += 1;
      }
      return v7({ msecs: lastMs, seq: sequence, random: deps.chance.bytes(16) });
    },
    random: () => v4({ random: deps.chance.bytes(16) }),
  };
}
