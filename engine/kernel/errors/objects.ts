/** Faces, lists, attributes, events, handlers, verifiers (LP5 blocks 22xxx, 23xxx, 34xxx). */
import { badInput, conflict, entry, forbidden, notFound } from './entry.ts';

export const objectsErrors = {
  FaceHasNoAttributes: entry<{ faceId: string }>(11032, 404, notFound, (p) => `Face '${p.faceId}' has no attributes`),
  NoFaceWithExternalId: entry<{ externalId: string }>(
    11041,
    404,
    notFound,
    (p) => `No face with external id '${p.externalId}'`,
  ),
  FaceWithAttributeExists: entry<{ attributeId: string }>(
    22001,
    409,
    conflict,
    (p) => `A face with attribute '${p.attributeId}' exists already`,
  ),
  FaceNotFound: entry<{ faceId: string }>(22002, 404, notFound, (p) => `Face '${p.faceId}' not found`),
  ListNotFound: entry<{ listId: string }>(22003, 404, notFound, (p) => `List '${p.listId}' not found`),
  FacesNotFound: entry<{ faceId: string }>(
    22004,
    400,
    badInput,
    (p) => `At least one of the faces was not found: '${p.faceId}'`,
  ),
  ListsNotFound: entry<{ listId: string }>(
    22005,
    400,
    badInput,
    (p) => `At least one of the lists was not found: '${p.listId}'`,
  ),
  AttributeForUpdateNotFound: entry<{ attributeId: string }>(
    22010,
    400,
    badInput,
    (p) => `Attribute '${p.attributeId}' for an update was not found`,
  ),
  AttributeNotFound: entry<{ attributeId: string }>(
    22011,
    404,
    notFound,
    (p) => `Attribute '${p.attributeId}' not found`,
  ),
  AttributeSamplesDiffer: entry<{ faceId: string }>(
    22025,
    409,
    conflict,
    (p) => `The samples of the stored attribute of '${p.faceId}' differ from those given`,
  ),
  EventNotFound: entry<{ eventId: string }>(23001, 404, notFound, (p) => `Event '${p.eventId}' not found`),
  HandlerNotFound: entry<{ handlerId: string }>(34000, 404, notFound, (p) => `Handler '${p.handlerId}' not found`),
  HandlerCorrupted: entry<{ handlerId: string }>(
    34002,
    500,
    'Internal server error',
    (p) => `The stored handler '${p.handlerId}' is corrupted`,
  ),
  VerifierNotFound: entry<{ verifierId: string }>(34004, 404, notFound, (p) => `Verifier '${p.verifierId}' not found`),
  HandlerNotDynamic: entry<{ handlerId: string }>(
    34007,
    403,
    forbidden,
    (p) => `Handler '${p.handlerId}' is static, a dynamic one is needed`,
  ),
} as const;
