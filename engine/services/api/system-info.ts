import { cpus, freemem, loadavg, release, totalmem, uptime } from 'node:os';
import { cpu, graphics, osInfo } from 'systeminformation';
import type { DeviceReport } from '#inference/device';
import { diskSpace } from '#kernel/disk-space';

/** What the box is made of. Empty strings and null where the machine does not tell. */
export interface Hardware {
  os: string;
  kernel: string;
  cpu: string;
  cores: number;
  graphics: string[];
}

export interface SystemInfo {
  hardware: Hardware;
  uptime_s: number;
  load: number[];
  memory: { total_bytes: number; free_bytes: number; rss_bytes: number };
  disk: { total_bytes: number; free_bytes: number } | null;
  inference: DeviceReport;
}

/** Asks the machine once for what does not change, each time for the rest. Never throws: a missing tool is a blank. */
export function createSystemInfo(deps: { dataDir: string; device: () => DeviceReport }): {
  read(): Promise<SystemInfo>;
} {
  let hardware: Promise<Hardware> | undefined;
  const readHardware = async (): Promise<Hardware> => {
    const [system, processor, cards] = await Promise.all([
      osInfo().catch(() => undefined),
      cpu().catch(() => undefined),
      graphics().catch(() => undefined),
    ]);
    return {
      os: [system?.distro, system?.release].filter(Boolean).join(' '),
      kernel: release(),
      cpu: [processor?.manufacturer, processor?.brand].filter(Boolean).join(' ') || (cpus()[0]?.model ?? ''),
      cores: cpus().length,
      graphics: (cards?.controllers ?? []).map((card) => [card.vendor, card.model].filter(Boolean).join(' ')),
    };
  };
  return {
    async read() {
      hardware ??= readHardware();
      const disk = diskSpace(deps.dataDir);
      return {
        hardware: await hardware,
        uptime_s: Math.round(uptime()),
        load: loadavg(),
        memory: { total_bytes: totalmem(), free_bytes: freemem(), rss_bytes: process.memoryUsage.rss() },
        disk: disk && { total_bytes: disk.totalBytes, free_bytes: disk.freeBytes },
        inference: deps.device(),
      };
    },
  };
}
