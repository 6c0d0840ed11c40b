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
 * How threads of OpenMP and OpenBLAS wait for work. By their defaults they spin, which is quickest on cores of their own and
 * a hundred times slower where the two, or something else, share cores: the peer is measured with what suits it best.
 */
const waitings = {
  default: {},
  'OpenMP sleeps': { OMP_WAIT_POLICY: 'passive' },
  'both sleep': { OMP_WAIT_POLICY: 'passive', GOMP_SPINCOUNT: '0', OPENBLAS_THREAD_TIMEOUT: '4' },
} as const;
export type Waiting = keyof typeof waitings;
/** Who is measured after a peer must not share the cores with threads that still spin, for some tens of milliseconds. */
const settleMs = 60;

/** `waiting`: of a peer that uses OpenMP or OpenBLAS. */
export async function startPeer(program: string, options: (string | number)[], waiting?: Waiting): Promise<Peer> {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !peerSettings.test(name)));
  const env = { ...own, ...(waiting && waitings[waiting]) };
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
      if (waiting && waiting !== 'both sleep') await pause(settleMs);
      if (answer === 'bad') throw new Error(`${program} does not understand '${command}'`);
      return answer.trim().split(/\s+/).map(Number);
    },
    async end() {
      stdin.end();
      await ended;
    },
  };
}

/** The peer with the waiting by which it answers `question` soonest; three tries each. */
export async function startBestPeer(
  program: string,
  options: (string | number)[],
  question: string,
): Promise<{ peer: Peer; waiting: Waiting }> {
  let best: { peer: Peer; waiting: Waiting; ms: number } | undefined;
  for (const waiting of Object.keys(waitings) as Waiting[]) {
    const peer = await startPeer(program, options, waiting);
    let ms = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) ms = Math.min(ms, (await peer.ask(question))[0] ?? ms);
    const worse = best && best.ms <= ms ? peer : best?.peer;
    if (!best || ms < best.ms) best = { peer, waiting, ms };
    await worse?.end();
  }
  if (!best) throw new Error('no way to wait');
  return best;
}
