import { badInput, entry, notFound } from './entry.ts';

/** Model packs. [P] all numbers: they are ours. */
export const modelsErrors = {
  ModelPackRefused: entry<{ reason: string }>(38001, 400, badInput, (p) => `The model pack is refused: ${p.reason}`),
  ModelPackNotFound: entry<{ reason: string }>(38002, 404, notFound, (p) => `Model pack not found: ${p.reason}`),
  ModelPackConflict: entry<{ reason: string }>(
    38003,
    409,
    'Conflict',
    (p) => `Not possible with this model pack: ${p.reason}`,
  ),
  ModelPackNotTakenUp: entry<{ reason: string }>(
    38004,
    409,
    'Conflict',
    (p) => `The change is not taken up, what was in use before goes on: ${p.reason}`,
  ),
} as const;
