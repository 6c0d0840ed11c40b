/** The OpenAPI document as one page that needs no script and nothing from outside the box. */
import { html, raw } from 'hono/html';

type Html = ReturnType<typeof html>;

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  additionalProperties?: boolean | Schema;
  description?: string;
  default?: unknown;
  example?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}
type Content = Record<string, { schema?: Schema; example?: unknown }>;
export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { description?: string; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
  [extension: `x-${string}`]: unknown;
}
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

const style = `body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:68rem;padding:1.5rem;color:#1b1f24;background:#fff}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:1px solid #d0d7de;padding-bottom:.3rem}
details{border:1px solid #d0d7de;border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}summary{cursor:pointer}
code,pre{font:13px/1.45 ui-monospace,monospace;background:#f3f5f7;border-radius:4px;padding:.1rem .3rem}pre{padding:.6rem;overflow:auto}
.m{display:inline-block;width:4.5rem;font-weight:600}summary code{margin-right:.5rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;max-height:24rem}h4{margin:1.2rem 0 .4rem}nav{display:flex;flex-wrap:wrap;gap:.2rem .9rem}:target{outline:2px solid #7ab7ff;outline-offset:4px}details{overflow-x:auto}.t code{display:inline-block}.t code{margin-right:.4rem}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #e4e8ec;padding:.25rem .5rem;text-align:left;vertical-align:top}
@media(prefers-color-scheme:dark){body{background:#14171a;color:#dde2e7}code,pre{background:#20252a}details,h2,td,th{border-color:#363d44}a{color:#7ab7ff}}`;

function page(title: string, body: Html | Html[]): Html {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${raw(style)}</style></head><body>${body}</body></html>`;
}

/** A schema in one line of words, references by name. */
function describe(schema: Schema | undefined, depth = 0): string {
  if (!schema) return 'anything';
  if (schema.$ref) return schema.$ref.split('/').pop() ?? '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map((choice) => describe(choice, depth)).join(' | ');
  if (schema.allOf) return schema.allOf.map((part) => describe(part, depth)).join(' & ');
  if (schema.items) return `[${describe(schema.items, depth + 1)}]`;
  if (schema.properties) {
    if (depth > 3) return 'object';
    const members = Object.entries(schema.properties).map(
      ([name, member]) => `${name}${schema.required?.includes(name) ? '' : '?'}: ${describe(member, depth + 1)}`,
    );
    return `{ ${members.join(', ')} }`;
  }
  const type = [schema.type ?? 'any'].flat().join(' | ');
  return schema.format ? `${type} (${schema.format})` : type;
}

function bounds(schema: Schema | undefined): string {
  if (!schema) return '';
  const parts = [
    schema.minimum === undefined ? '' : `>= ${schema.minimum}`,
    schema.maximum === undefined ? '' : `<= ${schema.maximum}`,
    schema.maxLength === undefined ? '' : `at most ${schema.maxLength} characters`,
    schema.default === undefined ? '' : `default ${JSON.stringify(schema.default)}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** The text of a schema with the names of components as links to them. */
function linked(schema: Schema | undefined, document: OpenApiDocument): Html[] {
  const names = document.components?.schemas ?? {};
  return describe(schema)
    .split(/\b([A-Z]\w+)\b/)
    .map((part, i) => (i % 2 === 1 && part in names ? html`<a href="#schema-${part}">${part}</a>` : html`${part}`));
}

/** Content types that have the same schema stand together. */
function content(parts: Content | undefined, document: OpenApiDocument): Html[] {
  const bySchema = Map.groupBy(Object.entries(parts ?? {}), ([, { schema }]) => describe(schema));
  return [...bySchema.values()].map((group) => {
    const schema = group[0]?.[1].schema;
    const name = schema?.$ref?.split('/').pop() ?? '';
    const example = group[0]?.[1].example ?? (document.components?.schemas?.[name] ?? schema)?.example;
    return html`<div class="t">${group.map(([type]) => html`<code>${type}</code>`)}</div><pre>${linked(schema, document)}</pre>
${example === undefined ? '' : html`<div>Example</div><pre>${JSON.stringify(example, null, 2)}</pre>`}`;
  });
}

/** `22002 FaceNotFound, ...`, as `declared-errors.ts` describes the errors of a status, with links. */
function errorNumbers(description: string): Html[] {
  return description.split(', ').map((error) => {
    const [number = '', name = ''] = error.split(' ');
    return html`<a href="/docs/errors/${number}">${number}</a>&nbsp;${name}&ensp; `;
  });
}

function answers(responses: Operation['responses'], document: OpenApiDocument): Html {
  const all = Object.entries(responses);
  const good = all.filter(([status]) => status < '400');
  const errors = all.filter(([status]) => status >= '400');
  return html`<h4>Answers</h4>${good.map(
    ([status, answer]) => html`<p><b>${status}</b> ${answer.description}</p>${content(answer.content, document)}`,
  )}<h4>Errors</h4><table>${errors.map(
    ([status, answer]) => html`<tr><td><b>${status}</b></td><td>${errorNumbers(answer.description)}</td></tr>`,
  )}</table>`;
}

function operation(path: string, method: string, value: Operation, document: OpenApiDocument): Html {
  const parameters = value.parameters ?? [];
  return html`<details id="${method}-${path}"><summary><span class="m">${method.toUpperCase()}</span><code>${path}</code> ${value.summary ?? ''}</summary>
${value.description ? html`<p>${value.description}</p>` : ''}
${
  parameters.length
    ? html`<table><tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>${parameters.map(
        (p) =>
          html`<tr><td><code>${p.name}</code>${p.required ? ' (required)' : ''}</td><td>${p.in}</td><td>${linked(p.schema, document)}</td><td>${bounds(p.schema)} ${p.description ?? ''}</td></tr>`,
      )}</table>`
    : ''
}
${value.requestBody ? html`<h4>Body</h4>${content(value.requestBody.content, document)}` : ''}
${answers(value.responses, document)}</details>`;
}

/** Every route grouped by its tag; a browser opens the details around the schema that a link leads to. */
export function renderPage(document: OpenApiDocument): Html {
  const byTag = new Map<string, Html[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, value] of Object.entries(methods)) {
      const tag = value.tags?.[0] ?? 'Other';
      byTag.set(tag, [...(byTag.get(tag) ?? []), operation(path, method, value, document)]);
    }
  }
  const schemas = Object.entries(document.components?.schemas ?? {});
  return page(document.info.title, [
    html`<h1>${document.info.title} ${document.info.version}</h1><p>${document.info.description ?? ''}
The same as OpenAPI: <a href="/docs/spec?format=yaml">YAML</a>, <a href="/docs/spec?format=json">JSON</a>.</p>
<nav>${[...byTag.keys()].map((tag) => html`<a href="#${tag}">${tag}</a>`)}<a href="#schemas">Schemas</a></nav>`,
    ...[...byTag].map(([tag, operations]) => html`<h2 id="${tag}">${tag}</h2>${operations}`),
    html`<h2 id="schemas">Schemas</h2>${schemas.map(
      ([name, schema]) =>
        html`<details><summary><code>${name}</code></summary><div id="schema-${name}"><table>${Object.entries(
          schema.properties ?? {},
        ).map(
          ([member, value]) =>
            html`<tr><td><code>${member}</code>${schema.required?.includes(member) ? '' : ' (optional)'}</td><td>${linked(value, document)}</td><td>${bounds(value)} ${value.description ?? ''}</td></tr>`,
        )}</table>${schema.properties ? '' : html`<pre>${linked(schema, document)}</pre>`}</div></details>`,
    )}`,
  ]);
}

/** The page behind an error's `link`. */
export function renderErrors(code: number, entries: { name: string; status: number; desc: string }[]): Html {
  return page(`Error ${code}`, [
    html`<h1>Error ${code}</h1>`,
    entries.length
      ? html`<table><tr><th>name</th><th>HTTP status</th><th>meaning</th></tr>${entries.map(
          (e) => html`<tr><td><code>${e.name}</code></td><td>${e.status}</td><td>${e.desc}</td></tr>`,
        )}</table><p>The member <code>detail</code> of the answer tells what exactly was wrong.</p>`
      : html`<p>Success.</p>`,
    html`<p><a href="/docs/spec">All routes</a></p>`,
  ]);
}
