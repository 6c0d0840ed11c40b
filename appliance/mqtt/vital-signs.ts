import { readFileSync } from 'node:fs';
import { diskSpace } from '#kernel/disk-space';

/** What the process and the box tell of themselves. Null is "not measured". */
export function createVitalSigns(dataDir: string, now: () => number = () => performance.now()) {
  let before = { atMs: now(), cpu: process.cpuUsage() };
  return (): {
    uptime_s: number;
    cpu: number | null;
    rss_mb: number;
    disk_free_mb: number | null;
    temp_c: number | null;
  } => {
    const spent = process.cpuUsage(before.cpu);
    const passedMs = now() - before.atMs;
    before = { atMs: now(), cpu: process.cpuUsage() };
    return {
      uptime_s: Math.round(process.uptime()),
      cpu: passedMs > 0 ? Math.round((spent.user + spent.system) / 10 / passedMs) / 100 : null,
      rss_mb: Math.round(process.memoryUsage.rss() / 2 ** 20),
      disk_free_mb: freeMb(dataDir),
      temp_c: temperature(),
    };
  };
}

function freeMb(dir: string): number | null {
  const space = diskSpace(dir);
  return space && Math.round(space.freeBytes / 2 ** 20);
}

/** Of the first thermal zone, in degrees Celsius; many boxes have none. */
function temperature(): number | null {
  try {
    const milli = Number(readFileSync('/sys/class/thermal/thermal_zone0/temp', 'utf8'));
    return Number.isFinite(milli) ? Math.round(milli / 100) / 10 : null;
  } catch {
    return null;
  }
}
