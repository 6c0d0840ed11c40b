/**
 * uvu with what it does not have itself: a time-out per test, failures of `before` that are told, reasons of skips, and
 * suites that nobody ran. Test files get it in place of `uvu` (`run-file.ts`).
 */
import * as uvu from 'uvu';

const testTimeoutMs = Number(process.env['PERIGEE_TEST_TIMEOUT_MS'] ?? 60_000);

// biome-ignore lint/suspicious/noExplicitAny: uvu's own handler type is contextual; it is passed through unchanged.
type Handler = (context: any) => Promise<void> | void;

/** What there is to say of a suite when all is over. */
interface SuiteState {
  readonly name: string;
  tests: number;
  isRun: boolean;
  /** What `before` threw. uvu drops it, with all tests of the suite; here it fails each of them. */
  setUp: { error: unknown } | null;
}

const suites: SuiteState[] = [];

function timed(name: string, handler: Handler, state: SuiteState): Handler {
  return async (context) => {
    if (state.setUp) throw state.setUp.error;
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

export function suite(name = ''): uvu.Test {
  const inner = uvu.suite(name);
  const state: SuiteState = { name, tests: 0, isRun: false, setUp: null };
  suites.push(state);
  const register = (into: (testName: string, handler: Handler) => void) => (testName: string, handler: Handler) => {
    state.tests++;
    into(testName, timed(testName, handler, state));
  };
  const before = (hook: Handler) =>
    inner.before(async (context) => {
      try {
        if (!state.setUp) await hook(context);
      } catch (error) {
        state.setUp = { error };
      }
    });
  const after = (hook: Handler) =>
    inner.after(async (context) => {
      // What `before` did not make cannot be closed: that is no second failure.
      if (state.setUp)
        await Promise.resolve(context)
          .then(hook)
          .catch(() => undefined);
      else await hook(context);
    });
  return Object.assign(register(inner) as uvu.Test, {
    only: register(inner.only),
    /** `reason` stands beside the sum of the run. */
    skip: (testName: string, reason?: unknown) => {
      if (typeof reason !== 'string') throw new Error(`'${testName}' is skipped without a reason`);
      state.tests++;
      console.log(`skipped: ${testName}: ${reason}`);
      inner.skip(testName);
    },
    before: Object.assign(before, { each: inner.before.each }),
    after: Object.assign(after, { each: inner.after.each }),
    run: () => {
      state.isRun = true;
      inner.run();
    },
  }) as uvu.Test;
}

export const test = suite();
export const exec: (bail?: boolean) => Promise<void> = uvu.exec;

/** Suites that have tests and were not run, as lines for the reader. */
export function suitesNotRun(): string[] {
  return suites
    .filter(({ tests, isRun }) => tests > 0 && !isRun)
    .map(({ name, tests }) => `suite '${name}' has ${tests} tests and no .run()`);
}
