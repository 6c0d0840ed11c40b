import * as z from 'zod';
import { descriptorVersions, knowDescriptorVersion } from '#domain/similarity';
import { type PackKind, packKinds } from '#inference/packs/manifest';
import { PackError } from '#inference/packs/pack-error';
import type { DescribedPack } from '#inference/packs/pack-files';
import type { PackInUse } from '#inference/packs/pack-in-use';
import type { PackStore, StoredPack } from '#inference/packs/pack-store';
import { descriptorVersionOf } from '#inference/packs/recipes';
import type { Log } from '#kernel/log';

/** A pack as a list shows it. `problem` says why it cannot be used. */
export interface ListedPack {
  readonly id: string;
  readonly pack: DescribedPack | null;
  readonly problem: string | null;
  readonly active: boolean;
}

export interface ModelPacks {
  list(): Promise<ListedPack[]>;
  /** Throw `PackError` with the reason. */
  verify(dir: string): Promise<DescribedPack>;
  install(dir: string): Promise<DescribedPack>;
  /** By name, or by name and version. One pack per kind is active: the one before it is left. */
  activate(name: string): Promise<string>;
  deactivate(name: string): Promise<string>;
  /** Refuses an active pack. */
  remove(name: string): Promise<string>;
  /**
   * Makes the descriptor versions of all installed packs known, so that what they described can be compared. Once,
   * before anything compares: a descriptor pack that is installed later comes into use at the next start.
   */
  learnDescriptorVersions(): Promise<void>;
  /** The active packs, every file checked. One that is broken is left out, and the log says so. */
  wanted(): Promise<PackInUse[]>;
  /** What is active is another than at the last `wanted`: inference shall reload. */
  changed(): boolean;
  /** Why active packs are not in use, since the last `wanted`. */
  problems(): readonly string[];
}

const metaKey = 'models.active';
const Active = z.partialRecord(z.enum(packKinds), z.string());
type Active = Partial<Record<PackKind, string>>;

/**
 * Model packs: what is installed in the data directory, and which of them are active. The active ones are written in
 * the database, by the daemon or beside it; the daemon takes a change up without losing a request.
 */
export function createModelPacks(deps: {
  store: PackStore;
  meta: { get(key: string): string | undefined; set(key: string, value: string): void };
  log: Log;
}): ModelPacks {
  const { store, meta, log } = deps;
  let takenUp: string | undefined;
  let problems: string[] = [];

  const readActive = (): Active => {
    const text = meta.get(metaKey);
    return text === undefined ? {} : (Active.parse(JSON.parse(text)) as Active);
  };
  const writeActive = (active: Active): void => meta.set(metaKey, JSON.stringify(active));
  const isActive = (id: string): boolean => Object.values(readActive()).includes(id);

  /** The only pack of that name, or the named version of it. */
  const find = async (name: string): Promise<StoredPack> => {
    const all = await store.list();
    const exact = all.find(({ id }) => id === name);
    if (exact) return exact;
    const named = all.filter(({ id }) => id.replace(/-[\d.]+$/, '') === name);
    const [only, ...others] = named;
    if (!only) throw new PackError(`no pack '${name}' is installed`);
    if (others.length > 0) throw new PackError(`several are installed: ${named.map(({ id }) => id).join(', ')}`);
    return only;
  };

  /** Why a sound pack cannot be used by this process; null when it can. */
  const unknownVersion = ({ manifest }: PackInUse): string | null => {
    const version = descriptorVersionOf(manifest);
    return version && descriptorVersions.get(version.version)?.name !== version.name
      ? 'its descriptor version comes into use at the next start'
      : null;
  };

  return {
    async list() {
      return (await store.list()).map((one) => ({ ...one, active: isActive(one.id) }));
    },
    verify: store.verify,
    install: store.install,
    async activate(name) {
      const { id } = await find(name);
      const { manifest } = await store.open(id);
      writeActive({ ...readActive(), [manifest.kind]: id });
      return id;
    },
    async deactivate(name) {
      const active = readActive();
      const kinds = packKinds.filter((kind) => active[kind] === name || active[kind]?.replace(/-[\d.]+$/, '') === name);
      const [kind] = kinds;
      const id = kind && active[kind];
      if (!kind || !id) throw new PackError(`no pack '${name}' is active`);
      const { [kind]: _, ...others } = active;
      writeActive(others);
      return id;
    },
    async remove(name) {
      const { id } = await find(name);
      if (isActive(id)) throw new PackError(`'${id}' is active: deactivate it first`);
      await store.remove(id);
      return id;
    },
    async learnDescriptorVersions() {
      for (const { pack } of await store.list()) {
        const version = pack && descriptorVersionOf(pack.manifest);
        if (!version) continue;
        try {
          knowDescriptorVersion(version);
        } catch (error) {
          log.error({ err: error }, 'the descriptor version of a model pack is not taken');
        }
      }
    },
    async wanted() {
      takenUp = meta.get(metaKey);
      problems = [];
      const packs: PackInUse[] = [];
      for (const [kind, id] of Object.entries(readActive())) {
        try {
          const pack = await store.open(id);
          if (pack.manifest.kind !== kind) throw new PackError(`it is no ${kind} pack`);
          const unknown = unknownVersion(pack);
          if (unknown) throw new PackError(unknown);
          packs.push(pack);
        } catch (error) {
          const problem = `model pack '${id}': ${(error as Error).message}`;
          problems.push(problem);
          log.error({ pack: id, err: error }, 'a model pack is not used');
        }
      }
      return packs;
    },
    changed: () => meta.get(metaKey) !== takenUp,
    problems: () => problems,
  };
}
