import type { BootSettings } from '#contract/settings/boot-settings';
import type { Engine } from '#engine';

/** What the daemon prints once it serves: where to reach it, where it keeps its data, what it computes on and why. */
export function readyBlock(facts: {
  rest: string;
  ownPorts: readonly { service: string; address: string }[];
  mqtt: string;
  /** What the integrator should know about who may listen; null when there is nothing to say. */
  mqttWarning: string | null;
  settings: BootSettings;
  device: ReturnType<Engine['device']>;
}): string {
  const { device } = facts;
  const others = device.detected
    .filter(({ name, usable }) => name !== device.chosen && !usable)
    .map(({ name, reason }) => `${name}: ${reason}`);
  const rows: [string, string][] = [
    ['REST', `${facts.rest}  (documentation: ${facts.rest}/docs/spec)`],
    ['MQTT', facts.mqtt],
    ...(facts.mqttWarning === null ? [] : [['', facts.mqttWarning] as [string, string]]),
    ['Data', facts.settings.data_dir],
    ...facts.ownPorts.map(({ service, address }, i): [string, string] => [
      i === 0 ? 'LP5 ports' : '',
      `${address}  (${service})`,
    ]),
    ['Inference', `${device.chosen} (${device.reason})`],
    ...others.map((text): [string, string] => ['', text]),
  ];
  return `Perigee is ready\n${rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}\n`).join('')}`;
}
