/** The whole appliance but its sockets, in this process: what tests of the document send their requests to. */
import { rmSync } from 'node:fs';
import { BootSettings } from '#contract/boot-settings';
import type { LunaRouter } from '#contract/http';
import { createEngine } from '#engine';
import { createLog } from '#kernel/log';
import { openApiDocument } from '../../rest/docs.ts';
import { createRestApp } from '../../rest/rest.ts';
import { temporaryDataDir } from '../daemon-process.ts';
import type { Document } from './document.ts';

export interface ApplianceInProcess {
  readonly app: LunaRouter;
  readonly document: Document;
  /** Sends a request as if it came from this machine. `target` begins with `/`. */
  send(target: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** Opens an appliance with an empty database on disk. `npm test` has prepared what it runs on. */
export async function openApplianceInProcess(): Promise<ApplianceInProcess> {
  const dataDir = temporaryDataDir();
  const engine = await createEngine({
    settings: BootSettings.parse({ data_dir: dataDir, workers: 1 }),
    log: createLog('error'),
    shippedDir: 'dist',
    restAddress: () => 'http://localhost:5000',
  });
  const app = createRestApp(engine);
  await engine.start();
  return {
    app,
    document: openApiDocument(app) as unknown as Document,
    send: async (target, init) => app.request(target, init),
    async close() {
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
