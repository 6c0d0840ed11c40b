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
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}
export interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { description?: string; content: Record<string, { schema?: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: Schema }> }>;
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
.m{display:inline-block;width:4.5rem;font-weight:600}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #e4e8ec;padding:.25rem .5rem;text-align:left;vertical-align:top}
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

function content(parts: Record<string, { schema?: Schema }> | undefined): Html[] {
  return Object.entries(parts ?? {}).map(
    ([type, { schema }]) => html`<div><code>${type}</code></div><pre>${describe(schema)}</pre>`,
  );
}

function operation(path: string, method: string, value: Operation): Html {
  const parameters = value.parameters ?? [];
  return html`<details id="${method}-${path}"><summary><span class="m">${method.toUpperCase()}</span><code>${path}</code> ${value.summary ?? ''}</summary>
${value.description ? html`<p>${value.description}</p>` : ''}
${
  parameters.length
    ? html`<table><tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>${parameters.map(
        (p) =>
          html`<tr><td><code>${p.name}</code>${p.required ? ' (required)' : ''}</td><td>${p.in}</td><td>${describe(p.schema)}</td><td>${bounds(p.schema)} ${p.description ?? ''}</td></tr>`,
      )}</table>`
    : ''
}
${value.requestBody ? html`<h4>Body</h4>${content(value.requestBody.content)}` : ''}
<h4>Answers</h4>${Object.entries(value.responses).map(
    ([status, answer]) => html`<p><b>${status}</b> ${answer.description}</p>${content(answer.content)}`,
  )}</details>`;
}

/** Every route grouped by its tag, and the schemas they name. */
export function renderPage(document: OpenApiDocument): Html {
  const byTag = new Map<string, Html[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, value] of Object.entries(methods)) {
      const tag = value.tags?.[0] ?? 'Other';
      byTag.set(tag, [...(byTag.get(tag) ?? []), operation(path, method, value)]);
    }
  }
  const schemas = Object.entries(document.components?.schemas ?? {});
  return page(document.info.title, [
    html`<h1>${document.info.title} ${document.info.version}</h1><p>${document.info.description ?? ''}
The same document as <a href="/docs/spec?format=yaml">OpenAPI</a>: <code>curl -H 'Accept: application/x-yaml' .../docs/spec</code></p>`,
    ...[...byTag].map(([tag, operations]) => html`<h2>${tag}</h2>${operations}`),
    html`<h2>Schemas</h2>${schemas.map(
      ([name, schema]) =>
        html`<details id="schema-${name}"><summary><code>${name}</code></summary><table>${Object.entries(
          schema.properties ?? {},
        ).map(
          ([member, value]) =>
            html`<tr><td><code>${member}</code>${schema.required?.includes(member) ? '' : ' (optional)'}</td><td>${describe(value)}</td><td>${bounds(value)} ${value.description ?? ''}</td></tr>`,
        )}</table>${schema.properties ? '' : html`<pre>${describe(schema)}</pre>`}</details>`,
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
