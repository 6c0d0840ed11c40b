// Loaded into a daemon that is measured (`node --import`): on SIGUSR2 it tells how long its main thread was held up since
// the last time, as a line `loop-delay-p99-ms NUMBER` on stderr.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('SIGUSR2', () => {
    process.stderr.write(`loop-delay-p99-ms ${delay.percentile(99) / 1e6}\n`);
    delay.reset();
  });
}
