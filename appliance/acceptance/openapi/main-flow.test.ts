import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ApplianceInProcess, openApplianceInProcess } from './appliance-in-process.ts';
import { routesOf } from './document.ts';
import { createJudgedRequests } from './judged-requests.ts';
import { readFlowPictures, walkMainFlow } from './main-flow.ts';
import { trustedPackZip, walkModelPacks } from './model-packs-flow.fixture.ts';

/** Routes that no client gets a good answer of, and why. */
const neverGood: Readonly<Record<string, string>> = {
  'GET /6/ws': 'a WebSocket: `engine/services/sender/sockets.test.ts` opens it',
  'POST /6/matcher/bodies': 'answers 11044 always: there are no body descriptors',
};

const flow = suite<{ appliance: ApplianceInProcess }>('main flows by the document');

flow.before(async (context) => {
  context.appliance = await openApplianceInProcess();
});
flow.after(({ appliance }) => appliance.close());

flow(
  'every answer on the way is one that the document declares, and every route answers well once',
  async ({ appliance }) => {
    const requests = createJudgedRequests(appliance, '6d071cca-fda5-4a03-84d5-5bea65904480');
    await walkMainFlow(requests.send, await readFlowPictures());
    await walkModelPacks(requests.send, trustedPackZip(appliance.dataDir));
    const good = new Set([...requests.succeeded].map(({ method, path }) => `${method} ${path}`));
    // A HEAD is answered by the code of its GET.
    const missing = routesOf(appliance.document)
      .map(({ method, path }) => `${method} ${path}`)
      .filter((name) => !good.has(name) && !(name in neverGood) && !name.startsWith('HEAD '));
    assert.equal(missing, [], 'add them to flows/');
  },
);

flow.run();
