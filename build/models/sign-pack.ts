import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workerUrl } from '#inference/inference';
import { PackError } from '#inference/packs/pack-error';
import type { DescribedPack } from '#inference/packs/pack-files';
import { createPackStore } from '#inference/packs/pack-store';
import { createNetworkCheck } from '#inference/packs/run-check';
import { publicKeyText, signManifest } from '#inference/packs/signature';
import { CommandError } from '../open-data-folder.ts';

/** Writes a new private key (Ed25519, PKCS8 in PEM, readable by its owner alone) and returns its public half for `pack_keys`. */
export function makeKey(file: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  try {
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    const { code } = error as { code?: string };
    throw new CommandError(code === 'EEXIST' ? `${file} is there already` : `${file} cannot be written (${code})`);
  }
  return publicKeyText(publicKey);
}

function readKey(file: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(readFileSync(file));
  } catch {
    // Said below, without a word of what the file holds.
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw new CommandError(`${file} is no private Ed25519 key in PEM`);
  return key;
}

/** Gives `job` a folder of its own, which goes with it. */
async function withFolder<T>(job: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'perigee-sign-'));
  try {
    return await job(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Signs the pack in `folder` and checks it whole, as an appliance that trusts the key does. A pack that would be refused
 * there keeps the signature it had. Throws `PackError` with the reason, `CommandError` for a key that is none.
 */
export async function signPack(folder: string, keyFile: string): Promise<DescribedPack> {
  const privateKey = readKey(keyFile);
  const publicKey = createPublicKey(privateKey);
  const [manifest, signature] = ['manifest.json', 'manifest.sig'].map((name) => join(folder, name)) as [string, string];
  if (!existsSync(manifest)) throw new PackError(`there is no manifest.json in ${folder}`);
  const before = existsSync(signature) ? readFileSync(signature) : undefined;
  writeFileSync(signature, signManifest(readFileSync(manifest), privateKey));
  try {
    const name = publicKeyText(publicKey);
    const trust = () => ({ keys: [{ name, key: publicKey }], allowUnsigned: false });
    const check = createNetworkCheck(workerUrl);
    return await withFolder((dir) => createPackStore({ dir, trust, check }).verify(folder));
  } catch (error) {
    if (before) writeFileSync(signature, before);
    else rmSync(signature);
    throw error;
  }
}
