import * as z from 'zod';

/** Settings of the Python Matcher Proxy. Off by default: then every caller asks the Python Matcher itself. */
export const MatcherProxySettings = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Matching goes through the proxy'),
    plugins: z
      .array(z.string().min(1).max(256))
      .max(16)
      .default([])
      .describe(
        'Names of shipped plugins (thin, pgvector), or files of own ones, in the order in which ties are decided',
      ),
    plugin_timeout_ms: z
      .int()
      .min(1)
      .max(60_000)
      .default(5000)
      .describe('Longest answer of a plugin before the Python Matcher answers, from the moment when it is asked'),
    plugin_concurrency: z
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe('Calls of a plugin at a time, unless it says itself how many it takes (pgvector: its connections)'),
    plugin_waiting: z
      .int()
      .min(0)
      .max(100_000)
      .default(100)
      .describe('Calls that wait for their turn at a plugin; the Python Matcher answers what is beyond'),
    check_every: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(100)
      .describe(
        'One of so many answers of a plugin is compared with that of the Python Matcher, to see what the plugin ' +
          'leaves out; 1: all, 0: none. Plugins that say that they are approximate are not compared',
      ),
    init_timeout_ms: z
      .int()
      .min(1)
      .max(600_000)
      .default(60_000)
      .describe('Longest start of a plugin; one that takes longer stays off'),
    failures_before_pause: z.int().min(1).max(1000).default(3).describe('Failures in a row until a plugin rests'),
    pause_seconds: z
      .number()
      .min(0)
      .max(86_400)
      .default(30)
      .describe('How long it rests; then it gets one call at a time until one goes well'),
    plugin_settings: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("A plugin's own settings by its name, for example thin: {list_ids: [...]}"),
  })
  .prefault({});
export type MatcherProxySettings = z.infer<typeof MatcherProxySettings>;
