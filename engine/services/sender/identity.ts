import { Slug } from '#contract/events/messages';
import type { Chance } from '#kernel/chance';
import type { Storage } from '#storage/storage';

export interface DeviceIdentity {
  /** Slug `[a-z0-9-]{1,64}`; made once at random, never of free text. */
  deviceId: string;
  /** Number of this start of the daemon, counted from 1. */
  boot: number;
}

/** No vowels and nothing that looks like something else: ids are read aloud and typed. */
const letters = '23456789bcdfghjkmnpqrstvwxyz';

/** Reads the device id, making it the first time, and counts this start. Call once per start of the daemon. */
export function countBoot(deps: { storage: Pick<Storage, 'atomically' | 'meta'>; chance: Chance }): DeviceIdentity {
  const { storage, chance } = deps;
  return storage.atomically(() => {
    const stored = storage.meta.get('device.id');
    const deviceId =
      stored !== undefined && Slug.safeParse(stored).success
        ? stored
        : [...chance.bytes(10)].map((byte) => letters[byte % letters.length]).join('');
    const boot = Number(storage.meta.get('device.boot') ?? 0) + 1;
    storage.meta.set('device.id', deviceId);
    storage.meta.set('device.boot', String(boot));
    return { deviceId, boot };
  });
}
