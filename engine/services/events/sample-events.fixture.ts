import type { Ids } from '#kernel/ids';
import type { NewEvent } from '#storage/rows';

/** Repeatable events with every column in use, for tests and benchmarks. `i` decides everything but the id. */
export function sampleEvent(ids: Ids, i: number, more: Partial<NewEvent> & { account_id: string }): NewEvent {
  const pick = <T>(values: readonly T[], step: number): T => values[Math.floor(i / step) % values.length] as T;
  const uuid = (kind: string, n: number): string => `${kind}-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const matched = i % 3 !== 0;
  const time = Date.parse('2026-03-01T00:00:00Z') + i * 60_000;
  return {
    event_id: ids.next(),
    handler_id: uuid('44444444', i % 4),
    create_time: time,
    end_time: time + 500,
    insert_time: time + 1000,
    external_id: i % 5 === 0 ? '' : `ext-${i % 7}`,
    user_data: pick(['', 'note'], 2),
    source: pick(['gate-1', 'gate-2', null], 1),
    track_id: i % 4 === 0 ? null : `track-${i % 9}`,
    stream_id: pick([null, 'stream'], 3),
    face_id: i % 6 === 0 ? uuid('ffffffff', i % 12) : null,
    gender: pick([0, 1, null], 1),
    age: i % 8 === 0 ? null : 10 + (i % 60),
    emotion: pick([null, 1, 5], 2),
    ethnic_group: pick([null, 3, 4], 3),
    mask: pick([null, 1, 2], 4),
    liveness: pick([0, 1, 2, null], 1),
    top_label: matched ? pick(['staff', 'vip'], 1) : null,
    top_similarity: matched ? (i % 100) / 100 : null,
    top_object_id: matched ? uuid('bbbbbbbb', i % 10) : null,
    top_object_type: matched ? pick(['face', 'event'], 2) : null,
    top_external_id: matched ? `top-${i % 4}` : null,
    city: pick(['Tula', 'Omsk', null], 2),
    area: pick(['north', null], 1),
    district: pick(['d1', 'd2'], 3),
    street: pick(['s1', null], 5),
    house_number: pick(['1', '2a'], 1),
    longitude: i % 2 === 0 ? 36 + (i % 20) / 100 : null,
    latitude: i % 2 === 0 ? 55 + (i % 30) / 100 : null,
    document: {
      tags: [...(i % 2 === 0 ? ['even'] : []), ...(i % 3 === 0 ? ['third'] : [])],
      attach_result: [],
      match_result: [],
      face_detections: [
        {
          sample_id: uuid('55555555', i),
          image_origin: null,
          detect_time: new Date(time).toISOString(),
          detect_ts: null,
          detection: { rect: { x: 120, y: 80, width: 160, height: 210 } },
        },
      ],
      body_detections: [],
      meta: null,
    },
    descriptors: [],
    ...more,
  };
}
