import { limits } from '#contract/established/names';
import type { ResolvedPolicies } from '../resolve-policies.ts';
import { bestSimilarities, type EventDetection, type EventFacts } from './event-facts.ts';
import { holds } from './filters.ts';

/** What becomes of one event. Decided before anything is written (LP5 3.5.4). */
export interface EventPlan {
  /** Tags of the request, then those whose conditions hold; each once. */
  tags: string[];
  storeSamples: boolean;
  storeAttribute: boolean;
  storeFace: boolean;
  /** The face is linked to these; empty when no face is stored. */
  listIds: string[];
  /** The stored sample becomes the avatar of the stored face. */
  avatar: boolean;
  storeEvent: boolean;
  notify: boolean;
  /** Per detection: keep the client's reference, store the picture, or neither. */
  origins: ('reference' | 'store' | 'none')[];
}

function planOrigin(detection: EventDetection, useReferences: boolean): 'reference' | 'store' {
  return useReferences && detection.picture.origin !== null ? 'reference' : 'store';
}

/** Pure: policies and facts in, decisions out. `requestTags` come from the client. */
export function planEvent(policies: ResolvedPolicies, facts: EventFacts, requestTags: readonly string[]): EventPlan {
  const { storage } = policies;
  const known = { attributes: facts.aggregate, bestSimilarity: bestSimilarities(facts.matches) };
  const conditional = policies.tags.filter(({ filters }) => holds(filters, known)).map(({ tag }) => tag);
  const { aggregate } = facts;
  const hasAttributes = aggregate.descriptor !== null || aggregate.basicAttributes !== null;
  const storeFace = storage.face.store && holds(storage.face.filters, known);
  const links = storeFace ? storage.face.links.filter(({ filters }) => holds(filters, known)) : [];
  const keepsOrigin = storage.imageOrigin.store && holds(storage.imageOrigin.filters, known);
  return {
    tags: [...new Set([...requestTags, ...conditional])].slice(0, limits.tagsPerEvent + limits.policyList),
    storeSamples: storage.faceSample.store && holds(storage.faceSample.filters, known),
    storeAttribute: storage.attribute.store && hasAttributes && holds(storage.attribute.filters, known),
    storeFace,
    listIds: [...new Set(links.map(({ listId }) => listId))],
    avatar: storage.face.setAvatar,
    storeEvent: storage.event.store && holds(storage.event.filters, known),
    notify: storage.notification.send && holds(storage.notification.filters, known),
    origins: facts.detections.map((detection) =>
      keepsOrigin ? planOrigin(detection, storage.imageOrigin.useExternalReferences) : 'none',
    ),
  };
}
