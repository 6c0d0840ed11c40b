import type { OutgoingMessage } from '#contract/events/messages';

/** One connection to a broker, from its acceptance to its end. A new connection is a new link. */
export interface Link {
  /** How many messages may wait for their acknowledgement at a time. */
  readonly window: number;
  /**
   * Resolves when the broker has taken over the message (QoS 1), in the order of the calls. Rejects with
   * `MessageRefused` when this message is refused, and with `LinkLost` when the connection ended before.
   */
  send(message: OutgoingMessage): Promise<void>;
  /** Resolves with the reason when the connection is over, whoever ended it. */
  readonly lost: Promise<LinkLost>;
  /** Ends the connection in good order: the will is not sent. Resolves within a second also when nobody answers. */
  close(): Promise<void>;
  /** Ends the connection at once. */
  drop(reason: string): void;
}

/** Connects once. Rejects with `LinkLost` when that is not possible. `will`: what the broker shall say for us. */
export type OpenLink = (will: OutgoingMessage) => Promise<Link>;

/** The broker does not take this very message, over a connection that works. */
export class MessageRefused extends Error {
  readonly permanent: boolean;

  constructor(reason: string, permanent: boolean) {
    super(reason);
    this.permanent = permanent;
  }
}

/** No connection. The message is for people: what is wrong, and where one would look. */
export class LinkLost extends Error {
  /** The broker ended a connection that stood; we did not, and no network error is known. */
  readonly byBroker: boolean;

  constructor(reason: string, byBroker = false) {
    super(reason);
    this.byBroker = byBroker;
  }
}
