/** What the embedded MQTT broker owes to subscribers that come back, and messages that could not be handed over. */
export const sql = `
CREATE TABLE broker_session (
  client_id TEXT PRIMARY KEY,
  last_seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE broker_subscription (
  client_id TEXT NOT NULL REFERENCES broker_session ON DELETE CASCADE,
  filter TEXT NOT NULL,
  qos INTEGER NOT NULL,
  PRIMARY KEY (client_id, filter)
) STRICT, WITHOUT ROWID;

-- seq: of the outbox row the message was; null for retained state.
CREATE TABLE broker_queue (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  client_id TEXT NOT NULL REFERENCES broker_session ON DELETE CASCADE,
  seq INTEGER,
  topic TEXT NOT NULL,
  payload TEXT NOT NULL,
  create_time INTEGER NOT NULL
) STRICT;
CREATE INDEX broker_queue_by_client ON broker_queue (client_id, position);

CREATE TABLE rejected_message (
  seq INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  payload TEXT NOT NULL,
  reject_time INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
`;
