/**
 * Thin plugin: a few lists kept apart, compared one by one. For small lists that are asked all the time (a watch list at
 * every door) while the galleries are large: such a search costs microseconds and waits for no scan.
 *
 * Settings: `{"list_ids": [...], "max_faces": 5000}`. A list larger than `max_faces` is left to the Python Matcher.
 * Answers candidates of origin faces whose only filters are one of its lists and the account. Exact.
 */
import * as z from 'zod';
import { isUuid } from '#contract/schemas';
import { descriptorVersions, exactScore, similarityOf } from '#domain/similarity';
import type { MatchPlugin, PluginContext, PluginFace, PluginMatch, SubRequest } from '../plugin.ts';

const Settings = z.strictObject({
  list_ids: z.array(z.string().refine(isUuid, 'not a UUID').toLowerCase()).max(100).default([]),
  max_faces: z.int().min(1).max(100_000).default(5000),
});

/** Cost of an answer (LP5: 10), a tenth of the Python Matcher's. */
const cost = 10;
const pageKeys = 1000;
const answeredFilters = new Set(['origin', 'list_id', 'account_id']);

export function createThinPlugin(): MatchPlugin {
  /** Members of each list by key; undefined for a list that is too large. */
  const lists = new Map<string, Map<number, PluginFace> | undefined>();
  let maxFaces = 0;
  let context: PluginContext | undefined;
  let stopListening = (): void => {};

  const load = (from: PluginContext, listId: string): void => {
    const members = new Map<number, PluginFace>();
    lists.set(listId, undefined);
    for (let after = -1; ; ) {
      const keys = from.faceKeys(listId, after, pageKeys);
      for (const face of from.readFaces(keys)) members.set(face.key, face);
      if (members.size > maxFaces) {
        from.log.info({ list: listId, maxFaces }, 'list is too large for the thin plugin');
        return;
      }
      const last = keys.at(-1);
      if (keys.length < pageKeys || last === undefined) break;
      after = last;
    }
    lists.set(listId, members);
  };

  const update = (from: PluginContext, keys: readonly number[]): void => {
    const faces = new Map(from.readFaces(keys).map((face) => [face.key, face]));
    for (const [listId, members] of lists) {
      for (const key of keys) {
        const face = faces.get(key);
        if (face?.lists.includes(listId)) members?.set(key, face);
        else members?.delete(key);
      }
      if (members && members.size > maxFaces) lists.set(listId, undefined);
    }
  };

  const membersFor = ({ filters }: SubRequest): Map<number, PluginFace> | undefined => {
    if (filters.origin !== 'faces' || filters.list_id === undefined) return undefined;
    const asked = Object.entries(filters).filter(([, value]) => value !== undefined);
    return asked.every(([name]) => answeredFilters.has(name)) ? lists.get(filters.list_id) : undefined;
  };

  return {
    name: 'thin',
    async init(given) {
      const settings = Settings.parse(given.settings ?? {});
      context = given;
      maxFaces = settings.max_faces;
      for (const listId of settings.list_ids) load(given, listId);
      stopListening = given.onFacesChanged((keys) => update(given, keys));
      given.log.info({ lists: settings.list_ids.length, exact: true }, 'thin plugin keeps its lists');
    },
    async close() {
      stopListening();
      lists.clear();
      context = undefined;
    },
    cost: (request) => (context && membersFor(request) ? cost : Number.POSITIVE_INFINITY),
    async match(request) {
      const members = membersFor(request);
      const version = descriptorVersions.get(request.reference.version);
      if (!members || !version) return [];
      const { filters, visibleTo, threshold, limit, reference } = request;
      const found: PluginMatch[] = [];
      for (const face of members.values()) {
        if (visibleTo !== null && face.account_id !== visibleTo) continue;
        if (filters.account_id !== undefined && face.account_id !== filters.account_id) continue;
        const descriptor = face.descriptors.find((one) => one.version === version.version);
        if (!descriptor) continue;
        const similarity = similarityOf(version, exactScore(version, reference.vector, descriptor.vector));
        if (similarity >= threshold) found.push({ id: face.face_id, similarity });
      }
      return found.sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1)).slice(0, limit);
    },
  };
}
