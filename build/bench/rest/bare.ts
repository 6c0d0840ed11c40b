/** SQLite and nothing else: what an answer cannot be faster than. */
import BetterSqlite3 from 'better-sqlite3';
import { type Param, questionsFor } from './questions.ts';

/** Reads the database beside the appliance, with as much cache. `answer` takes the number of the question. */
export function openBareDatabase(file: string, rows: number) {
  const connection = new BetterSqlite3(file, { readonly: true });
  connection.pragma('cache_size = -65536');
  const statements = questionsFor(rows).map(({ sql, single }) => ({ single, statement: connection.prepare(sql) }));
  return {
    answer(question: string | number, params: readonly Param[]): unknown {
      const found = statements[Number(question)];
      if (!found) throw new Error(`there is no question ${question}`);
      return found.single ? found.statement.get(...params) : found.statement.all(...params);
    },
    close: () => void connection.close(),
  };
}
