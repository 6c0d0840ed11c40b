/**
 * `npm run models -- list | verify | install | activate | deactivate | remove | import | keygen | sign`: model packs from
 * the console of the appliance, and for those who make them. Works on the data directory, whether the daemon runs or not: a running one looks every minute which
 * packs are active, and takes a change up without losing a request. Its own routes (`/6/perigee/models`) do so at once.
 */
import '../../appliance/daemon/runtime-check.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packsFolder } from '#contract/settings/data-folder';
import { workerUrl } from '#inference/inference';
import { packId } from '#inference/packs/manifest';
import { PackError } from '#inference/packs/pack-error';
import type { DescribedPack } from '#inference/packs/pack-files';
import { createPackStore } from '#inference/packs/pack-store';
import { createNetworkCheck } from '#inference/packs/run-check';
import { loadSettings, SettingsError } from '../../appliance/daemon/load-settings.ts';
import { createModelPacks, type ModelPacks } from '../../engine/services/model-packs/model-packs.service.ts';
import { trustOf } from '../../engine/services/model-packs/model-packs.settings.ts';
import { ownKeys, requireOwnKey } from '../../engine/services/model-packs/own-key.ts';
import { createMetaTable } from '../../engine/storage/tables/meta.table.ts';
import { CommandError, openDataFolder } from '../open-data-folder.ts';
import { importSilentFace } from './import-silent-face.ts';
import { makeKey, signPack } from './sign-pack.ts';

const usage = `usage: npm run models -- COMMAND
  list
  verify PACK                   checks a pack (a folder, or a .zip, .tar or .tar.gz of it): signature, checksums, shapes,
                                golden vectors
  install PACK                  checks it and puts it into the data directory
  activate NAME                 puts it in place of the network of its kind
  deactivate NAME
  remove NAME                   an inactive pack
  import silent-face FOLDER     makes and installs the liveness pack of the two .pth files of Silent-Face-Anti-Spoofing
for makers (engine/inference/packs/PACKS.md):
  keygen FILE                   makes a private key to sign with, and tells its public half
  sign FOLDER --key FILE        signs the pack in a folder, if an appliance that trusts the key would take it`;

const describe = ({ manifest, signedBy }: DescribedPack): string =>
  `${packId(manifest)}  ${manifest.kind}  ${manifest.licence.name}  ${signedBy ? `signed by ${signedBy}` : 'not signed'}`;

/** Whoever knows what they convert signs it with the key of this appliance. */
async function importPack(packs: ModelPacks, packsDir: string, folder: string): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'perigee-import-'));
  try {
    try {
      importSilentFace(folder, work, requireOwnKey(packsDir));
    } catch (error) {
      throw new CommandError((error as Error).message);
    }
    return packId((await packs.install(work)).manifest);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function printList(packs: ModelPacks): Promise<void> {
  const all = await packs.list();
  if (all.length === 0) console.log('No model pack is installed.');
  for (const { id, pack, problem, active } of all) {
    console.log(`${active ? '* ' : '  '}${pack ? describe(pack) : `${id}  BROKEN: ${problem}`}`);
  }
}

/** What needs no data directory. False when the command is another one. */
async function runMakerCommand(args: readonly string[]): Promise<boolean> {
  const [command, path = '', option, keyFile = '', ...others] = args;
  if (command === 'keygen' && args.length === 2) {
    console.log(`Public key, for PERIGEE_PACK_KEYS of the appliances:\n${makeKey(resolve(path))}`);
    return true;
  }
  if (command !== 'sign' || option !== '--key' || keyFile === '' || others.length > 0) return false;
  const pack = await signPack(resolve(path), resolve(keyFile));
  console.log(`signed: ${describe(pack)}`);
  return true;
}

async function runCommand(args: readonly string[]): Promise<void> {
  if (await runMakerCommand(args)) return;
  const [command = '', name = '', folder = ''] = args;
  const wants = { list: 1, verify: 2, install: 2, activate: 2, deactivate: 2, remove: 2, import: 3 }[command];
  if (args.length !== wants || (command === 'import' && name !== 'silent-face')) throw new CommandError(usage);
  const settings = loadSettings(process.env);
  const packsDir = packsFolder(settings.data_dir);
  const { db, log, daemonRuns, close } = openDataFolder(settings.data_dir);
  try {
    const store = createPackStore({
      dir: packsDir,
      trust: () => trustOf(settings, ownKeys(packsDir)),
      check: createNetworkCheck(workerUrl),
    });
    const packs = createModelPacks({ store, meta: createMetaTable(db), log });
    const when = daemonRuns ? 'The running daemon takes it up within a minute.' : '';
    if (command === 'list') await printList(packs);
    else if (command === 'verify') console.log(`sound: ${describe(await packs.verify(resolve(name)))}`);
    else if (command === 'install') console.log(`installed: ${describe(await packs.install(resolve(name)))}`);
    else if (command === 'activate') console.log(`active: ${await packs.activate(name)}. ${when}`.trimEnd());
    else if (command === 'deactivate')
      console.log(`no longer active: ${await packs.deactivate(name)}. ${when}`.trimEnd());
    else if (command === 'remove') console.log(`removed: ${await packs.remove(name)}`);
    else {
      const id = await importPack(packs, packsDir, resolve(folder));
      console.log(`installed: ${id}. Now: npm run models -- activate silent-face`);
    }
  } finally {
    close();
  }
}

try {
  await runCommand(process.argv.slice(2));
} catch (error) {
  const { name, code } = error as { name?: string; code?: string };
  const foreseen = [CommandError, SettingsError, PackError].some((kind) => error instanceof kind);
  if (!foreseen && name !== 'StartError' && code !== 'EACCES') throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
}
