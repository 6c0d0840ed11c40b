import { existsSync } from 'node:fs';
import type { Clock } from '#kernel/clock';

/** How far the time of a message can be trusted. `rtc`: no time service has confirmed the clock of this box. */
export type ClockState = 'ntp' | 'rtc' | 'unsynced';

/** systemd-timesyncd makes this file when the clock was set from the network (systemd-timesyncd.service(8)). */
const synchronizedMarks = ['/run/systemd/timesync/synchronized'];
const rememberMs = 10_000;
/** A clock before this was never set. */
const firstPossibleMs = Date.UTC(2025, 0, 1);

export function createClockState(clock: Clock, marks: readonly string[] = synchronizedMarks): () => ClockState {
  let state: ClockState = 'unsynced';
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.now();
    if (Math.abs(nowMs - readAt) >= rememberMs) {
      readAt = nowMs;
      if (nowMs < firstPossibleMs) state = 'unsynced';
      else state = marks.some((mark) => existsSync(mark)) ? 'ntp' : 'rtc';
    }
    return state;
  };
}
