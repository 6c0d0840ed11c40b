import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import { createSlates } from './slates.ts';

/** Slows hosts that make accounts without a proof: each costs a hash and a row, whether it is made or not. */
export interface SignUpBrake {
  /** Counts an account that `host` asks for. Throws `SignUpSlowed` while further ones are refused. */
  begin(host: string): void;
}

export function createSignUpBrake(deps: { clock: Clock }): SignUpBrake {
  const hosts = createSlates(deps.clock, { free: 5, forgetMs: 60_000 });
  return {
    begin(host) {
      const delayMs = hosts.delayMs(host);
      if (delayMs > 0) throw lunaError('SignUpSlowed', { seconds: Math.ceil(delayMs / 1000) });
      hosts.add(host, 1);
    },
  };
}
