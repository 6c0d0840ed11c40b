/**
 * The whole appliance but its sockets, in this process: what acceptance suites send their requests to. Every answer is
 * judged by the document on the spot, and kept for Prism to judge (`exchanges.ts`).
 */
import { rmSync } from 'node:fs';
import type { LunaRouter } from '#contract/http/http';
import { BootSettings } from '#contract/settings/boot-settings';
import type { OwnPortService } from '#contract/settings/own-ports';
import { createEngine } from '#engine';
import { createLog } from '#kernel/log';
import { openApiDocument } from '../../rest/docs.ts';
import { createOwnPortApp } from '../../rest/own-ports.ts';
import { createRestApp } from '../../rest/rest-app.ts';
import { temporaryDataDir } from '../daemon-process.ts';
import { createRouteFinder, type Document } from './document.ts';
import { keepExchange, type Port } from './exchanges.ts';
import { createJudge } from './judge.ts';

/** One port of it. */
export interface PortInProcess {
  readonly app: LunaRouter;
  readonly document: Document;
  /**
   * Sends a request as if it came from this machine. `target` begins with `/`. Throws when the answer is none that the
   * document declares; a path or method that is not in the document has to be answered 404 or 405.
   */
  send(target: string, init?: RequestInit): Promise<Response>;
}

export interface ApplianceInProcess extends PortInProcess {
  /** What a service serves on its own port; undefined when it is switched off. */
  ownPort(service: OwnPortService): PortInProcess | undefined;
  readonly dataDir: string;
  close(): Promise<void>;
}

function portOf(app: LunaRouter, port: Port): PortInProcess {
  const document = openApiDocument(app) as unknown as Document;
  const judge = createJudge(document);
  const routeOf = createRouteFinder(document);
  return {
    app,
    document,
    async send(target, init) {
      const request = new Request(new URL(target, 'http://localhost'), init);
      const body = request.body && new Uint8Array(await request.clone().arrayBuffer());
      const answer = await app.request(request);
      const route = routeOf(request.method, new URL(request.url).pathname);
      const isJson = request.headers.get('content-type')?.startsWith('application/json');
      const text = isJson && body ? Buffer.from(body).toString() : undefined;
      const objection = route
        ? await judge.objectionTo(route, answer, { target, body: text })
        : ![404, 405].includes(answer.status) && `${answer.status} of no route`;
      if (objection) throw new Error(`${request.method} ${target}: ${objection}\n${await answer.text()}`);
      if (route) await keepExchange(port, document, { route, request, body, answer });
      return answer;
    },
  };
}

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
    ...portOf(app, 'public'),
    dataDir,
    ownPort(service) {
      const own = createOwnPortApp(engine, service);
      return own && portOf(own, service);
    },
    async close() {
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
