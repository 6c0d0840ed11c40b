import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Chance } from '#kernel/chance';
import { createGate } from '#kernel/gate';

/** Whose turn it is: loopback does not wait for other hosts. */
export type HashQueue = 'loopback' | 'elsewhere';

/** Hashes of passwords as PHC strings, computed in the thread pool. */
export interface Passwords {
  hash(password: string, from: HashQueue): Promise<string>;
  /** Takes as long without a `stored` hash: whether a login exists must not show. Always false then. */
  verify(stored: string | undefined, password: string, from: HashQueue): Promise<boolean>;
}

/** Argon2id at 19 MiB and 2 passes (OWASP Password Storage Cheat Sheet; RFC 9106 names the parameters). */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const saltBytes = 16;
const tagBytes = 32;
const argon2Async = promisify(argon2);

const phcPattern =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,})\$([A-Za-z0-9+/]{22,})$/;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

function phc(salt: Uint8Array, tag: Uint8Array): string {
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(tag)}`;
}

export function createPasswords(deps: { chance: Chance }): Passwords {
  const { chance } = deps;
  // 19 MiB each; the gates bound the memory. Loopback has its own, so that other hosts cannot fill the queue for it.
  const gates = {
    loopback: createGate({ name: 'passwords', concurrent: 1, waiting: 64 }),
    elsewhere: createGate({ name: 'passwords of other hosts', concurrent: 2, waiting: 32 }),
  };
  const nobody = phc(chance.bytes(saltBytes), chance.bytes(tagBytes));
  const derive = (password: string, nonce: Uint8Array, parameters: typeof cost | Record<keyof typeof cost, number>) =>
    argon2Async('argon2id', {
      message: Buffer.from(password.normalize('NFC')),
      nonce,
      tagLength: tagBytes,
      ...parameters,
    });
  return {
    async hash(password, from) {
      const salt = chance.bytes(saltBytes);
      return phc(salt, await gates[from].pass(() => derive(password, salt, cost)));
    },
    async verify(stored, password, from) {
      const [, memory, passes, parallelism, salt = '', tag = ''] = phcPattern.exec(stored ?? nobody) ?? [];
      if (tag === '') throw new Error('the stored password hash is damaged');
      const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
      const expected = Buffer.from(tag, 'base64');
      const found = await gates[from].pass(() => derive(password, Buffer.from(salt, 'base64'), parameters));
      return expected.length === found.length && timingSafeEqual(expected, found) && stored !== undefined;
    },
  };
}
