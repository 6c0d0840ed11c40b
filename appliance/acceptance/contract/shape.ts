/** Says which members of an answer a client reads, and looks whether they are there. */
import * as assert from 'uvu/assert';

type Kind = 'string' | 'uuid' | 'time' | 'number' | 'int' | 'boolean' | 'array' | 'object' | 'null';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const isOf: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  uuid: (value) => typeof value === 'string' && uuid.test(value),
  time: (value) => typeof value === 'string' && time.test(value),
  number: (value) => typeof value === 'number',
  int: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  null: (value) => value === null,
};

/** The values at `path`: `a.b[].c`, where `[]` stands for every element of an array that must not be empty. */
function valuesAt(value: unknown, path: readonly string[], where: string): unknown[] {
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  if (step === '[]') {
    assert.ok(Array.isArray(value) && value.length > 0, `${where} is not a filled array`);
    return (value as unknown[]).flatMap((item) => valuesAt(item, rest, `${where}[]`));
  }
  assert.ok(isOf.object(value), `${where} is not an object: ${JSON.stringify(value)}`);
  assert.ok(step in (value as object), `${where} has no member '${step}'`);
  return valuesAt((value as Record<string, unknown>)[step], rest, `${where}.${step}`);
}

/** `members`: lines of `path kind` or `path kind|kind`. Throws when one is missing or of another kind. */
export function assertReadable(what: string, body: unknown, members: readonly string[]): void {
  for (const line of members) {
    const [path = '', kinds = ''] = line.split(' ');
    const steps = path.split(/\.|(?=\[\])/).filter(Boolean);
    for (const value of valuesAt(body, steps, what)) {
      const fits = (kinds.split('|') as Kind[]).some((kind) => isOf[kind](value));
      assert.ok(fits, `${what}: ${path} is ${JSON.stringify(value)?.slice(0, 200)}, not ${kinds}`);
    }
  }
}

/** `members` of the object at `prefix`, separated by commas. */
export const within = (prefix: string, members: string): string[] =>
  members.split(/,\s*/).map((member) => `${prefix}${member}`);
export const rect = (prefix: string): string[] => within(`${prefix}.rect.`, `x int, y int, width int, height int`);
export const perImage = within(
  'images[].',
  `filename string, status int, error.error_code int, error.desc string, error.detail string,
      error.link string`,
);
export const basic = (prefix: string): string[] => [
  `${prefix}.age int`,
  `${prefix}.gender int`,
  `${prefix}.ethnicities object|null`,
];
