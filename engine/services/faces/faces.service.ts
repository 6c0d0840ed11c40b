import type { FaceConditions, RowPage } from '#domain/event/conditions';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import { createGate } from '#kernel/gate';
import type { Ids } from '#kernel/ids';
import type { AttributeData, FaceRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import { toAttributeData } from './attribute-data.ts';
import type { FaceCreate, FacePatch } from './face.schema.ts';

export type FaceAttributeInput = NonNullable<FaceCreate['attribute']>;
export interface ListedFace extends FaceRow {
  /** Ids, ascending. */
  lists: string[];
}

/**
 * Faces (LP5 5.1) and what is known of them for good. Mutations name the owning account and throw `FaceNotFound` for
 * faces of others, and resolve when it is on the disk; reads name the account whose faces may be seen, null for all.
 */
export interface Faces {
  /** Returns the id. Throws `ListsNotFound`, `AttributeNotFound` and the errors of descriptors; nothing is written then. */
  create(accountId: string, face: FaceCreate): Promise<string>;
  /**
   * Creates or replaces the face of that id, with attribute and lists. True when it was created. `beforeCreation` may
   * throw when nothing is there; nothing is written then.
   */
  put(accountId: string, faceId: string, face: FaceCreate, beforeCreation?: () => void): Promise<boolean>;
  get(faceId: string, accountId: string | null): ListedFace;
  page(conditions: FaceConditions, page: RowPage): Promise<ListedFace[]>;
  count(conditions: FaceConditions): Promise<number>;
  countWithAttributes(conditions: FaceConditions): Promise<number>;
  patch(accountId: string, faceId: string, patch: FacePatch): Promise<void>;
  remove(accountId: string, faceId: string): Promise<void>;
  /** Unknown ids are ignored. */
  removeMany(accountId: string, faceIds: readonly string[]): Promise<void>;
  /** Throws `FaceHasNoAttributes` 11032. */
  attributeOf(faceId: string, accountId: string | null): AttributeData & { create_time: number };
  /** Creates or replaces. Throws `AttributeSamplesDiffer` when both name samples of the descriptor and they differ. */
  putAttribute(accountId: string, faceId: string, attribute: FaceAttributeInput): Promise<void>;
  removeAttribute(accountId: string, faceId: string): Promise<void>;
}

export function createFaces(deps: { storage: Storage; clock: Clock; ids: Ids }): Faces {
  const { storage, clock, ids } = deps;
  const { faces, lists } = storage;
  const walks = createGate({ name: 'face queries', concurrent: 8, waiting: 256 });

  const requireFace = (faceId: string, accountId: string | null): FaceRow => {
    const row = faces.findById(faceId, accountId);
    if (!row) throw lunaError('FaceNotFound', { faceId });
    return row;
  };
  const withLists = (rows: readonly FaceRow[]): ListedFace[] => {
    const listIds = faces.listIdsOfMany(rows.map((row) => row.face_key));
    return rows.map((row) => ({ ...row, lists: listIds.get(row.face_key) ?? [] }));
  };
  /** The data of a body, or a copy of the temporary attribute it names. */
  const dataOf = (accountId: string, attribute: FaceAttributeInput): AttributeData => {
    const { attribute_id: attributeId } = attribute;
    if (attributeId === undefined) return toAttributeData(attribute);
    const temporary = storage.attributes.findById(attributeId, accountId, clock.now());
    if (!temporary) throw lunaError('AttributeNotFound', { attributeId });
    return temporary;
  };
  /** A new face, or all of an old one but its key and create time, which rejections and events refer to. */
  const write = (accountId: string, faceId: string, face: FaceCreate, before?: FaceRow): void => {
    const { external_id, user_data, avatar, event_id } = face;
    const now = clock.now();
    const listIds = [...new Set(face.lists)];
    const absent = lists.findAbsent(listIds, accountId);
    if (absent !== undefined) throw lunaError('ListsNotFound', { listId: absent });
    const attribute = face.attribute ?? (face.attribute_id ? byId(face.attribute_id) : undefined);
    const data = attribute && dataOf(accountId, attribute);
    const own = { external_id, user_data, avatar, event_id };
    const key = before?.face_key ?? faces.insert({ ...own, face_id: faceId, account_id: accountId, create_time: now });
    const linked = before ? faces.listIdsOf(key) : [];
    if (before) {
      faces.update(before, own);
      faces.removeAttribute(key);
    }
    if (data) faces.setAttribute(key, data, now);
    for (const listId of linked.filter((id) => !listIds.includes(id))) {
      faces.unlink(listId, [key]);
      lists.touch(listId, now);
    }
    for (const listId of listIds.filter((id) => !linked.includes(id))) {
      faces.link(listId, [key]);
      lists.touch(listId, now);
    }
  };

  return {
    async create(accountId, face) {
      const faceId = ids.next();
      await storage.durably(() => write(accountId, faceId, face));
      return faceId;
    },
    put: (accountId, faceId, face, beforeCreation) =>
      storage.durably(() => {
        const before = faces.findById(faceId, null);
        if (before && before.account_id !== accountId) throw lunaError('FaceNotFound', { faceId });
        if (!before) beforeCreation?.();
        write(accountId, faceId, face, before);
        return before === undefined;
      }),
    get(faceId, accountId) {
      const row = requireFace(faceId, accountId);
      return { ...row, lists: faces.listIdsOf(row.face_key) };
    },
    page: async (conditions, page) => withLists(await walks.pass(() => faces.page(conditions, page))),
    count: (conditions) => walks.pass(() => faces.count(conditions)),
    countWithAttributes: (conditions) => walks.pass(() => faces.countWithAttributes(conditions)),
    async patch(accountId, faceId, patch) {
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      await storage.durably(() => faces.update(requireFace(faceId, accountId), given));
    },
    async remove(accountId, faceId) {
      await storage.durably(() => faces.remove(requireFace(faceId, accountId).face_key));
    },
    removeMany: (accountId, faceIds) =>
      storage.durably(() => {
        for (const key of faces.findKeys(faceIds, accountId).values()) faces.remove(key);
      }),
    attributeOf(faceId, accountId) {
      const data = faces.attributeOf(requireFace(faceId, accountId).face_key);
      if (!data) throw lunaError('FaceHasNoAttributes', { faceId });
      return data;
    },
    putAttribute: (accountId, faceId, attribute) =>
      storage.durably(() => {
        const { face_key } = requireFace(faceId, accountId);
        const data = dataOf(accountId, attribute);
        const before = faces.attributeOf(face_key);
        if (before && differ(before.face_descriptor_samples, data.face_descriptor_samples)) {
          throw lunaError('AttributeSamplesDiffer', { faceId });
        }
        faces.setAttribute(face_key, data, clock.now());
      }),
    removeAttribute: (accountId, faceId) =>
      storage.durably(() => {
        const { face_key } = requireFace(faceId, accountId);
        if (!faces.removeAttribute(face_key)) throw lunaError('FaceHasNoAttributes', { faceId });
      }),
  };
}

const byId = (attributeId: string): FaceAttributeInput => ({
  attribute_id: attributeId,
  descriptors: [],
  basic_attributes_samples: [],
  face_descriptor_samples: [],
});

/** Samples that are not named do not contradict any. */
function differ(stored: readonly string[], given: readonly string[]): boolean {
  if (stored.length === 0 || given.length === 0) return false;
  return stored.length !== given.length || given.some((id) => !stored.includes(id));
}
