import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** `build/models.lock.json`: what every network is made of and what must come out, bit for bit. */
export interface NetworkLock {
  package: string;
  version: string;
  /** sha256 by path inside the package. */
  sources: Record<string, string>;
  /** Whose network it is and under which licence. */
  origin: string;
  licence: string;
  /** sha256 and size of the ONNX file. */
  sha256: string;
  sizeBytes: number;
  inputs: Record<string, readonly number[]>;
  outputs: Record<string, readonly number[]>;
}

export type ModelsLock = Record<string, NetworkLock>;

const lockFile = new URL('../models.lock.json', import.meta.url);

export function readLock(): ModelsLock {
  return JSON.parse(readFileSync(lockFile, 'utf8')) as ModelsLock;
}

export function writeLock(lock: ModelsLock): void {
  writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
}

export function sha256Of(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
