/** The matcher is told of changes of a face itself as well: its plugins filter by what stands there. */
export const sql = `
CREATE TRIGGER face_changed AFTER UPDATE OF account_id, event_id, user_data, external_id, create_time ON face
  WHEN old.account_id <> new.account_id OR old.event_id IS NOT new.event_id OR old.user_data <> new.user_data
    OR old.external_id <> new.external_id OR old.create_time <> new.create_time
  BEGIN INSERT INTO match_change (origin, object_key) VALUES ('faces', new.face_key); END;
`;
