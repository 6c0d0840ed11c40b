/** Prism (stoplight) as a proxy that holds requests and answers against the document: a judge that is not ours. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../build/testing/tcp-proxy.ts';
import type { Document } from './document.ts';

export interface Prism {
  readonly url: string;
  stop(): Promise<void>;
}

const readyLimitMs = 60_000;

/** Starts a proxy in front of `upstream`. With `--errors` every violation becomes an error answer of Prism's own. */
export async function startPrism(document: Document, upstream: string): Promise<Prism> {
  const folder = mkdtempSync(join(tmpdir(), 'perigee-prism-'));
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ['node_modules/.bin/prism', 'proxy', file, upstream, '--errors', '--port', String(port), '--host', '127.0.0.1'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`Prism ${why}:\n${output}`));
      const timer = setTimeout(() => fail('does not get ready'), readyLimitMs);
      const look = (chunk: Buffer): void => {
        output += chunk;
        if (!output.includes('Prism is listening')) return;
        clearTimeout(timer);
        resolve();
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.once('error', reject);
      void ended.then(() => fail('ended'));
    });
  } catch (error) {
    await stop();
    throw error;
  }
  // Nobody reads what it says about each request.
  child.stdout.resume();
  child.stderr.resume();
  return { url: `http://127.0.0.1:${port}`, stop };
}
