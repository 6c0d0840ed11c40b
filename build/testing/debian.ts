/** Programs of the Debian distribution that some tests need. Installed when this user may; never needed to build or run. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Test } from 'uvu';

const installTimeoutMs = 180_000;

function pathOf(command: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path));
}

/** The path of `command`, installing `name` first when it is missing; otherwise the reason why there is none. */
export function requirePackage(name: string, command = name): { path: string } | { missing: string } {
  const present = pathOf(command);
  if (present) return { path: present };
  if (!existsSync('/usr/bin/apt-get')) return { missing: `'${command}' is not installed, and this is not Debian` };
  if (process.getuid?.() !== 0) return { missing: `'${command}' is not installed: apt-get install ${name}` };
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, {
      timeout: installTimeoutMs,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    });
  const installArgs = ['install', '-y', '--no-install-recommends', name];
  let install = apt(...installArgs);
  if (install.status !== 0) {
    // A machine that never asked does not know its packages yet.
    apt('update');
    install = apt(...installArgs);
  }
  const path = pathOf(command);
  return path ? { path } : { missing: `'${name}' could not be installed: ${install.stderr.trim().split('\n').at(-1)}` };
}

/**
 * Registers tests that need the program: as tests when it is there; without it as skipped, with the reason, and as failed in CI
 * (`CI=true`), where a check that did not run must not look like one that passed.
 */
export function testsWith<Context>(
  suite: Test<Context>,
  program: { path: string } | { missing: string },
): (name: string, test: (path: string, context: Context) => Promise<void>) => void {
  if ('path' in program) return (name, test) => suite(name, (context) => test(program.path, context));
  if (process.env['CI'] === 'true') {
    return (name) =>
      suite(name, () => {
        throw new Error(program.missing);
      });
  }
  return (name) => suite.skip(name, program.missing as never);
}
