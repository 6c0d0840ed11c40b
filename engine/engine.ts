import type { BusMessages } from '#contract/events/bus';
import type { ReceivedRequest } from '#contract/http/received-request';
import type { BootSettings } from '#contract/settings/boot-settings';
import { databaseFile, filesFolder } from '#contract/settings/data-folder';
import type { Caller } from '#domain/access';
import type { DeviceReport } from '#inference/device';
import { type Bus, createBus } from '#kernel/bus';
import { type Chance, systemChance } from '#kernel/chance';
import { type Clock, systemClock } from '#kernel/clock';
import { createIds, type Ids } from '#kernel/ids';
import { createLifecycle, type Subsystem, sideBySide, stopMs } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import { openStorage, type Storage } from '#storage/storage';
import { composeEstimation } from './compose-estimation.ts';
import { composeMatching } from './compose-matching.ts';
import { createHealthChecks } from './health-checks.ts';
import { createHousekeeping } from './housekeeping.ts';
import { composeOwnPorts, type OwnPorts, type PortContents } from './own-ports.ts';
import { type ProductInfo, productInfo } from './product-info.ts';
import { createAccountsRoutes } from './services/accounts/accounts.routes.ts';
import { createAccounts } from './services/accounts/accounts.service.ts';
import { createTokensRoutes } from './services/accounts/tokens.routes.ts';
import { createConfigsRoutes } from './services/api/configs.routes.ts';
import { createDetector } from './services/api/one-shots/detector.ts';
import { createExtractor } from './services/api/one-shots/extractor.ts';
import { createIso } from './services/api/one-shots/iso.ts';
import { createOneShotRoutes } from './services/api/one-shots/one-shots.routes.ts';
import { createSdk } from './services/api/one-shots/sdk.ts';
import { createPictures } from './services/api/pictures/pictures.ts';
import { createUrlFetch, defaultUrlFetchSettings } from './services/api/pictures/url-fetch.ts';
import { createRootRoutes } from './services/api/root.routes.ts';
import { createHealthRoutes, type HealthCheck } from './services/api/service.routes.ts';
import { createSystemInfo } from './services/api/system-info.ts';
import { createEventsRoutes } from './services/events/events.routes.ts';
import { createEvents } from './services/events/events.service.ts';
import { createAttributesRoutes } from './services/faces/attributes.routes.ts';
import { createAttributes } from './services/faces/attributes.service.ts';
import { createFaceAttributesRoutes } from './services/faces/face-attributes.routes.ts';
import { createFacesRoutes } from './services/faces/faces.routes.ts';
import { createFaces } from './services/faces/faces.service.ts';
import { createListsRoutes } from './services/faces/lists.routes.ts';
import { createLists } from './services/faces/lists.service.ts';
import { createEventGenerationRoutes } from './services/handlers/events/events.routes.ts';
import { createHandlerBook } from './services/handlers/handler-book.ts';
import { createHandlersRoutes } from './services/handlers/handlers.routes.ts';
import { createHandlers } from './services/handlers/handlers.service.ts';
import { createRawEventsRoutes } from './services/handlers/raw-events/raw-events.routes.ts';
import { createRawEvents } from './services/handlers/raw-events/raw-events.service.ts';
import { createVerifierBook } from './services/handlers/verifiers/verifier-book.ts';
import { createVerifiersRoutes } from './services/handlers/verifiers/verifiers.routes.ts';
import { createVerifiers } from './services/handlers/verifiers/verifiers.service.ts';
import { createImageStoreRoutes } from './services/image-store/image-store.routes.ts';
import { createImageStore } from './services/image-store/image-store.service.ts';
import { createLivenessRoutes } from './services/liveness/liveness.routes.ts';
import { createLiveness } from './services/liveness/liveness.service.ts';
import { createMatcherRoutes } from './services/matcher/matcher.routes.ts';
import { createRejectionRoutes } from './services/matcher/rejections/rejections.routes.ts';
import { createRejections } from './services/matcher/rejections/rejections.service.ts';
import { createModelPacksRoutes } from './services/model-packs/model-packs.routes.ts';
import { type ClockState, createClockState } from './services/sender/clock-state.ts';
import { countBoot, type DeviceIdentity } from './services/sender/identity.ts';
import { createOutboxFeed, type OutboxFeed } from './services/sender/outbox-feed.ts';
import { createSenderRoutes } from './services/sender/sender.routes.ts';
import { createSender, type Sender } from './services/sender/sender.service.ts';
import { createSocketRegistry } from './services/sender/socket-registry.ts';

/** Everything of the appliance but its ways in and out: REST and MQTT stand on this. */
export interface Engine extends Subsystem, PortContents {
  readonly log: Log;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly bus: Bus<BusMessages>;
  /** What services serve on ports of their own; the engine's own contents are those of the public port. */
  readonly ownPorts: OwnPorts;
  /** Who asks; null when the request names nobody. */
  authenticate(request: ReceivedRequest): Promise<Caller | null>;
  /** Whether a program on the appliance asks that is taken at its word. */
  trusts(request: ReceivedRequest): boolean;
  readonly identity: DeviceIdentity;
  readonly sender: Sender;
  readonly outboxFeed: OutboxFeed;
  readonly storage: Storage;
  readonly chance: Chance;
  clockState(): ClockState;
  productInfo(): ProductInfo;
  /** Milliseconds per picture lately; null before the first. */
  inferenceMs(): { p50: number; p95: number } | null;
  /** What the networks run on, known from `start` on. */
  device(): DeviceReport;
  /** Makes `/healthcheck` look at one thing more. */
  watch(check: HealthCheck): void;
}

const everyMinute = '0 * * * * *';
const everyHour = '0 7 * * * *';

/** The composition root: the only place that puts services together. Nothing runs before `start`. */
export async function createEngine(deps: {
  settings: BootSettings;
  log: Log;
  /** `networks/` and `kernels/matching.wasm` as the preparation made them. */
  shippedDir: string;
  /** `http://host:port` under which REST is reached; asked when a request needs it. */
  restAddress: () => string;
}): Promise<Engine> {
  const { settings, log, shippedDir } = deps;
  const dataDir = settings.data_dir;
  const clock = systemClock;
  const chance = systemChance;
  const ids = createIds({ clock, chance });
  const bus = createBus<BusMessages>((name, error) => log.error({ err: error, message: name }, 'bus listener failed'));
  const externalAddress = (): string => settings.external_address ?? deps.restAddress();

  const storage = openStorage({ file: databaseFile(dataDir), filesDir: filesFolder(dataDir), log });
  const estimation = await composeEstimation({ settings, storage, log, shippedDir });
  const { inference, packChanges, detectorName, versionInUse } = estimation;
  const { matching, matcher, proxy, matcherSettings, proxySettings } = await composeMatching({
    settings,
    storage,
    ids,
    clock,
    log,
    shippedDir,
    versionInUse,
  });

  const accounts = createAccounts({
    storage,
    clock,
    chance,
    ids,
    log,
    settings: () => ({
      allowAccountHeader: settings.allow_luna_account_auth_header,
      openSignUp: settings.open_sign_up,
    }),
  });
  const clockState = createClockState(clock);
  const identity = countBoot({ storage, chance });
  const sender = createSender({ clock, ids, device: identity, clockState });
  const outboxFeed = createOutboxFeed({
    storage,
    sender,
    device: identity,
    clock,
    log,
  });

  const images = createImageStore({ storage, clock, ids, log });
  const faces = createFaces({ storage, clock, ids });
  const lists = createLists({ storage, clock, ids });
  const attributes = createAttributes({ storage, clock, ids });
  const events = createEvents({ storage, clock });
  const rejections = createRejections({ storage, clock, ids });
  const urlFetch = createUrlFetch({
    settings: () => ({
      ...defaultUrlFetchSettings,
      allowPrivateAddresses: settings.allow_private_urls,
      allowedHosts: settings.allowed_url_hosts,
    }),
  });
  const pictures = createPictures({ urlFetch, images, externalAddress });
  const detector = createDetector({ inference, images, storage });
  const sdk = createSdk({ inference });
  const extractor = createExtractor({ inference, images, attributes, externalAddress });
  const book = createHandlerBook({ storage, clock, ids, matchLimits: matcherSettings });
  const pipeline = { storage, images, sender, bus, clock, ids, inference, matching: proxy ?? matcher };
  const handlers = createHandlers({ ...pipeline, book, detector: detectorName });
  const rawEvents = createRawEvents({ ...pipeline, book });
  const verifierBook = createVerifierBook({ storage, clock, ids });
  const verifiers = createVerifiers({ ...pipeline, book: verifierBook });

  const systemInfo = createSystemInfo({ dataDir: settings.data_dir, device: () => inference.device() });
  const checks = createHealthChecks({ storage, inference, matching, packChanges, proxy });
  const referenceLimit = matcherSettings.reference_limit;
  const settingsInEffect = () => ({ ...settings, matcher: matcherSettings, matcher_proxy: proxySettings });
  const housekeeping = createHousekeeping({
    log,
    chores: [
      { name: 'expired attributes', when: everyMinute, run: () => attributes.removeExpired() },
      { name: 'model packs', when: everyMinute, run: () => packChanges.refresh() },
      { name: 'orphan files', when: everyHour, run: (signal) => images.removeOrphans(signal) },
    ],
  });
  const sockets = createSocketRegistry({ bus, clock, log, standingOf: accounts.standingOf });
  const onStopError = (name: string, error: unknown): void => log.error({ err: error }, `stop ${name}`);
  // Networks keep the workers busy while they are loaded, galleries the disk and the main thread.
  const search = [matching, matcher, ...(proxy ? [proxy] : [])];
  const slowOnes = sideBySide('inference and matching', [[inference], search], onStopError);
  const lifecycle = createLifecycle([slowOnes, sockets, housekeeping], onStopError);

  return {
    name: 'engine',
    stopMs: stopMs.engine,
    log,
    clock,
    ids,
    bus,
    authenticate: accounts.authenticate,
    trusts: accounts.trusts,
    chance,
    identity,
    sender,
    outboxFeed,
    storage,
    clockState,
    productInfo: () => productInfo(inference.device(), !matcherSettings.ivf.enabled),
    inferenceMs: () => inference.recentMs(),
    device: () => inference.device(),
    watch: (check) => checks.push(check),
    ownPorts: composeOwnPorts({ matcher, proxy, referenceLimit, checks, settings: settingsInEffect }),
    rootRouters: [
      createHealthRoutes(checks),
      createConfigsRoutes(settingsInEffect),
      createRootRoutes({
        systemInfo,
        features: () => ({
          body_attributes: false,
          liveness: inference.packs().some(({ manifest }) => manifest.kind === 'liveness') ? 2 : 0,
          iso_estimation: true,
        }),
      }),
    ],
    routers: [
      createAccountsRoutes({ accounts }),
      createTokensRoutes({ accounts }),
      createFaceAttributesRoutes({ faces, versionInUse }),
      createFacesRoutes({ faces, clock, externalAddress }),
      createListsRoutes({ lists, externalAddress }),
      createAttributesRoutes({ attributes, externalAddress, versionInUse }),
      createImageStoreRoutes({ images }),
      createEventsRoutes({ events, clock }),
      createHandlersRoutes({ book }),
      createEventGenerationRoutes({ handlers, pictures, clock }),
      createRawEventsRoutes({ rawEvents }),
      createVerifiersRoutes({ book: verifierBook, verifiers, pictures }),
      createOneShotRoutes({ pictures, detector, sdk, extractor, iso: createIso({ inference }) }),
      createLivenessRoutes({ pictures, liveness: createLiveness({ inference }) }),
      createMatcherRoutes({ matching: proxy ?? matcher, referenceLimit }),
      createRejectionRoutes({ rejections }),
      createModelPacksRoutes({ packChanges }),
      createSenderRoutes({ sockets }),
    ],
    async start() {
      try {
        await lifecycle.start();
      } catch (error) {
        storage.close();
        throw error;
      }
    },
    async stop() {
      await lifecycle.stop();
      await urlFetch.close();
      storage.close();
    },
  };
}
