import type { Reference } from '#contract/matching/candidates';
import type { ResolvedReference } from '#contract/matching/matches';
import { readRawDescriptor, type VersionedVector } from '#contract/matching/raw-descriptors';
import { embeddedVersion, parseVector, type VersionInUse } from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { DescriptorRow, FaceRow } from '#storage/rows';
import type { Storage } from '#storage/storage';

/** External ids and tracks are not unique: so many of the newest are looked through for a descriptor. */
const looksBack = 100;

/**
 * The stored vector that stands for a person: of the version that is extracted now where there is one, else of the
 * newest version known. Undefined when none can be compared.
 */
export function pickVector(
  id: string,
  rows: readonly Pick<DescriptorRow, 'version' | 'vector'>[],
  versionInUse: VersionInUse,
): VersionedVector | undefined {
  const known = rows.filter(({ version }) => descriptorVersions.has(version)).toSorted((a, b) => b.version - a.version);
  const row = known.find(({ version }) => version === versionInUse()) ?? known[0];
  const version = row && descriptorVersions.get(row.version);
  return version && { version: version.version, vector: parseVector(id, version, row.vector) };
}

/** From a reference to its vector, with LP5's errors. `visibleTo`: an account's objects, null for everybody's. */
export function createReferenceReader(deps: { storage: Storage; clock: Clock; versionInUse?: VersionInUse }) {
  const { storage, clock, versionInUse = embeddedVersion } = deps;

  const ofFace = (row: FaceRow): VersionedVector | undefined =>
    pickVector(row.face_id, storage.faces.attributeOf(row.face_key)?.descriptors ?? [], versionInUse);

  const resolveFace = (reference: Reference, rows: readonly FaceRow[]): ResolvedReference => {
    for (const row of rows) {
      const found = ofFace(row);
      if (found) return { ...found, reference, object: { origin: 'faces', key: row.face_key } };
    }
    throw lunaError('FaceHasNoAttributes', { faceId: rows[0]?.face_id ?? reference.id });
  };

  const resolveEvent = (reference: Reference, keys: readonly number[]): ResolvedReference => {
    for (const key of keys) {
      const found = pickVector(reference.id, storage.events.descriptorsOf(key), versionInUse);
      if (found) return { ...found, reference, object: { origin: 'events', key } };
    }
    throw lunaError('InvalidDescriptor', { id: reference.id, reason: 'the event has no face descriptor' });
  };

  return (reference: Reference, visibleTo: string | null): ResolvedReference => {
    const { id } = reference;
    switch (reference.type) {
      case 'face': {
        const row = storage.faces.findById(id, visibleTo);
        if (!row) throw lunaError('FaceNotFound', { faceId: id });
        return resolveFace(reference, [row]);
      }
      case 'face_external_id': {
        const rows = storage.faces.findByExternalId(id, visibleTo, looksBack);
        if (rows.length === 0) throw lunaError('NoFaceWithExternalId', { externalId: id });
        return resolveFace(reference, rows);
      }
      case 'event': {
        const event = storage.events.findById(id, visibleTo);
        if (!event) throw lunaError('EventNotFound', { eventId: id });
        return resolveEvent(reference, [event.event_key]);
      }
      case 'event_external_id':
      case 'event_track_id': {
        const column = reference.type === 'event_track_id' ? 'track_id' : 'external_id';
        const keys = storage.matchFeed.newestEvents(column, id, visibleTo, looksBack);
        if (keys.length === 0) throw lunaError('EventNotFound', { eventId: id });
        return resolveEvent(reference, keys);
      }
      case 'attribute': {
        const row = storage.attributes.findById(id, visibleTo, clock.now());
        if (!row) throw lunaError('AttributeNotFound', { attributeId: id });
        const found = pickVector(id, row.descriptors, versionInUse);
        if (!found) throw lunaError('InvalidDescriptor', { id, reason: 'the attribute has no face descriptor' });
        return { ...found, reference, object: null };
      }
      default:
        return { ...readRawDescriptor(reference), reference, object: null };
    }
  };
}
