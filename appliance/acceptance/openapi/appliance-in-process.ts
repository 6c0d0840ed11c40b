/** The whole appliance but its sockets, in this process: what tests of the document send their requests to. */
import { rmSync } from 'node:fs';
import { BootSettings } from '#contract/boot-settings';
import type { LunaRouter } from '#contract/http';
import type { OwnPortService } from '#contract/own-ports';
import { createEngine } from '#engine';
import { createLog } from '#kernel/log';
import { openApiDocument } from '../../rest/docs.ts';
import { createOwnPortApp } from '../../rest/own-ports.ts';
import { createRestApp } from '../../rest/rest-app.ts';
import { temporaryDataDir } from '../daemon-process.ts';
import type { Document } from './document.ts';

/** One port of it. */
export interface PortInProcess {
  readonly app: LunaRouter;
  readonly document: Document;
  /** Sends a request as if it came from this machine. `target` begins with `/`. */
  send(target: string, init?: RequestInit): Promise<Response>;
}

export interface ApplianceInProcess extends PortInProcess {
  /** What a service serves on its own port; undefined when it is switched off. */
  ownPort(service: OwnPortService): PortInProcess | undefined;
  readonly dataDir: string;
  close(): Promise<void>;
}

const portOf = (app: LunaRouter): PortInProcess => ({
  app,
  document: openApiDocument(app) as unknown as Document,
  send: async (target, init) => app.request(target, init),
});

/** Opens an appliance with an empty database on disk. `npm test` has prepared what it runs on. */
export async function openApplianceInProcess(settings: Record<string, unknown> = {}): Promise<ApplianceInProcess> {
  const dataDir = temporaryDataDir();
  const engine = await createEngine({
    settings: BootSettings.parse({ data_dir: dataDir, workers: 1, ...settings }),
    log: createLog('error'),
    shippedDir: 'dist',
    restAddress: () => 'http://localhost:5000',
  });
  const app = createRestApp(engine);
  await engine.start();
  return {
    ...portOf(app),
    dataDir,
    ownPort(service) {
      const own = createOwnPortApp(engine, service);
      return own && portOf(own);
    },
    async close() {
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
