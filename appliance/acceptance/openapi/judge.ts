/** The OpenAPI document as a judge: which answers a route declares, and whether an answer is one of them. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { unpack } from 'msgpackr';
import { bytesToBase64 } from '#contract/matching/raw-descriptors';
import type { Answer, Document, Route, Schema } from './document.ts';
import { type Members, strictAnswers } from './strict-answers.ts';

/** What of a request says which members its answer has. */
export interface AskedFor {
  /** Path and query. */
  target: string;
  /** A JSON body. */
  body?: string | undefined;
}

export interface Judge {
  /** Why the answer is not what the route declares; undefined when it is. Reads a clone of the answer. */
  objectionTo(route: Route, answer: Response, request: AskedFor): Promise<string | undefined>;
}

function membersOf({ target, body = '' }: AskedFor): Members {
  return /[?&]targets=/.test(target) || body.includes('"targets"') ? 'chosen' : 'whole';
}

/** Validators of the schemas of a document's answers. */
function createValidators(document: Document): (schema: Schema) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'perigee', components: document.components ?? {} });
  const compiled = new Map<Schema, ValidateFunction>();
  return (schema) => {
    const known = compiled.get(schema);
    if (known) return known;
    // References inside components are relative to the document that holds them.
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"perigee#/components'));
    const validate = ajv.compile(absolute);
    compiled.set(schema, validate);
    return validate;
  };
}

/** Of the body and of the connection, which the document does not speak of. */
const ofTheMessage = ['content-type', 'content-length', 'connection', 'keep-alive', 'transfer-encoding', 'date'];

function objectionToHeaders(document: Document, { headers = {} }: Answer, given: Headers): string | undefined {
  const known = new Set(ofTheMessage);
  for (const [name, header] of Object.entries(headers)) {
    known.add(name.toLowerCase());
    const component = header.$ref && document.components?.headers?.[header.$ref.split('/').pop() ?? ''];
    if ((component || header).required && !given.has(name)) return `${name} is missing`;
  }
  const unknown = [...given.keys()].filter((name) => !known.has(name));
  return unknown.length > 0 ? `the header ${unknown} is not declared` : undefined;
}

async function bodyOf(type: string, answer: Response): Promise<unknown> {
  if (type === 'application/msgpack') return bytesToBase64(unpack(Buffer.from(await answer.clone().arrayBuffer())));
  return answer.clone().json();
}

/**
 * Judges answers by the document alone: declared status, headers and content type, schema, LP5's error shape. A member that
 * is not declared is an objection, and so is one that is missing though no `targets` left it out. A msgpack body fits
 * what is declared of JSON.
 */
export function createJudge(document: Document): Judge {
  const strict = { whole: strictAnswers(document, 'whole'), chosen: strictAnswers(document, 'chosen') };
  const validators = { whole: createValidators(strict.whole), chosen: createValidators(strict.chosen) };
  return {
    async objectionTo({ method, path }, answer, request) {
      const members = membersOf(request);
      const responses = strict[members].paths[path]?.[method.toLowerCase()]?.responses ?? {};
      const declared = responses[String(answer.status)];
      if (!declared) return `status ${answer.status} is not declared`;
      const ofHeaders = objectionToHeaders(document, declared, answer.headers);
      if (ofHeaders) return `${answer.status}: ${ofHeaders}`;
      if (method === 'HEAD' || answer.status === 204) {
        return (await answer.clone().arrayBuffer()).byteLength > 0
          ? `${method} ${answer.status} has a body`
          : undefined;
      }
      const types = Object.entries(declared.content ?? {});
      if (types.length === 0) return undefined;
      const type = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
      const content =
        types.find(([name]) => name === type) ??
        types.find(([name]) => name.endsWith('*') && type.startsWith(name.replace(/\*.*$/, '')));
      if (!content) return `content type '${type}' of ${answer.status} is not declared`;
      if (type !== 'application/json' && type !== 'application/msgpack') return undefined;
      const schema = declared.content?.['application/json']?.schema;
      if (!schema) return undefined;
      const validate = validators[members](schema);
      if (validate(await bodyOf(type, answer))) return undefined;
      const error = validate.errors?.[0];
      const params = error?.keyword === 'additionalProperties' ? `: ${error.params['additionalProperty']}` : '';
      return `${answer.status}: ${error?.instancePath ?? ''} ${error?.message ?? 'does not fit its schema'}${params}`;
    },
  };
}
