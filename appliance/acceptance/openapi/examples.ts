/** The documented examples of JSON bodies, made to name objects that exist. */
import { type Document, type Route, resolveSchema, routesOf, type Schema } from './document.ts';

/** Ids of one object of every kind. */
export interface FixtureIds {
  list_id: string;
  handler_id: string;
  verifier_id: string;
  face_id: string;
  attribute_id: string;
  sample_id: string;
  event_id: string;
}

/** Every route that takes a JSON body, with the example of the body; undefined where there is none. */
export function exampleBodies(document: Document): { route: Route; example: unknown }[] {
  const exampleOf = (schema: Schema): unknown => schema['example'] ?? resolveSchema(document, schema)['example'];
  return routesOf(document).flatMap((route) => {
    const content = route.operation.requestBody?.content['application/json'];
    // A body without a schema is any JSON: an object of the Image Store.
    if (!content?.schema || Object.keys(content.schema).length === 0) return [];
    return [{ route, example: content.example ?? exampleOf(content.schema) }];
  });
}

const members: Readonly<Record<string, keyof FixtureIds>> = {
  list_id: 'list_id',
  lists: 'list_id',
  list_ids: 'list_id',
  face_id: 'face_id',
  face_ids: 'face_id',
  attribute_id: 'attribute_id',
  sample_ids: 'sample_id',
  event_id: 'event_id',
  white_list: 'handler_id',
};

/** `example` with the ids that exist, chosen by the member's name; of a reference (`type`, `id`) by its type. */
export function fillExample(example: unknown, ids: FixtureIds): unknown {
  const fill = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => fill(item, name));
    if (typeof value === 'object' && value !== null) {
      const type = (value as { type?: unknown }).type;
      const entries = Object.entries(value).map(([member, own]) => [
        member,
        fill(own, member === 'id' && type === 'face' ? 'face_id' : member),
      ]);
      return Object.fromEntries(entries);
    }
    const kind = members[name];
    return kind === undefined || typeof value !== 'string' ? value : ids[kind];
  };
  return fill(example, '');
}
