/** One document for one Prism: of every port, and of every route a second form for requests that are wrong on purpose. */
import type { Document, Operation } from './document.ts';
import type { Exchange, Port } from './exchanges.ts';
import { strictAnswers } from './strict-answers.ts';

type Paths = Document['paths'];

/** Before the path of the form that asks nothing of the request. */
const anyRequest = '/any-request';

/**
 * The request that Prism is sent. What was answered well has to have been asked as the document says, and is sent as it was.
 * Of what was refused only the answer is judged: the request may be what is wrong, so wrong that Prism could not read it.
 */
export function requestForPrism({ port, method, target, status, requestHeaders, requestBody }: Exchange) {
  const isRefused = status >= 400;
  return {
    target: `${isRefused ? anyRequest : ''}/${port}${target}`,
    method,
    headers: requestHeaders.filter(([name]) => !isRefused || name !== 'content-type'),
    body: isRefused || requestBody === null ? null : Buffer.from(requestBody, 'base64'),
  };
}

/** The answers alone; credentials, parameters and bodies may be anything. */
function answersOf({ operationId, summary, tags, responses }: Operation): Operation {
  return { operationId: `${operationId}_answers`, responses, ...(summary && { summary }), ...(tags && { tags }) };
}

function mapOperations(paths: Paths, change: (operation: Operation) => Operation): Paths {
  const entries = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, change(operation)])),
  ]);
  return Object.fromEntries(entries);
}

const under = (prefix: string, paths: Paths): Paths =>
  Object.fromEntries(Object.entries(paths).map(([path, methods]) => [prefix + path, methods]));

/** Throws when two ports call different schemas by one name. */
export function prismDocument(documents: Partial<Record<Port, Document>>): Document {
  const paths: Paths = {};
  const components: Record<string, Record<string, unknown>> = {};
  let frame: Document | undefined;
  for (const [port, document] of Object.entries(documents)) {
    const strict = strictAnswers(document, 'chosen');
    frame ??= strict;
    Object.assign(paths, under(`/${port}`, strict.paths));
    Object.assign(paths, under(`${anyRequest}/${port}`, mapOperations(strict.paths, answersOf)));
    for (const [kind, named] of Object.entries(strict.components ?? {})) {
      components[kind] ??= {};
      for (const [name, component] of Object.entries(named)) {
        const known = components[kind][name];
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(component)) {
          throw new Error(`${port}: another ${name} than before`);
        }
        components[kind][name] = component;
      }
    }
  }
  if (!frame) throw new Error('there is no document');
  return { ...frame, paths, components };
}
