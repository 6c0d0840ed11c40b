import { enumNumbers, nameOfNumber } from '#contract/established/names';
import type { QueuedKind, SystemEvent } from '#contract/events/messages';
import { bestMatchOf, type FaceEventFacts, faceEventType } from '#domain/event/face-event';
import type { Clock } from '#kernel/clock';
import type { Ids } from '#kernel/ids';
import type { NewMessage } from '#storage/rows';
import type { ClockState } from './clock-state.ts';
import type { DeviceIdentity } from './identity.ts';

/**
 * Tells the world what happened. Messages are rows of the outbox, written in the transaction of the fact itself; the
 * publisher (`appliance/mqtt`) sends them, oldest first, and removes them when they are handed over.
 */
export interface Sender {
  /** The outbox rows of one event; none when its notification policy said no. Pure: the caller appends them. */
  faceEventMessages(facts: FaceEventFacts): NewMessage[];
  /** The outbox row of something that happened to the appliance itself. */
  systemMessage(event: SystemEvent): NewMessage;
  /** The outbox row of something that a person should look at. `message` and `hint` hold no personal data. */
  errorMessage(error: { code: string; message: string; hint: string | null; ref: string | null }): NewMessage;
}

/** The account of messages that belong to no account. */
const noAccount = '';

export function createSender(deps: {
  clock: Clock;
  ids: Ids;
  device: DeviceIdentity;
  clockState: () => ClockState;
}): Sender {
  const { clock, ids, device, clockState } = deps;

  const messageOf = (accountId: string, kind: QueuedKind, tsMs: number, members: object): NewMessage => ({
    account_id: accountId,
    kind,
    create_time: clock.now(),
    payload: JSON.stringify({
      id: ids.next(),
      boot: device.boot,
      ts: new Date(tsMs).toISOString(),
      clock: clockState(),
      ...members,
    }),
  });

  return {
    faceEventMessages(facts) {
      if (!facts.published) return [];
      return [messageOf(facts.event.account_id, 'event/face', facts.captureTimeMs, faceEventMembers(facts))];
    },
    systemMessage: (event) => messageOf(noAccount, 'event/system', clock.now(), event),
    errorMessage: (error) => messageOf(noAccount, 'error', clock.now(), error),
  };
}

const sixDigits = (value: number): number => Math.round(value * 1e6) / 1e6;

/** The members of `event/face` that follow from the facts alone (`contract/messages.ts`). */
function faceEventMembers(facts: FaceEventFacts) {
  const { face, event } = facts;
  const match = bestMatchOf(facts);
  const compared = facts.matches[0] ?? null;
  return {
    source: event.source,
    track_id: event.track_id,
    event_type: faceEventType(facts),
    event_id: event.event_id,
    handler_id: event.handler_id,
    face_id: match?.best.type === 'face' ? match.best.id : null,
    external_id: match?.best.externalId || null,
    user_data: match?.best.userData || null,
    lists: (match?.best.lists ?? []).map(({ listId, name }) => ({ list_id: listId, ...(name && { name }) })),
    label: match?.label ?? null,
    similarity: match ? sixDigits(match.best.similarity) : null,
    margin: match && match.secondSimilarity !== null ? sixDigits(match.best.similarity - match.secondSimilarity) : null,
    threshold: match?.threshold ?? compared?.threshold ?? null,
    quality: face?.quality ?? null,
    liveness: facts.liveness && {
      prediction: facts.liveness.prediction,
      score: facts.liveness.probability,
      quality: facts.liveness.quality,
    },
    attributes: {
      gender: event.gender,
      age: event.age,
      emotion: nameOfNumber(enumNumbers.emotion, event.emotion),
      mask: event.mask,
      glasses: null,
      head_pose: face?.headPose ?? null,
    },
    bbox: face && [face.rect.x, face.rect.y, face.rect.width, face.rect.height],
    size: face && face.pictureWidth > 0 ? [face.pictureWidth, face.pictureHeight] : null,
    model: facts.models,
  };
}
