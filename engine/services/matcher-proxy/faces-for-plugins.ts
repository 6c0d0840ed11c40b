import type { PythonMatcher } from '#contract/matching/matches';
import { type DescriptorVersion, parseVector } from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import type { Log } from '#kernel/log';
import type { Storage } from '#storage/storage';
import type { FacesForPlugins, PluginFace } from './plugin.ts';

/** What plugins may know of the faces: read from the database, told of changes by the Python Matcher. */
export function createFacesForPlugins(deps: {
  storage: Storage;
  matcher: Pick<PythonMatcher, 'onChange'>;
  log: Log;
}): FacesForPlugins {
  const { storage, matcher, log } = deps;
  /** Undefined for one that cannot be read: the galleries leave it out as well. */
  const readVector = (faceId: string, version: DescriptorVersion, bytes: Uint8Array): Float32Array | undefined => {
    try {
      return parseVector(faceId, version, bytes);
    } catch (error) {
      log.warn({ face: faceId, version: version.version, err: error }, 'plugins are not given a stored descriptor');
      return undefined;
    }
  };
  return {
    onFacesChanged: (listener) => matcher.onChange((origin, keys) => origin === 'faces' && listener(keys)),
    faceKeys: (listId, afterKey, limit) =>
      listId === null ? storage.matchFeed.faceKeys(afterKey, limit) : storage.faces.keysInList(listId, afterKey, limit),
    readFaces(keys) {
      const lists = storage.faces.listIdsOfMany(keys);
      const rows = Map.groupBy(storage.matchFeed.ofKeys('faces', keys), ({ key }) => key);
      return storage.faces.findByKeys(keys).map((face): PluginFace => {
        const { face_key, face_id, account_id, external_id, user_data, event_id, create_time } = face;
        const descriptors = (rows.get(face_key) ?? []).flatMap(({ version, vector }) => {
          const known = descriptorVersions.get(version);
          const read = known && readVector(face_id, known, vector);
          return read ? [{ version, vector: read }] : [];
        });
        const key = face_key;
        return {
          key,
          face_id,
          account_id,
          external_id,
          user_data,
          event_id,
          create_time,
          lists: lists.get(key) ?? [],
          descriptors,
        };
      });
    },
  };
}
