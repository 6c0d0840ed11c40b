import type { FaceEventFacts } from '#domain/event/face-event';

/** What subsystems tell each other inside the process. A message tells that something happened; the rows are the truth. */
export interface BusMessages {
  /** Rows were added to the outbox and are committed. */
  'outbox.grown': Record<string, never>;
  /** Events whose `notification_policy` let them pass are committed; for subscribers that are connected right now. */
  'events.published': { events: readonly FaceEventFacts[] };
}
