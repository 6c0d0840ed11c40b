import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
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

/** Own scans in C. Needs gcc and a processor with AVX2. */
export const compileScan = () => compile('gcc', 'scan.c', ['-O3', '-march=native', '-lpthread', '-lm']);

/** FAISS from Debian. `install`: asks for its packages first; where that fails, what is there has to do. */
export function compileFaiss(install: boolean): ReturnType<typeof compile> {
  const apt = ['install', '-y', '-qq', 'g++', 'libfaiss-dev', 'libopenblas-dev'];
  const { error, status } = install ? spawnSync('apt-get', apt, { stdio: 'ignore' }) : { status: 0 };
  const compiled = compile('g++', 'faiss.cc', ['-O2', '-fopenmp', '-lfaiss', '-lopenblas']);
  if ('program' in compiled || (status === 0 && !error)) return compiled;
  const why =
    process.getuid?.() === 0 ? 'apt-get could not install its packages' : 'only root can install its packages';
  return { missing: `${compiled.missing} (${why})` };
}

/** Settings of their libraries that somebody may have made for other programs: peers run with the defaults. */
const peerSettings = /^(OMP|GOMP|OPENBLAS|MKL|BLAS|GOTO)_/;
/**
 * Threads of OpenMP and OpenBLAS spin for a while after their work, by their defaults for some tens of milliseconds. Who
 * is measured next must not share the cores with them.
 */
const settleMs = 60;

export async function startPeer(program: string, options: (string | number)[], { spins = false } = {}): Promise<Peer> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !peerSettings.test(name)));
  const child: ChildProcess = spawn(program, options.map(String), { stdio: ['pipe', 'pipe', 'inherit'], env });
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
      if (spins) await pause(settleMs);
      if (answer === 'bad') throw new Error(`${program} does not understand '${command}'`);
      return answer.trim().split(/\s+/).map(Number);
    },
    async end() {
      stdin.end();
      await ended;
    },
  };
}
