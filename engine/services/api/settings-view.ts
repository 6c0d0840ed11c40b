/** Settings by name; members of settings are such objects again. */
export type Settings = Readonly<Record<string, unknown>>;

export const mask = '***';

const isSecretName = (name: string): boolean => /passw|secret|token|credential|private|api_?key/i.test(name);

/** The password of a url, and whatever of its query is named like one. Also `password=...` of other connection strings. */
function maskedText(text: string): string {
  return text
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^\s/?#@:]*):[^\s/?#]*@/i, `$1:${mask}@`)
    .replace(/([?&\s]|^)([\w-]*(?:passw|secret|token)[\w-]*)=[^&\s#]*/gi, `$1$2=${mask}`);
}

function maskedValue(name: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (isSecretName(name)) return mask;
  if (typeof value === 'string') return maskedText(value);
  if (Array.isArray(value)) return value.map((item) => maskedValue('', item));
  return typeof value === 'object' ? masked(value as Settings) : value;
}

/** `settings` without a password, whatever depth it stands at; null for what is not set. */
export function masked(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, maskedValue(name, value)]));
}

const isSection = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As a configuration file: `name = value`, values as JSON but for text, objects as `[section]` with the path as its name. */
export function toConfigText(settings: Settings, path: readonly string[] = []): string {
  const members = Object.entries(settings);
  const own = members
    .filter(([, value]) => !isSection(value))
    .map(([name, value]) => `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
  const sections = members.map(([name, value]) => {
    if (!isSection(value)) return '';
    const below = [...path, name];
    return `\n[${below.join('.')}]\n${toConfigText(value, below)}`;
  });
  return [...own, ...sections].join('');
}
