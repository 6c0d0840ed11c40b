import type { Database } from '../database.ts';

/** Numbers from 1 for names that rows of a gallery are labelled with. A number never changes its meaning. */
export function createMatchLabelTable(db: Database) {
  const all = db.prepare<{ label: number; name: string }>('match_label.all', 'SELECT label, name FROM match_label');
  const insert = db.prepare('match_label.insert', 'INSERT INTO match_label (name) VALUES (?)');
  return {
    all: (): { label: number; name: string }[] => all.all(),
    /** Returns the number of a name that has none yet. */
    insert: (name: string): number => insert.run(name).key,
  };
}
