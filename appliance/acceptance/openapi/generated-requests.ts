/** Requests made from the document: right ones, and ones that are wrong in one or more of the ways users are. */
import fc from 'fast-check';
import { type Document, type Parameter, type Route, resolveSchema, routesOf, type Schema } from './document.ts';

export interface GeneratedRequest {
  route: Route;
  /** Path with its parameters and query filled in. */
  target: string;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | undefined;
}

/** A body that is no JSON: a picture, or a form with pictures. */
export interface MadeBody {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Values that no schema expects. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    0,
    -1,
    1e308,
    -0,
    true,
    [],
    {},
    [[]],
    'null',
    '\u0000',
    '\ud800',
    '💥'.repeat(50),
  ),
  fc.constantFrom<unknown>("' OR 1=1 --", '../../../etc/passwd', '%00', 'NaN', '9'.repeat(400), 'a'.repeat(5000)),
  // Parsed: in a literal `__proto__` would be no member.
  fc.constantFrom<unknown>(
    JSON.parse('{"__proto__": {"x": 1}}'),
    { constructor: 1 },
    '2026-02-30T25:61:61Z',
    'now-999999999y',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
);

function numberOf(schema: Schema, integer: boolean): fc.Arbitrary<number> {
  const min = (schema['minimum'] as number | undefined) ?? -1000;
  const max = (schema['maximum'] as number | undefined) ?? 1_000_000;
  const inside = integer
    ? fc.integer({ min: Math.ceil(min), max: Math.floor(max) })
    : fc.double({ min, max, noNaN: true });
  const beyond = [schema['minimum'] === undefined ? min : min - 1, schema['maximum'] === undefined ? max : max + 1];
  return sometimes(inside, fc.constantFrom(min, max, ...beyond));
}

function stringOf(schema: Schema): fc.Arbitrary<unknown> {
  const format = schema['format'];
  if (format === 'uuid')
    return fc.oneof(
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
    );
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100') }).map((d) => d.toISOString());
  if (format === 'binary') return fc.constant('binary');
  const maxLength = Math.min((schema['maxLength'] as number | undefined) ?? 40, 200);
  const minLength = Math.min((schema['minLength'] as number | undefined) ?? 0, maxLength);
  const limit = (schema['maxLength'] as number | undefined) ?? 0;
  const text = fc.oneof(
    fc.string({ minLength, maxLength }),
    fc.string({ minLength, maxLength: Math.ceil(maxLength / 4), unit: 'grapheme' }),
    fc.constantFrom(...[limit - 1, limit, limit + 1].map((length) => 'ä'.repeat(Math.max(minLength, length)))),
  );
  const example = schema['example'];
  return example === undefined ? text : fc.oneof(text, fc.constant(example));
}

/** Mostly a few; rarely as many as there may be, or one more. */
function arrayOf(schema: Schema, item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> {
  const few = fc.array(item, { minLength: Math.min((schema['minItems'] as number | undefined) ?? 0, 3), maxLength: 3 });
  const limit = schema['maxItems'] as number | undefined;
  if (limit === undefined || limit === 0) return few;
  const many = fc.tuple(item, fc.constantFrom(limit, limit + 1)).map(([one, count]) => Array(count).fill(one));
  return fc.oneof({ arbitrary: few, weight: 30 }, { arbitrary: many, weight: 1 });
}

/** A value that fits the schema, as far as its keywords tell. */
function fitting(document: Document, raw: Schema, depth = 0): fc.Arbitrary<unknown> {
  const schema = resolveSchema(document, raw);
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  if (choices) return fc.oneof(...choices.map((choice) => fitting(document, choice, depth)));
  const parts = schema['allOf'] as Schema[] | undefined;
  if (parts) {
    return fc
      .tuple(...parts.map((part) => fitting(document, part, depth)))
      .map((values) => Object.assign({}, ...values));
  }
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  const options = schema['enum'] as unknown[] | undefined;
  if (options) return fc.constantFrom(...options);
  const type = [schema['type']].flat().find((name) => name !== 'null') as string | undefined;
  switch (type) {
    case 'integer':
    case 'number':
      return numberOf(schema, type === 'integer');
    case 'boolean':
      return fc.boolean();
    case 'string':
      return stringOf(schema);
    case 'array':
      return arrayOf(schema, schema['items'] ? fitting(document, schema['items'] as Schema, depth + 1) : odd);
    default: {
      const members = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
      if (members.length === 0 || depth > 6) return fc.constant({});
      const model = Object.fromEntries(members.map(([name, member]) => [name, fitting(document, member, depth + 1)]));
      return fc.record(model, { requiredKeys: (schema['required'] as string[] | undefined) ?? [] });
    }
  }
}

/** `value` with one member, at any depth, dropped, added or replaced by something odd. */
function spoiled(value: unknown, oddity: unknown, path: readonly number[]): unknown {
  if (typeof value !== 'object' || value === null || path.length === 0) return oddity;
  const keys = Object.keys(value);
  const [step = 0, ...rest] = path;
  if (Array.isArray(value)) {
    if (keys.length === 0) return [oddity];
    return value.map((item, i) => (i === step % keys.length ? spoiled(item, oddity, rest) : item));
  }
  const position = step % (keys.length + 2);
  if (position === keys.length) return { ...value, unexpected: oddity };
  const key = keys[position % Math.max(1, keys.length)];
  if (key === undefined) return { unexpected: oddity };
  if (position === keys.length + 1) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  return { ...value, [key]: spoiled((value as Record<string, unknown>)[key], oddity, rest) };
}

function sometimes<T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: usual, weight: 4 }, { arbitrary: rare, weight: 1 });
}

const text = (value: unknown): string =>
  encodeURIComponent(String(typeof value === 'object' ? JSON.stringify(value) : value).toWellFormed());

function parameterText(document: Document, parameter: Parameter, known: readonly string[]): fc.Arbitrary<string> {
  const fits = fitting(document, parameter.schema ?? {}).map((value) =>
    Array.isArray(value) ? value.join(',') : value,
  );
  const isId = parameter.name.endsWith('_id') || parameter.name.endsWith('_ids');
  const usual: fc.Arbitrary<unknown> = isId && known.length ? fc.oneof(fits, fc.constantFrom(...known)) : fits;
  return sometimes(usual, odd).map(text);
}

/** Parts of any request that the document has nothing to say of, or the same of all. Undefined: left out. */
const around = {
  extra: sometimes<string | undefined>(
    fc.constant(undefined),
    fc.tuple(fc.constantFrom('unexpected', 'a[b]', '__proto__'), odd).map(([name, value]) => `${name}=${text(value)}`),
  ),
  accept: fc.constantFrom(undefined, undefined, '*/*', 'application/json', 'application/msgpack', 'text/html', ';;'),
  authorization: sometimes<string | undefined>(
    fc.constant(undefined),
    fc.constantFrom('Nonsense x', 'Basic', 'Bearer'),
  ),
  requestId: fc.constantFrom(undefined, 'x', '1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a'),
};

/** One request to any route. `known` are ids that exist; `bodies` go now and then to routes that take their type. */
export function requests(
  document: Document,
  options: {
    known: readonly string[];
    account: string;
    bodies: readonly MadeBody[];
    skip?: (route: Route) => boolean;
  },
): fc.Arbitrary<GeneratedRequest> {
  const routes = routesOf(document).filter((route) => !options.skip?.(route));
  return fc.constantFrom(...routes).chain((route) => {
    const parameters = route.operation.parameters ?? [];
    const filled = (place: Parameter['in']): fc.Arbitrary<Record<string, string>> => {
      const own = parameters.filter((parameter) => parameter.in === place);
      const model = Object.fromEntries(own.map((p) => [p.name, parameterText(document, p, options.known)]));
      return fc.record(model, { requiredKeys: place === 'path' ? Object.keys(model) : [] });
    };
    const types = Object.keys(route.operation.requestBody?.content ?? {});
    const json = route.operation.requestBody?.content['application/json']?.schema;
    const fits = json ? fitting(document, json) : fc.constant({});
    const broken = fc.tuple(fits, odd, fc.array(fc.nat(20), { minLength: 0, maxLength: 6 }));
    const body: fc.Arbitrary<string | undefined> =
      types.length === 0
        ? fc.constant(undefined)
        : fc.oneof(
            { arbitrary: fits.map((value) => JSON.stringify(value)), weight: 4 },
            {
              arbitrary: broken.map(([value, oddity, path]) => JSON.stringify(spoiled(value, oddity, path))),
              weight: 5,
            },
            { arbitrary: fc.constantFrom('', '{', '[', 'null', '{"a":1}}', '"x"', '['.repeat(5000)), weight: 1 },
          );
    const contentType = sometimes(
      fc.constantFrom(
        ...(types.length ? [json ? 'application/json' : (types[0] ?? ''), ...types] : ['application/json']),
      ),
      fc.constantFrom('text/plain', 'image/jpeg', 'multipart/form-data', 'application/json; charset=utf-16', ''),
    );
    const taken = options.bodies.filter(({ contentType: type }) => types.includes(type.split(';')[0] ?? type));
    const made = taken.length
      ? sometimes<MadeBody | undefined>(fc.constant(undefined), fc.constantFrom(...taken))
      : fc.constant(undefined);
    const account = sometimes(fc.constant(options.account), fc.constantFrom('', 'x', options.account.toUpperCase()));
    return fc
      .record({
        path: filled('path'),
        query: filled('query'),
        own: filled('header'),
        body,
        made,
        contentType,
        account,
        ...around,
      })
      .map(({ path, query, own, made: other, account: owner, extra, ...more }): GeneratedRequest => {
        const content = other?.bytes ?? more.body;
        const type = other?.contentType ?? more.contentType;
        const resource = route.path.replace(/\{(\w+)\}/g, (_, name: string) => path[name] || 'x');
        const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`);
        if (extra !== undefined) pairs.push(extra);
        return {
          route,
          target: pairs.length ? `${resource}?${pairs.join('&')}` : resource,
          headers: {
            ...own,
            ...(more.accept && { Accept: more.accept }),
            ...(more.authorization && { Authorization: more.authorization }),
            ...(more.requestId && { 'Luna-Request-Id': more.requestId }),
            ...(owner ? { 'Luna-Account-Id': owner } : {}),
            ...(content !== undefined && type ? { 'Content-Type': type } : {}),
          },
          body: content,
        };
      });
  });
}
