/** A private PostgreSQL server of the programs that are installed, for tests. Nothing is installed for it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './tcp-proxy.ts';

export interface InstalledPostgres {
  /** Of `initdb`; `postgres` lies beside it. */
  readonly path: string;
  /** As it says itself: "15.18 (Debian 15.18-0+deb12u1)". */
  readonly version: string;
  readonly hasPgvector: boolean;
}

export interface PostgresServer {
  /** On 127.0.0.1, user postgres, no password. */
  readonly port: number;
  stop(): Promise<void>;
}

const startLimitMs = 30_000;

/** PostgreSQL refuses to run as root. */
function ownUser(): { uid: number; gid: number } | undefined | { missing: string } {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : { missing: 'root has no user postgres to run it as' };
}

/** The newest that is in the path or where Debian puts it, or the reason why there is none. */
export function findPostgres(): InstalledPostgres | { missing: string } {
  const inPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'initdb'));
  const ofDebian = globSync('/usr/lib/postgresql/*/bin/initdb').sort(
    (a, b) => Number(b.split('/')[4]) - Number(a.split('/')[4]),
  );
  const path = [...inPath, ...ofDebian].find((file) => existsSync(file) && existsSync(join(dirname(file), 'postgres')));
  if (!path) return { missing: 'PostgreSQL is not installed: apt-get install postgresql' };
  const user = ownUser();
  if (user && 'missing' in user) return user;
  const read = (command: string, ...args: string[]): string =>
    execFileSync(join(dirname(path), command), args, { encoding: 'utf8' }).trim();
  const version = read('postgres', '--version').replace(/^postgres \(PostgreSQL\) /, '');
  const pgConfig = join(dirname(path), 'pg_config');
  const share = existsSync(pgConfig)
    ? read('pg_config', '--sharedir')
    : `/usr/share/postgresql/${parseInt(version, 10)}`;
  return { path, version, hasPgvector: existsSync(join(share, 'extension', 'vector.control')) };
}

/** Makes a cluster in a temporary folder and serves it until `stop`. Throws with what the server said. */
export async function startPostgresServer({ path }: Pick<InstalledPostgres, 'path'>): Promise<PostgresServer> {
  const user = ownUser();
  if (user && 'missing' in user) throw new Error(user.missing);
  const dir = mkdtempSync(join(tmpdir(), 'perigee-postgres-'));
  if (user) chownSync(dir, user.uid, user.gid);
  const options = { ...user, cwd: dir, env: { ...process.env, LC_ALL: 'C.UTF-8' } };
  let child: ChildProcess | undefined;
  let said = '';
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    execFileSync(path, ['-D', join(dir, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
      ...options,
      stdio: 'pipe',
    });
    const port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      max_connections: '40',
    };
    const server = spawn(
      join(dirname(path), 'postgres'),
      [
        '-D',
        join(dir, 'data'),
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child = server;
    server.stderr?.on('data', (chunk) => {
      said = (said + chunk).slice(-4000);
    });
    for (const until = Date.now() + startLimitMs; !/ready to accept connections/.test(said); await pause(20)) {
      if (server.exitCode !== null || Date.now() > until) throw new Error(`PostgreSQL does not start:\n${said}`);
    }
    await reach(port);
    return {
      port,
      async stop() {
        const ended = once(server, 'exit');
        // Fast shutdown: connections are ended.
        if (server.exitCode === null && server.kill('SIGINT')) await ended;
        remove();
      },
    };
  } catch (error) {
    child?.kill('SIGKILL');
    remove();
    throw error;
  }
}

async function reach(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
