import { rmSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DaemonProcess, startDaemonProcess } from '../daemon-process.ts';
import type { Document } from './document.ts';
import { createJudgedRequests, type JudgedInit } from './judged-requests.ts';
import { readFlowPictures, walkMainFlow } from './main-flow.ts';
import { trustedPackZip, walkModelPacks } from './model-packs-flow.fixture.ts';
import { type Prism, startPrism } from './prism.ts';

interface Context {
  daemon: DaemonProcess;
  document: Document;
  prism: Prism;
}
const throughPrism = suite<Context>('main flows through Prism');

throughPrism.before(async (context) => {
  context.daemon = await startDaemonProcess();
  const answer = await fetch(`${context.daemon.restUrl}/docs/spec?format=json`);
  context.document = (await answer.json()) as Document;
  context.prism = await startPrism(context.document, context.daemon.restUrl);
});
throughPrism.after(async ({ daemon, prism }) => {
  await prism?.stop();
  await daemon?.end('SIGTERM');
  rmSync(daemon.dataDir, { recursive: true, force: true });
});

/** What Prism cannot be asked about, and why. `undefined`: it is asked. */
function reasonToBypass(method: string, init: JudgedInit): string | undefined {
  if (init.expect === 400 || init.expect === 406) return 'wrong on purpose: Prism would refuse it itself';
  if (method === 'HEAD') return 'the document has no HEAD: it is the GET without its body';
  // Forms, samples, images and objects: /6/samples/*, /6/images, /6/objects.
  if (init.body !== undefined) return 'Prism reads every body that is not JSON as text, which destroys pictures';
  return undefined;
}

/** A picture as the JSON that the same route takes, so that Prism can hand it on. */
function asJson(target: string, init: JudgedInit): JudgedInit {
  const { body, headers: { 'Content-Type': type, ...headers } = {}, ...rest } = init;
  const takesJson = /(events|sdk|detector|iso|liveness|verifications)(\?|$)/.test(target);
  if (!takesJson || !(body instanceof Uint8Array) || type !== 'image/jpeg') return init;
  return { ...rest, headers, json: { image: Buffer.from(body).toString('base64'), mimetype: type } };
}

throughPrism('an outside judge finds nothing to complain about', async ({ daemon, document, prism }) => {
  let judged = 0;
  let base = prism.url;
  const requests = createJudgedRequests({
    document,
    account: '6d071cca-fda5-4a03-84d5-5bea65904480',
    send: async (target, init) => {
      const answer = await fetch(`${base}${target}`, init);
      const violations = answer.headers.get('sl-violations');
      const type = answer.headers.get('content-type') ?? '';
      if (violations !== null || type.startsWith('application/problem+json')) {
        throw new Error(`${init.method} ${target}: Prism: ${violations ?? ''} ${(await answer.text()).slice(0, 2000)}`);
      }
      return answer;
    },
  });
  const send: typeof requests.send = async (method, target, given = {}) => {
    const init = asJson(target, given);
    const bypass = reasonToBypass(method, init);
    base = bypass === undefined ? prism.url : daemon.restUrl;
    if (bypass === undefined) judged++;
    return requests.send(method, target, init);
  };
  await walkMainFlow(send, await readFlowPictures());
  await walkModelPacks(send, trustedPackZip(daemon.dataDir));
  assert.ok(judged > 90, `only ${judged} requests went through Prism`);
});

throughPrism.run();
