import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log } from '#kernel/log';
import type { PluginFactory } from './plugin.ts';
import { createPgvectorPlugin } from './plugins/pgvector/pgvector.plugin.ts';
import { createThinPlugin } from './plugins/thin.plugin.ts';

/** A plugin of the setting: what makes it, or why nothing does. */
export type NamedPlugin =
  | { readonly name: string; readonly create: PluginFactory; readonly problem?: undefined }
  | { readonly name: string; readonly create?: undefined; readonly problem: string };

const shipped: Readonly<Record<string, PluginFactory>> = {
  thin: createThinPlugin,
  pgvector: () => createPgvectorPlugin(),
};

/**
 * The plugins named in the setting: a shipped one by its name, an own one by the absolute path of a module whose default
 * export is a `PluginFactory`. One that cannot be loaded has its problem here and a line in the log.
 */
export async function loadPlugins(names: readonly string[], log: Log): Promise<NamedPlugin[]> {
  const loaded: NamedPlugin[] = [];
  for (const name of names) {
    const known = Object.hasOwn(shipped, name) ? shipped[name] : undefined;
    if (known) {
      loaded.push({ name, create: known });
      continue;
    }
    try {
      if (!isAbsolute(name)) throw new Error(`neither one of ${Object.keys(shipped).join(', ')} nor an absolute path`);
      const module = (await import(pathToFileURL(name).href)) as { default?: unknown };
      if (typeof module.default !== 'function') throw new Error('its default export is no function');
      loaded.push({ name, create: module.default as PluginFactory });
    } catch (error) {
      log.error({ plugin: name, err: error }, 'matching plugin cannot be loaded');
      loaded.push({ name, problem: `cannot be loaded: ${(error as Error).message}` });
    }
  }
  return loaded;
}
