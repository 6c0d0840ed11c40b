import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { BootSettings, bootKeys } from '#contract/settings/boot-settings';

/** A wrong setting: its message is printed to the integrator as it is, and the daemon does not start. */
export class SettingsError extends Error {}

const prefix = 'PERIGEE_';
/** Read by the tools around the daemon (`npm run demo`, tests), not by the daemon. */
const foreignKeys = new Set(['PERIGEE_URL', 'PERIGEE_TEST_TIMEOUT_MS']);

function fromEnvironment(environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || foreignKeys.has(name) || value === undefined) continue;
    const key = name.slice(prefix.length).toLowerCase();
    if (!(bootKeys as string[]).includes(key)) throw new SettingsError(unknownKey('environment', name));
    found[key] = value;
  }
  return found;
}

function fromFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw new SettingsError(`${file} cannot be read (${code}). Change its owner or its rights.`);
  }
  let parsed: unknown;
  try {
    parsed = parse(text) ?? {};
  } catch (error) {
    throw new SettingsError(`${file} is not YAML: ${(error as Error).message}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SettingsError(`${file} must hold keys and values, like "port: 5000".`);
  }
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parsed)) {
    const key = (name.startsWith(prefix) ? name.slice(prefix.length) : name).toLowerCase();
    if (!(bootKeys as string[]).includes(key)) throw new SettingsError(unknownKey(file, name));
    if (key === 'data_dir') throw new SettingsError(`${file}: 'data_dir' can only be set in the environment.`);
    found[key] = value;
  }
  return found;
}

/** Where settings are kept beside the data. */
export function settingsFile(dataDir: string): string {
  return join(dataDir, 'perigee.yaml');
}

function unknownKey(where: string, name: string): string {
  const known = bootKeys.map((key) => prefix + key.toUpperCase()).join(', ');
  return `Unknown setting '${name}' in ${where}. Known settings: ${known}.`;
}

/** Environment over `<data_dir>/perigee.yaml` over defaults. Throws `SettingsError` that names the wrong key. */
export function loadSettings(environment: NodeJS.ProcessEnv): BootSettings {
  const own = fromEnvironment(environment);
  const dataDir = resolve(String(own['data_dir'] ?? './data'));
  const file = settingsFile(dataDir);
  const stored = fromFile(file);
  const parsed = BootSettings.safeParse({ ...stored, ...own, data_dir: dataDir });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? '');
    const where = key in own ? 'environment' : file;
    return `Setting '${prefix}${key.toUpperCase()}' in ${where}: ${issue.message}.`;
  });
  throw new SettingsError(lines.join('\n'));
}
