import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { PackError } from './pack-error.ts';

/** An Ed25519 public key (RFC 8032), 32 bytes in base64, and what to call its owner. */
export interface TrustedKey {
  readonly name: string;
  readonly key: KeyObject;
}

const keyBytes = 32;
const signatureBytes = 64;

/** Throws an error that shows the text when it is no public key. */
export function parsePublicKey(text: string): KeyObject {
  const raw = Buffer.from(text, 'base64');
  if (raw.length !== keyBytes) throw new Error(`'${text.slice(0, 60)}' is no Ed25519 public key (32 bytes in base64)`);
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
}

/** The form in which public keys are handed over. */
export function publicKeyText(key: KeyObject): string {
  return Buffer.from(
    createPublicKey(key.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' }).x ?? '',
    'base64url',
  ).toString('base64');
}

/** `manifest.sig`: the signature over the bytes of `manifest.json`, in base64. */
export function signManifest(manifest: Uint8Array, privateKey: KeyObject): string {
  return `${sign(null, manifest, privateKey).toString('base64')}\n`;
}

/** Name of the key that signed; throws `PackError` when none of the trusted ones did. */
export function signerOf(manifest: Uint8Array, signature: Uint8Array, trusted: readonly TrustedKey[]): string {
  const text = Buffer.from(signature).toString('latin1').trim();
  const raw = Buffer.from(text, 'base64');
  if (raw.length !== signatureBytes) throw new PackError('manifest.sig is no Ed25519 signature (64 bytes in base64)');
  const signer = trusted.find(({ key }) => verify(null, manifest, key, raw));
  if (!signer) throw new PackError('manifest.sig was not made by a trusted key for this manifest.json');
  return signer.name;
}
