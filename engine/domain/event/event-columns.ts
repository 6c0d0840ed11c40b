/** An event as it is stored and told: what filters ask for as columns, the rest as a document. */

/** The columns of an event. What only answers need is in `document` (`EventDocument`). */
export interface EventColumns {
  event_id: string;
  account_id: string;
  handler_id: string;
  create_time: number;
  end_time: number;
  insert_time: number;
  external_id: string;
  user_data: string;
  source: string | null;
  track_id: string | null;
  stream_id: string | null;
  face_id: string | null;
  gender: number | null;
  age: number | null;
  emotion: number | null;
  ethnic_group: number | null;
  mask: number | null;
  liveness: number | null;
  top_label: string | null;
  top_similarity: number | null;
  top_object_id: string | null;
  top_object_type: 'face' | 'event' | 'attribute' | null;
  top_external_id: string | null;
  city: string | null;
  area: string | null;
  district: string | null;
  street: string | null;
  house_number: string | null;
  longitude: number | null;
  latitude: number | null;
}

/** Members in LP5's wire spelling, stored as they are answered (LP5 8.2). */
export interface EventDocument {
  tags: string[];
  attach_result: string[];
  match_result: unknown[];
  face_detections: unknown[];
  body_detections: unknown[];
  meta: unknown;
}
