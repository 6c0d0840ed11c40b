/**
 * Thin plugin: a few lists kept apart, compared one by one. For small lists that are asked all the time (a watch list at
 * every door) while the galleries are large: such a search waits for no scan. It takes about two milliseconds of the main
 * thread for 5,000 faces of 128 values, in slices between which other work goes on.
 *
 * Settings: `thin.settings.ts`. Answers candidates of origin faces whose only filters are one of its lists and the
 * account. Exact.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { descriptorVersions, exactScore, similarityOf } from '#domain/descriptor/similarity';
import type { MatchPlugin, PluginContext, PluginFace, PluginMatch, SubRequest } from '../plugin.ts';
import { ThinSettings } from './thin.settings.ts';

/** Cost of an answer (LP5: 10), a tenth of the Python Matcher's. */
const cost = 10;
/** Faces read from the database, and compared, without letting other work go on: about 0.4 ms of comparing. */
const pageKeys = 1000;
const facesPerSlice = 1000;
const answeredFilters = new Set(['origin', 'list_id', 'account_id']);

interface KeptList {
  /** By key. Emptied when the list is too large. */
  readonly members: Map<number, PluginFace>;
  state: 'loading' | 'kept' | 'too large';
}

interface Found {
  readonly id: string;
  readonly score: number;
}

const isBetter = (a: Found, b: Found): boolean => a.score > b.score || (a.score === b.score && a.id < b.id);

/** Puts `one` into its place among the `limit` best, best first, equals by id. */
function offer(best: Found[], one: Found, limit: number): void {
  const last = best[limit - 1];
  if (last && !isBetter(one, last)) return;
  let low = 0;
  for (let high = best.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (isBetter(best[middle] as Found, one)) low = middle + 1;
    else high = middle;
  }
  best.splice(low, 0, one);
  if (best.length > limit) best.pop();
}

export function createThinPlugin(): MatchPlugin {
  const lists = new Map<string, KeptList>();
  let maxFaces = 0;
  let context: PluginContext | undefined;
  let stopListening = (): void => {};

  const keepSmall = (list: KeptList, listId: string): void => {
    if (list.members.size <= maxFaces) return;
    list.state = 'too large';
    list.members.clear();
    context?.log.info({ list: listId, maxFaces }, 'list is too large for the thin plugin');
  };

  const load = async (from: PluginContext, listId: string): Promise<void> => {
    const list: KeptList = { members: new Map(), state: 'loading' };
    lists.set(listId, list);
    for (let after = -1; list.state === 'loading' && context; ) {
      const keys = from.faceKeys(listId, after, pageKeys);
      for (const face of from.readFaces(keys)) list.members.set(face.key, face);
      keepSmall(list, listId);
      const last = keys.at(-1);
      if (list.state === 'loading' && (keys.length < pageKeys || last === undefined)) list.state = 'kept';
      else after = last ?? after;
      await nextTurn();
    }
  };

  const update = (from: PluginContext, keys: readonly number[]): void => {
    const faces = new Map(from.readFaces(keys).map((face) => [face.key, face]));
    for (const [listId, list] of lists) {
      if (list.state === 'too large') continue;
      for (const key of keys) {
        const face = faces.get(key);
        if (face?.lists.includes(listId)) list.members.set(key, face);
        else list.members.delete(key);
      }
      keepSmall(list, listId);
    }
  };

  const membersFor = ({ filters }: SubRequest): Map<number, PluginFace> | undefined => {
    if (filters.origin !== 'faces' || filters.list_id === undefined) return undefined;
    const asked = Object.entries(filters).filter(([, value]) => value !== undefined);
    if (!asked.every(([name]) => answeredFilters.has(name))) return undefined;
    const list = lists.get(filters.list_id);
    return list?.state === 'kept' ? list.members : undefined;
  };

  const search = async (
    members: readonly PluginFace[],
    version: DescriptorVersion,
    { filters, visibleTo, threshold, limit, reference }: SubRequest,
    signal: AbortSignal,
  ): Promise<PluginMatch[]> => {
    const best: Found[] = [];
    let compared = 0;
    for (const face of members) {
      if (++compared % facesPerSlice === 0) {
        await nextTurn();
        if (signal.aborted) return [];
      }
      if (visibleTo !== null && face.account_id !== visibleTo) continue;
      if (filters.account_id !== undefined && face.account_id !== filters.account_id) continue;
      const descriptor = face.descriptors.find((one) => one.version === version.version);
      if (!descriptor) continue;
      offer(best, { id: face.face_id, score: exactScore(version, reference.vector, descriptor.vector) }, limit);
    }
    return best
      .map(({ id, score }) => ({ id, similarity: similarityOf(version, score) }))
      .filter(({ similarity }) => similarity >= threshold);
  };

  return {
    name: 'thin',
    async init(given) {
      const settings = ThinSettings.parse(given.settings ?? {});
      context = given;
      maxFaces = settings.max_faces;
      stopListening = given.onFacesChanged((keys) => update(given, keys));
      for (const listId of settings.list_ids) await load(given, listId);
      given.log.info({ lists: settings.list_ids.length, exact: true }, 'thin plugin keeps its lists');
    },
    async close() {
      stopListening();
      lists.clear();
      context = undefined;
    },
    cost: (request) => (context && membersFor(request) ? cost : Number.POSITIVE_INFINITY),
    async match(request, signal) {
      const version = descriptorVersions.get(request.reference.version);
      if (!context || !version) return [];
      const members = membersFor(request);
      // It became too large since it was asked for its cost.
      if (!members) throw context.rematch('the list is not kept any more');
      // A copy: changes come in between slices, and a face that goes and comes back would be met twice.
      return search([...members.values()], version, request, signal);
    },
  };
}
