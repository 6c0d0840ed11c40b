import * as z from 'zod';
import { knowDescriptorVersion } from '#domain/descriptor/similarity';
import { descriptorMeaningOf } from '#inference/packs/descriptor-meaning';
import { type PackKind, type PackManifest, packKinds } from '#inference/packs/manifest';
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

/**
 * Puts in use what `wanted` gives, and throws when that fails. Without one, a daemon that runs takes the change up by
 * itself.
 */
export type TakeUp = () => Promise<void>;

export interface ModelPacks {
  list(): Promise<ListedPack[]>;
  /** Throw `PackError` with the reason. `source`: a folder or an archive. */
  verify(source: string): Promise<DescribedPack>;
  install(source: string): Promise<DescribedPack>;
  /**
   * By name, or by name and version. One pack per kind is active: the one before it is left. Written when `takeUp` has
   * succeeded: while it runs, `wanted` gives the packs as they shall be, and when it throws, all is as it was. When it
   * cannot be written, `takeUp` is called once more, for the packs as they were.
   */
  activate(name: string, takeUp?: TakeUp): Promise<string>;
  deactivate(name: string, takeUp?: TakeUp): Promise<string>;
  /** Refuses an active pack. */
  remove(name: string): Promise<string>;
  /** Ids of the active packs. */
  active(): readonly string[];
  /** Makes the descriptor versions of all installed packs known, so that what they described can be compared. */
  learnDescriptorVersions(): Promise<void>;
  /** The active packs, every file checked. One that is broken is left out, and the log says so. */
  wanted(): Promise<PackInUse[]>;
  /** What is active is another than at the last `wanted`: inference shall reload. */
  changed(): boolean;
  /** Why active packs are not in use, since the last `wanted`. */
  problems(): readonly string[];
}

const metaKeys = { active: 'models.active', meanings: 'models.descriptor_versions' } as const;
const Active = z.partialRecord(z.enum(packKinds), z.string());
type Active = Partial<Record<PackKind, string>>;
/** By version number: `descriptorMeaningOf` its pack. Never forgotten, because descriptors stay when packs go. */
const Meanings = z.record(z.string(), z.string());

const isNamed = (id: string, name: string): boolean => id === name || id.replace(/-[\d.]+$/, '') === name;

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
  /** A change on trial: what would be active, and the pack that must be usable for it. */
  let trial: { readonly active: Active; readonly required: string | undefined } | undefined;

  const readActive = (): Active => {
    const text = meta.get(metaKeys.active);
    return text === undefined ? {} : (Active.parse(JSON.parse(text)) as Active);
  };
  const isActive = (id: string): boolean => Object.values(readActive()).includes(id);

  const meanings = (): Record<string, string> => Meanings.parse(JSON.parse(meta.get(metaKeys.meanings) ?? '{}'));

  /** A number keeps its meaning when its pack is gone: what it described is still stored. */
  const refuseOtherMeaning = (manifest: PackManifest): void => {
    const version = manifest.descriptor?.version;
    const known = version === undefined ? undefined : meanings()[version];
    if (known === undefined || known === descriptorMeaningOf(manifest)) return;
    throw new PackError(
      `descriptor version ${version} was that of another network, whose descriptors may be stored: this pack needs a new one`,
      'conflict',
    );
  };

  /** Throws `PackError` when the number is another network's. */
  const learn = (manifest: PackManifest): void => {
    const version = descriptorVersionOf(manifest);
    if (!version) return;
    refuseOtherMeaning(manifest);
    try {
      knowDescriptorVersion(version);
    } catch (error) {
      throw new PackError(`${(error as Error).message} until the next start`, 'conflict');
    }
    const known = meanings();
    if (known[version.version] !== undefined) return;
    meta.set(metaKeys.meanings, JSON.stringify({ ...known, [version.version]: descriptorMeaningOf(manifest) }));
  };

  /** The only pack of that name, or the named version of it. */
  const find = async (name: string): Promise<StoredPack> => {
    const all = await store.list();
    const exact = all.find(({ id }) => id === name);
    if (exact) return exact;
    const named = all.filter(({ id }) => isNamed(id, name));
    const [only, ...others] = named;
    if (!only) throw new PackError(`no pack '${name}' is installed`, 'unknown');
    if (others.length > 0) {
      throw new PackError(`several are installed: ${named.map(({ id }) => id).join(', ')}`, 'conflict');
    }
    return only;
  };

  const change = async (edit: (active: Active) => Active, takeUp?: TakeUp, required?: string): Promise<void> => {
    const before = { takenUp, problems };
    trial = takeUp && { active: edit(readActive()), required };
    try {
      await takeUp?.();
    } catch (error) {
      ({ takenUp, problems } = before);
      throw error;
    } finally {
      trial = undefined;
    }
    try {
      // Read again: somebody beside the daemon may have changed another kind meanwhile.
      meta.set(metaKeys.active, JSON.stringify(edit(readActive())));
    } catch (error) {
      // What is in use is what is written. Should that fail too, `changed` says so, and it is tried again.
      await takeUp?.().catch((again: unknown) =>
        log.error({ err: again }, 'model packs in use are not the active ones'),
      );
      throw error;
    }
  };

  const open = async (kind: string, id: string): Promise<PackInUse> => {
    const pack = await store.open(id);
    if (pack.manifest.kind !== kind) throw new PackError(`it is no ${kind} pack`);
    learn(pack.manifest);
    return pack;
  };

  return {
    async list() {
      return (await store.list()).map((one) => ({ ...one, active: isActive(one.id) }));
    },
    verify: (source) => store.verify(source, refuseOtherMeaning),
    install: (source) => store.install(source, refuseOtherMeaning),
    async activate(name, takeUp) {
      const { id } = await find(name);
      const { kind } = (await store.open(id)).manifest;
      await change((active) => ({ ...active, [kind]: id }), takeUp, id);
      return id;
    },
    async deactivate(name, takeUp) {
      const [kind, id] = Object.entries(readActive()).find(([, one]) => isNamed(one, name)) ?? [];
      if (kind === undefined || id === undefined) {
        const isInstalled = (await store.list()).some((one) => isNamed(one.id, name));
        throw new PackError(`no pack '${name}' is active`, isInstalled ? 'conflict' : 'unknown');
      }
      await change(({ [kind as PackKind]: _, ...others }) => others, takeUp);
      return id;
    },
    async remove(name) {
      const { id } = await find(name);
      if (isActive(id)) throw new PackError(`'${id}' is active: deactivate it first`, 'conflict');
      await store.remove(id);
      return id;
    },
    active: () => Object.values(readActive()),
    async learnDescriptorVersions() {
      for (const { id, pack } of await store.list()) {
        try {
          if (pack) learn(pack.manifest);
        } catch (error) {
          log.error({ pack: id, err: error }, 'the descriptor version of a model pack is not taken');
        }
      }
    },
    async wanted() {
      const active = trial?.active ?? readActive();
      const required = trial?.required;
      takenUp = trial ? JSON.stringify(active) : meta.get(metaKeys.active);
      problems = [];
      const packs: PackInUse[] = [];
      for (const [kind, id] of Object.entries(active)) {
        try {
          packs.push(await open(kind, id));
        } catch (error) {
          if (id === required) throw error;
          problems.push(`model pack '${id}': ${(error as Error).message}`);
          log.error({ pack: id, err: error }, 'a model pack is not used');
        }
      }
      return packs;
    },
    changed: () => meta.get(metaKeys.active) !== takenUp,
    problems: () => problems,
  };
}
