/** Rows as stored. Times are milliseconds since 1970; ids are lower-case UUIDs; keys are SQLite integers. */
import type { AccountType } from '#domain/access';
import type { EventColumns, EventDocument } from '#domain/event/event-columns';

export interface AccountRow {
  account_id: string;
  login: string;
  /** PHC string of the hash. */
  password: string;
  account_type: AccountType;
  description: string;
  create_time: number;
  last_update_time: number;
}

export interface TokenRow {
  token_id: string;
  account_id: string;
  description: string;
  /** Null: for ever. */
  expiration_time: number | null;
  visibility_area: 'account' | 'all';
  /** JSON, as answered. */
  permissions: string;
  /** 1 for a token made by a login. */
  session: number;
  create_time: number;
}

export interface ListRow {
  list_id: string;
  account_id: string;
  user_data: string;
  create_time: number;
  last_update_time: number;
}

export interface FaceRow {
  face_key: number;
  face_id: string;
  account_id: string;
  event_id: string | null;
  user_data: string;
  external_id: string;
  avatar: string;
  create_time: number;
}

/** One descriptor of a face, a temporary attribute or an event. `vector`: f32 little-endian. */
export interface DescriptorRow {
  version: number;
  /** 0..1, suitability of the sample for matching; null for a descriptor that came without one. */
  score: number | null;
  vector: Uint8Array;
}

/** What a face or a temporary attribute knows of a person. Sample ids are arrays here, JSON text in SQLite. */
export interface AttributeData {
  age: number | null;
  gender: number | null;
  ethnic_group: number | null;
  basic_attributes_samples: string[];
  face_descriptor_samples: string[];
  descriptors: DescriptorRow[];
}

export interface AttributeRow extends AttributeData {
  attribute_id: string;
  account_id: string;
  create_time: number;
  expire_time: number;
}

export interface HandlerRow {
  handler_id: string;
  account_id: string;
  description: string;
  is_dynamic: number;
  /** JSON. */
  policies: string;
  create_time: number;
  last_update_time: number;
}

export interface VerifierRow {
  verifier_id: string;
  account_id: string;
  description: string;
  /** JSON. */
  policies: string;
  create_time: number;
  last_update_time: number;
}

export type { EventColumns, EventDocument };

export interface NewEvent extends EventColumns {
  document: EventDocument;
  descriptors: DescriptorRow[];
}

export interface StoredEvent extends EventColumns {
  event_key: number;
  document: EventDocument;
}

/** As `StoredEvent`, its document unread: for whoever answers it as it is. */
export interface EventRow extends EventColumns {
  event_key: number;
  /** JSON of an `EventDocument`. */
  document: string;
}

export interface ImageRow {
  bucket: string;
  image_id: string;
  account_id: string;
  content_type: string;
  size_bytes: number;
  create_time: number;
}

export interface NewMessage {
  account_id: string;
  /** A key of the topic map in `contract/messages.ts`. */
  kind: string;
  create_time: number;
  /** JSON without the members that the publisher adds when sending (`seq`, `sent_ts`, `late`). */
  payload: string;
}

export interface MessageRow extends NewMessage {
  seq: number;
}
