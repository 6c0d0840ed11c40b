import {
  type HealthMessage,
  type InfoMessage,
  type MessageKind,
  type OutgoingMessage,
  topicOf,
  topics,
} from '#contract/events/messages';

type StateKind = Exclude<MessageKind, 'event/face' | 'event/system' | 'error'>;

/** State as a message: replaced by the next one, not numbered, not kept in the outbox. */
function stateMessage(deviceId: string, kind: StateKind, payload: string): OutgoingMessage {
  const { qos, retain, contentType, expirySeconds } = topics[kind];
  return {
    topic: topicOf(deviceId, kind),
    payload,
    qos,
    retain,
    seq: null,
    properties: { contentType, expirySeconds, userProperties: { schema: '1', device: deviceId } },
  };
}

export function availabilityMessage(deviceId: string, state: 'online' | 'offline'): OutgoingMessage {
  return stateMessage(deviceId, 'availability', state);
}
export function infoMessage(info: InfoMessage): OutgoingMessage {
  return stateMessage(info.device, 'info', JSON.stringify(info));
}
export function healthMessage(deviceId: string, health: HealthMessage): OutgoingMessage {
  return stateMessage(deviceId, 'health', JSON.stringify(health));
}
