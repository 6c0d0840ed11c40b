import { toTime } from '#contract/schemas';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { FaceRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import type { NamedRejection } from '#storage/tables/rejection.table';
import type { Rejection, RejectionCreate, RejectionQuery } from './rejection.schema.ts';

export interface Rejections {
  /**
   * Declares two objects to be different people. The same pair again answers the rejection that stands.
   * Throws `FaceNotFound` 22002, `EventNotFound` 23001, `InvalidDescriptor` for an event without a face descriptor.
   */
  create(accountId: string, body: RejectionCreate): { rejectionId: string; isNew: boolean };
  /** Newest first. `accountId` null: of all accounts. */
  page(accountId: string | null, query: RejectionQuery): Rejection[];
  /** Throws `RejectionNotFound`. */
  get(rejectionId: string, accountId: string | null): Rejection;
  /** Throws `RejectionNotFound`. */
  remove(rejectionId: string, accountId: string): void;
}

function toRejection(row: NamedRejection): Rejection {
  const { rejection_id, account_id, face_id, event_id, other_face_id } = row;
  return { rejection_id, account_id, face_id, event_id, other_face_id, create_time: toTime(row.create_time) };
}

/**
 * "Not this person": pairs of a face and an event, or of two faces, that somebody declared to be different people. What
 * a rejection takes out of later matches is `veto.ts`. It ends with its faces or when it is removed; an event may go
 * before it, its descriptors stay with the rejection.
 */
export function createRejections(deps: { storage: Storage; clock: Clock; ids: Ids }): Rejections {
  const { storage, clock, ids } = deps;
  const { rejections } = storage;

  const requireFace = (faceId: string, accountId: string): FaceRow => {
    const row = storage.faces.findById(faceId, accountId);
    if (!row) throw lunaError('FaceNotFound', { faceId });
    return row;
  };
  const pairOfFaces = (first: FaceRow, second: FaceRow) => {
    const [face_key, other_face_key] = [first.face_key, second.face_key].sort((a, b) => a - b) as [number, number];
    return { face_key, other_face_key, event_key: null, event_id: null };
  };

  return {
    create(accountId, { face_id, event_id, other_face_id }) {
      return storage.atomically(() => {
        const face = requireFace(face_id, accountId);
        const event = event_id === undefined ? undefined : storage.events.findById(event_id, accountId);
        if (event_id !== undefined && !event) throw lunaError('EventNotFound', { eventId: event_id });
        const descriptors = event ? storage.events.descriptorsOf(event.event_key) : [];
        if (event && descriptors.length === 0) {
          throw lunaError('InvalidDescriptor', { id: event.event_id, reason: 'the event has no face descriptor' });
        }
        const { event_key = null, event_id: rejected = null } = event ?? {};
        const pair =
          other_face_id === undefined
            ? { face_key: face.face_key, other_face_key: null, event_key, event_id: rejected }
            : pairOfFaces(face, requireFace(other_face_id, accountId));
        const other = pair.other_face_key === null ? { event_key: event_key ?? -1 } : { face_key: pair.other_face_key };
        const standing = rejections.findPair(pair.face_key, other);
        if (standing) return { rejectionId: standing.rejection_id, isNew: false };
        const rejection_id = ids.next();
        const create_time = clock.now();
        rejections.insert({ rejection_id, account_id: accountId, ...pair, create_time }, descriptors);
        return { rejectionId: rejection_id, isNew: true };
      });
    },
    page(accountId, { face_id = null, event_id = null, page, page_size }) {
      const filter = { account_id: accountId, face_id, event_id };
      return rejections.page(filter, page_size, (page - 1) * page_size).map(toRejection);
    },
    get(rejectionId, accountId) {
      const row = rejections.findById(rejectionId, accountId);
      if (!row) throw lunaError('RejectionNotFound', { rejectionId });
      return toRejection(row);
    },
    remove(rejectionId, accountId) {
      if (!rejections.remove(rejectionId, accountId)) throw lunaError('RejectionNotFound', { rejectionId });
    },
  };
}
