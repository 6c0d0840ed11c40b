import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log } from '#kernel/log';
import type { PluginFactory } from './plugin.ts';
import { createPgvectorPlugin } from './plugins/pgvector/pgvector.plugin.ts';
import { createThinPlugin } from './plugins/thin.plugin.ts';

const shipped: Readonly<Record<string, PluginFactory>> = {
  thin: createThinPlugin,
  pgvector: () => createPgvectorPlugin(),
};

/**
 * The plugins named in the setting: a shipped one by its name, an own one by the absolute path of a module whose default
 * export is a `PluginFactory`. One that cannot be loaded is left out with a line in the log.
 */
export async function loadPlugins(
  names: readonly string[],
  log: Log,
): Promise<{ name: string; create: PluginFactory }[]> {
  const loaded: { name: string; create: PluginFactory }[] = [];
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
    }
  }
  return loaded;
}
