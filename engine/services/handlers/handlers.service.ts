import { defaults } from '#contract/established/names';
import { parseAs } from '#contract/http/parse-as';
import type { Matching } from '#contract/matching/matches';
import type { VersionedVector } from '#contract/matching/raw-descriptors';
import {
  type EstimatedPicture,
  estimatePictures,
  filteredDetections,
  type IncomingPicture,
  pictureStatus,
  requireOneFacePerPicture,
} from '#contract/pictures/estimated-pictures';
import { aggregate } from '#domain/face/aggregate';
import type { JudgedFace } from '#domain/face/detection-rules';
import type { Inference } from '#inference/inference';
import { isLunaError, lunaError } from '#kernel/errors';
import type { EventDetection, EventFacts, EventRequest, SourcePicture } from './events/event-facts.ts';
import { faceEventFacts, type ListName } from './events/face-event-facts.ts';
import { findMatches } from './events/find-matches.ts';
import { planEvent } from './events/plan.ts';
import { commitEvents, type SaveDeps, type StagedEvents, stageEvents } from './events/save-events.ts';
import type { HandlerBook } from './handler-book.ts';
import { Policies } from './policies.schema.ts';
import type { ResolvedPolicies } from './resolve-policies.ts';

export interface GenerateRequest {
  pictures: readonly IncomingPicture[];
  /** In place of pictures: it becomes one event without a detection. */
  descriptor?: VersionedVector | undefined;
  /** As sent; undefined when none were. */
  policies: unknown;
  useExifInfo: boolean;
  /** LP5 `aggregate_attributes`: all pictures are of one person and make one event. */
  aggregate: boolean;
  event: EventRequest;
}

/** The answer of event generation (LP5 3.6). */
export type GeneratedEvents = Awaited<ReturnType<Handlers['generateEvents']>>;

export type Handlers = ReturnType<typeof createHandlers>;

/** Thresholds of a liveness estimate that nobody asked for; never used for a verdict. */
const noLiveness = { liveness: 1, quality: 0 };

function sourceOf({ picture, estimate }: EstimatedPicture): SourcePicture | null {
  if (estimate === null || isLunaError(picture.content)) return null;
  const { filename, content, detectTimeMs, detectTs, origin, sampleId } = picture;
  const { format, width, height } = estimate;
  return { filename, bytes: content, format, width, height, detectTimeMs, detectTs, origin, sampleId };
}

/** What the networks made for a rule only does not belong to the event. */
function asWanted({ face }: JudgedFace, { extract }: ResolvedPolicies): JudgedFace['face'] {
  return { ...face, descriptor: extract.descriptor ? face.descriptor : null };
}

/** Detections by event: one event each, or all of them one event. */
function groupDetections(
  estimated: readonly EstimatedPicture[],
  policies: ResolvedPolicies,
  together: boolean,
): EventDetection[][] {
  const detections = estimated.flatMap((one) => {
    const picture = sourceOf(one);
    if (!picture || !policies.detectFace) return [];
    return one.kept.map(
      (judged): EventDetection => ({
        picture,
        face: asWanted(judged, policies),
        faceQuality: judged.faceQuality,
      }),
    );
  });
  if (!together) return detections.map((one) => [one]);
  return detections.length > 0 ? [detections] : [];
}

/**
 * Handlers (LP5 5090): pictures become events. `generateEvents` reads as the pipeline: policies, networks and filters,
 * one event or one per face, candidates, plan (pure), files, one transaction with the messages, answer.
 */
export function createHandlers(
  deps: SaveDeps & {
    book: HandlerBook;
    inference: Pick<Inference, 'estimate'>;
    matching: Pick<Matching, 'matchVector'>;
    /** Name of the detector that runs, for messages. */
    detector: () => string | null;
  },
) {
  const { book, inference, matching, storage, detector } = deps;

  const policiesFor = (request: GenerateRequest): ResolvedPolicies => {
    const { handlerId, accountId } = request.event;
    const row = book.get(handlerId, accountId);
    if (row.is_dynamic === 0) {
      if (request.policies !== undefined) throw lunaError('HandlerNotDynamic', { handlerId });
      return book.policiesOf(row);
    }
    if (request.policies === undefined) {
      throw lunaError('BadJson', { path: 'policies', message: 'required by a dynamic handler' });
    }
    return book.check(parseAs(Policies, request.policies, ['policies']));
  };

  const factsOf = async (
    detections: EventDetection[],
    policies: ResolvedPolicies,
    accountId: string,
  ): Promise<EventFacts> => {
    const whole = aggregate(
      detections.map(({ face }) => face),
      policies.rules.liveness ?? noLiveness,
    );
    return { detections, aggregate: whole, matches: await findMatches(matching, policies, whole, accountId) };
  };

  const factsOfDescriptor = async (
    given: VersionedVector,
    policies: ResolvedPolicies,
    accountId: string,
  ): Promise<EventFacts> => {
    const descriptor = policies.extract.descriptor ? { ...given, score: null } : null;
    const whole = { basicAttributes: null, emotions: null, liveness: null, descriptor };
    return { detections: [], aggregate: whole, matches: await findMatches(matching, policies, whole, accountId) };
  };

  const save = (request: EventRequest, staged: StagedEvents, policies: ResolvedPolicies): Promise<void> => {
    const nameOf: ListName = (listId) => storage.lists.findById(listId, request.accountId)?.user_data ?? '';
    const messages = staged.records.map((record) => faceEventFacts(request, record, { nameOf, detector: detector() }));
    return commitEvents(deps, request.accountId, staged, messages, policies.storage.attribute.ttl);
  };

  return {
    /** LP5 `wait_saving` makes no difference: what is answered is on the disk, and a failure is answered as such. */
    async generateEvents(request: GenerateRequest) {
      const { event, pictures } = request;
      const policies = policiesFor(request);

      const wanted = { ...policies.estimation, useExifInfo: request.useExifInfo };
      const estimated = await estimatePictures(inference.estimate, pictures, wanted, policies.rules);
      if (request.aggregate) requireOneFacePerPicture(estimated);

      const groups = groupDetections(estimated, policies, request.aggregate);
      const facts = request.descriptor
        ? [await factsOfDescriptor(request.descriptor, policies, event.accountId)]
        : await Promise.all(groups.map((group) => factsOf(group, policies, event.accountId)));
      const planned = facts.map((one) => ({ facts: one, plan: planEvent(policies, one, event.tags) }));

      const staged = await stageEvents(deps, event, planned);
      await save(event, staged, policies);

      return {
        images: request.descriptor
          ? [{ ...pictureStatus({ picture: { filename: defaults.rawDescriptorName }, error: null }), exif: null }]
          : estimated.map((one) => ({ ...pictureStatus(one), exif: one.estimate?.exif ?? null })),
        events: staged.records.map(({ answer }) => answer),
        filtered_detections: filteredDetections(estimated),
      };
    },
  };
}
