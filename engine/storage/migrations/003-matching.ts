/** "Not this person", and the numbers the matcher labels its rows with. */
export const sql = `
-- Two objects that are not the same person: a face and another face, or a face and the face of an event. The event's
-- descriptors are kept, so that the rejection outlives the event. Keys of events are never used again.
CREATE TABLE rejection (
  rejection_key INTEGER PRIMARY KEY AUTOINCREMENT,
  rejection_id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL,
  face_key INTEGER NOT NULL REFERENCES face ON DELETE CASCADE,
  other_face_key INTEGER REFERENCES face ON DELETE CASCADE,
  event_key INTEGER,
  event_id TEXT,
  create_time INTEGER NOT NULL,
  CHECK ((other_face_key IS NULL) <> (event_key IS NULL)),
  CHECK ((event_key IS NULL) = (event_id IS NULL)),
  CHECK (other_face_key IS NULL OR face_key < other_face_key)
) STRICT;
CREATE UNIQUE INDEX rejection_of_faces ON rejection (face_key, other_face_key) WHERE other_face_key IS NOT NULL;
CREATE UNIQUE INDEX rejection_of_event ON rejection (face_key, event_key) WHERE event_key IS NOT NULL;
CREATE INDEX rejection_by_other_face ON rejection (other_face_key) WHERE other_face_key IS NOT NULL;
CREATE INDEX rejection_by_event ON rejection (event_key) WHERE event_key IS NOT NULL;
CREATE INDEX rejection_by_account ON rejection (account_id, rejection_key);

CREATE TABLE rejection_descriptor (
  rejection_key INTEGER NOT NULL REFERENCES rejection ON DELETE CASCADE,
  version INTEGER NOT NULL,
  score REAL NOT NULL,
  vector BLOB NOT NULL,
  PRIMARY KEY (rejection_key, version)
) STRICT;

-- A number for each account and list; never used for another one, since snapshots of the galleries hold them.
CREATE TABLE match_label (
  label INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
) STRICT;
`;
