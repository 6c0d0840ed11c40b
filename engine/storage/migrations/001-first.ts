/** The first schema. Times are milliseconds since 1970; ids are lower-case UUID text; vectors are f32 little-endian. */
export const sql = `
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE list (
  list_id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  user_data TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  last_update_time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX list_by_account ON list (account_id, create_time);

CREATE TABLE face (
  face_key INTEGER PRIMARY KEY AUTOINCREMENT,
  face_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  event_id TEXT,
  user_data TEXT NOT NULL,
  external_id TEXT NOT NULL,
  avatar TEXT NOT NULL,
  create_time INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX face_by_id ON face (face_id);
CREATE INDEX face_by_account ON face (account_id, create_time);
CREATE INDEX face_by_time ON face (create_time);
CREATE INDEX face_by_external_id ON face (external_id, create_time) WHERE external_id <> '';
CREATE INDEX face_by_user_data ON face (user_data, create_time) WHERE user_data <> '';
CREATE INDEX face_by_event ON face (event_id, create_time) WHERE event_id IS NOT NULL;

CREATE TABLE list_face (
  list_id TEXT NOT NULL REFERENCES list ON DELETE CASCADE,
  face_key INTEGER NOT NULL REFERENCES face ON DELETE CASCADE,
  PRIMARY KEY (list_id, face_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_face_by_face ON list_face (face_key);

CREATE TABLE face_attribute (
  face_key INTEGER PRIMARY KEY REFERENCES face ON DELETE CASCADE,
  age INTEGER,
  gender INTEGER,
  ethnic_group INTEGER,
  basic_attributes_samples TEXT NOT NULL,
  face_descriptor_samples TEXT NOT NULL,
  create_time INTEGER NOT NULL
) STRICT;

CREATE TABLE face_descriptor (
  face_key INTEGER NOT NULL REFERENCES face ON DELETE CASCADE,
  version INTEGER NOT NULL,
  score REAL,
  vector BLOB NOT NULL,
  PRIMARY KEY (face_key, version)
) STRICT;

CREATE TABLE attribute (
  attribute_key INTEGER PRIMARY KEY AUTOINCREMENT,
  attribute_id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  expire_time INTEGER NOT NULL,
  age INTEGER,
  gender INTEGER,
  ethnic_group INTEGER,
  basic_attributes_samples TEXT NOT NULL,
  face_descriptor_samples TEXT NOT NULL
) STRICT;
CREATE INDEX attribute_by_expiry ON attribute (expire_time);

CREATE TABLE attribute_descriptor (
  attribute_key INTEGER NOT NULL REFERENCES attribute ON DELETE CASCADE,
  version INTEGER NOT NULL,
  score REAL,
  vector BLOB NOT NULL,
  PRIMARY KEY (attribute_key, version)
) STRICT;

CREATE TABLE handler (
  handler_id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  description TEXT NOT NULL,
  is_dynamic INTEGER NOT NULL,
  policies TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  last_update_time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX handler_by_account ON handler (account_id, create_time);

CREATE TABLE verifier (
  verifier_id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  description TEXT NOT NULL,
  policies TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  last_update_time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX verifier_by_account ON verifier (account_id, create_time);

CREATE TABLE event (
  event_key INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  handler_id TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  end_time INTEGER NOT NULL,
  insert_time INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  user_data TEXT NOT NULL,
  source TEXT,
  track_id TEXT,
  stream_id TEXT,
  face_id TEXT,
  gender INTEGER,
  age INTEGER,
  emotion INTEGER,
  ethnic_group INTEGER,
  mask INTEGER,
  liveness INTEGER,
  top_label TEXT,
  top_similarity REAL,
  top_object_id TEXT,
  top_object_type TEXT,
  top_external_id TEXT,
  city TEXT,
  area TEXT,
  district TEXT,
  street TEXT,
  house_number TEXT,
  longitude REAL,
  latitude REAL,
  -- JSON: attach_result, match_result, face_detections, body_detections, tags, meta
  document TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX event_by_id ON event (event_id);
CREATE INDEX event_by_account ON event (account_id, create_time);
CREATE INDEX event_by_time ON event (create_time);
CREATE INDEX event_by_handler ON event (handler_id, create_time);
CREATE INDEX event_by_source ON event (source, create_time) WHERE source IS NOT NULL;
CREATE INDEX event_by_face ON event (face_id, create_time) WHERE face_id IS NOT NULL;
CREATE INDEX event_by_top_object ON event (top_object_id, create_time) WHERE top_object_id IS NOT NULL;
CREATE INDEX event_by_track ON event (track_id, create_time) WHERE track_id IS NOT NULL;
CREATE INDEX event_by_external_id ON event (external_id, create_time) WHERE external_id <> '';

CREATE TABLE event_tag (
  tag TEXT NOT NULL,
  event_key INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
  PRIMARY KEY (tag, event_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_tag_by_event ON event_tag (event_key);

CREATE TABLE event_descriptor (
  event_key INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
  version INTEGER NOT NULL,
  score REAL,
  vector BLOB NOT NULL,
  PRIMARY KEY (event_key, version)
) STRICT;

CREATE TABLE image (
  bucket TEXT NOT NULL,
  image_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  create_time INTEGER NOT NULL,
  PRIMARY KEY (bucket, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_by_time ON image (bucket, create_time);

-- Messages that wait for the broker's acknowledgement. A seq is never used twice, and a rolled back one is not lost.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  payload TEXT NOT NULL
) STRICT;

-- What the matcher has to read again, in order; written by triggers in the transaction of the change itself.
CREATE TABLE match_change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  origin TEXT NOT NULL CHECK (origin IN ('faces', 'events')),
  object_key INTEGER NOT NULL
) STRICT;
CREATE TRIGGER face_descriptor_added AFTER INSERT ON face_descriptor
  BEGIN INSERT INTO match_change (origin, object_key) VALUES ('faces', new.face_key); END;
CREATE TRIGGER face_descriptor_changed AFTER UPDATE ON face_descriptor
  BEGIN INSERT INTO match_change (origin, object_key) VALUES ('faces', new.face_key); END;
CREATE TRIGGER face_descriptor_removed AFTER DELETE ON face_descriptor
  BEGIN INSERT INTO match_change (origin, object_key) VALUES ('faces', old.face_key); END;
CREATE TRIGGER list_face_added AFTER INSERT ON list_face
  BEGIN INSERT INTO match_change (origin, object_key) VALUES ('faces', new.face_key); END;
CREATE TRIGGER list_face_removed AFTER DELETE ON list_face
  BEGIN INSERT INTO match_change (origin, object_key) VALUES ('faces', old.face_key); END;
CREATE TRIGGER event_descriptor_added AFTER INSERT ON event_descriptor
  BEGIN INSERT INTO match_change (origin, object_key) VALUES ('events', new.event_key); END;
CREATE TRIGGER event_descriptor_removed AFTER DELETE ON event_descriptor
  BEGIN INSERT INTO match_change (origin, object_key) VALUES ('events', old.event_key); END;
`;
