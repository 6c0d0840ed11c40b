import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrustedKey } from '#inference/packs/signature';

const fileName = '.own-key.pem';

/** The key with which this appliance signs packs that it made itself, made when missing. Never leaves `packsDir`. */
export function requireOwnKey(packsDir: string): KeyObject {
  const path = join(packsDir, fileName);
  if (!existsSync(path)) {
    mkdirSync(packsDir, { recursive: true });
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx', flush: true });
  }
  return createPrivateKey(readFileSync(path));
}

/** Its public half; empty before the first import. */
export function ownKeys(packsDir: string): TrustedKey[] {
  const path = join(packsDir, fileName);
  return existsSync(path) ? [{ name: 'this appliance', key: createPublicKey(readFileSync(path)) }] : [];
}
