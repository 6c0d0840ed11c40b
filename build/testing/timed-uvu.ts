/** uvu with a time-out per test, which uvu itself does not have. Test files get it in place of `uvu` (`run-file.ts`). */
import * as uvu from 'uvu';

const testTimeoutMs = Number(process.env['PERIGEE_TEST_TIMEOUT_MS'] ?? 60_000);

// biome-ignore lint/suspicious/noExplicitAny: uvu's own handler type is contextual; it is passed through unchanged.
type Handler = (context: any) => Promise<void> | void;

function timed(name: string, handler: Handler): Handler {
  return async (context) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`'${name}' took longer than ${testTimeoutMs} ms`)), testTimeoutMs);
    });
    try {
      await Promise.race([handler(context), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

export function suite(name?: string): uvu.Test {
  const inner = uvu.suite(name);
  const outer = ((testName: string, handler: Handler) => inner(testName, timed(testName, handler))) as uvu.Test;
  return Object.assign(outer, {
    only: (testName: string, handler: Handler) => inner.only(testName, timed(testName, handler)),
    skip: inner.skip,
    before: inner.before,
    after: inner.after,
    run: inner.run,
  });
}

export const test = suite();
export const exec: (bail?: boolean) => Promise<void> = uvu.exec;
