import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A peer that is a program: it measures itself, so that asking it costs nothing on its account. */
export interface Peer {
  /** What it said when it was ready. */
  readonly greeting: string;
  ask(command: string): Promise<number[]>;
  end(): Promise<void>;
}

const sourceOf = (name: string): string => fileURLToPath(new URL(`./native/${name}`, import.meta.url));

/** Compiles a peer, or tells why it is not there. */
function compile(compiler: string, name: string, options: string[]): { program: string } | { missing: string } {
  const folder = 'dist/bench';
  mkdirSync(folder, { recursive: true });
  const program = join(folder, name.replace(/\.\w+$/, ''));
  const { error, status, stderr } = spawnSync(compiler, [sourceOf(name), '-o', program, ...options], {
    encoding: 'utf8',
  });
  if (error) return { missing: `${compiler} is not installed` };
  if (status !== 0) return { missing: `${name} does not compile: ${stderr.trim().split('\n')[0]}` };
  return { program };
}

export const compileScan = () => compile('gcc', 'scan.c', ['-O3', '-march=native', '-lpthread', '-lm']);

export function compileFaiss(install: boolean): ReturnType<typeof compile> {
  if (install)
    execFileSync('apt-get', ['install', '-y', '-qq', 'g++', 'libfaiss-dev', 'libopenblas-dev'], { stdio: 'ignore' });
  return compile('g++', 'faiss.cc', ['-O2', '-fopenmp', '-lfaiss', '-lopenblas']);
}

export async function startPeer(program: string, options: (string | number)[]): Promise<Peer> {
  const child: ChildProcess = spawn(program, options.map(String), {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Its threads must sleep between questions, not spin on the cores that we are measured on.
    env: { ...process.env, OMP_WAIT_POLICY: 'passive', GOMP_SPINCOUNT: '0', OPENBLAS_THREAD_TIMEOUT: '4' },
  });
  const ended = once(child, 'exit');
  if (!child.stdout || !child.stdin) throw new Error(`${program} has no pipes`);
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${program} ended`);
    return value;
  };
  const greeting = await line();
  return {
    greeting,
    async ask(command) {
      stdin.write(`${command}\n`);
      const answer = await line();
      if (answer === 'bad') throw new Error(`${program} does not understand '${command}'`);
      return answer.trim().split(/\s+/).map(Number);
    },
    async end() {
      stdin.end();
      await ended;
    },
  };
}
