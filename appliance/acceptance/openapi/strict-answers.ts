/** The document as a judge reads it: an answer has no members but those that are named, and the whole of them. */
import { type Document, resolveSchema, type Schema } from './document.ts';

/** `whole`: the request did not narrow the answer with `targets`, so records have every member. `chosen`: it may have. */
export type Members = 'whole' | 'chosen';

/**
 * A copy of the document whose answers say all there is to them. Where a schema names members and says nothing of others,
 * there are no others; requests are left as they are, because the appliance takes members it does not know. Components
 * that answers use are copied as `NAME.whole` and `NAME.chosen`.
 */
export function strictAnswers(document: Document, members: Members): Document {
  const schemas: Record<string, Schema> = { ...document.components?.schemas };
  const copyAll = (named: Record<string, Schema>, mode: Members): Record<string, Schema> =>
    Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, copy(schema, mode)]));

  function copyReferenced(schema: Schema, mode: Members): Schema {
    const name = `${schema.$ref?.split('/').pop()}.${mode}`;
    if (!schemas[name]) {
      // It is there while it is being copied: a schema may contain itself.
      schemas[name] = {};
      schemas[name] = copy(resolveSchema(document, schema), mode);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  function copy(schema: Schema, mode: Members): Schema {
    if (schema.$ref) return copyReferenced(schema, mode);
    const chooser = schema['x-luna-targets'];
    const inner = chooser ? 'chosen' : mode;
    const result: Schema = { ...schema };
    for (const word of ['anyOf', 'oneOf', 'prefixItems']) {
      if (schema[word]) result[word] = (schema[word] as Schema[]).map((part) => copy(part, inner));
    }
    // What stands beside a reference narrows it: it names no members of its own.
    if (schema['allOf']) {
      result['allOf'] = (schema['allOf'] as Schema[]).map((part) => (part.$ref ? copyReferenced(part, inner) : part));
    }
    for (const word of ['items', 'additionalProperties']) {
      if (typeof schema[word] === 'object') result[word] = copy(schema[word] as Schema, inner);
    }
    const properties = schema['properties'] as Record<string, Schema> | undefined;
    if (properties) {
      result['properties'] = copyAll(properties, inner);
      result['additionalProperties'] ??= false;
      if (chooser === 'request' && mode === 'whole') {
        const byNameOnly = (schema['x-luna-by-name-only'] ?? []) as string[];
        result['required'] = Object.keys(properties).filter((name) => !byNameOnly.includes(name));
      }
    }
    return result;
  }

  const paths = Object.entries(document.paths).map(([path, methods]) => {
    const operations = Object.entries(methods).map(([method, operation]) => {
      const responses = Object.entries(operation.responses).map(([status, { content, ...answer }]) => {
        const copied = Object.entries(content ?? {}).map(([type, part]) => [
          type,
          { ...part, ...(part.schema && { schema: copy(part.schema, members) }) },
        ]);
        return [status, content ? { ...answer, content: Object.fromEntries(copied) } : answer];
      });
      return [method, { ...operation, responses: Object.fromEntries(responses) }];
    });
    return [path, Object.fromEntries(operations)];
  });
  return { ...document, paths: Object.fromEntries(paths), components: { ...document.components, schemas } };
}
