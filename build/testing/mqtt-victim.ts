/**
 * An appliance without networks that makes events as fast as it can, until somebody kills it. Prints the id of every
 * event whose transaction is committed, one a line: that is what a REST client would have been told.
 *
 * usage: mqtt-victim.ts DIR PORT [BROKER-URL]
 */
import { writeSync } from 'node:fs';
import { createMqttAppliance } from './mqtt-appliance.ts';

const [dir = '', port = '', mqttUrl] = process.argv.slice(2);
const appliance = createMqttAppliance({ dir, port: Number(port), ...(mqttUrl && { mqttUrl }) });
await appliance.mqtt.start();
writeSync(1, 'ready\n');
for (;;) {
  for (const id of appliance.emit(3)) writeSync(1, `${id}\n`);
  await new Promise((resolve) => setTimeout(resolve, 2));
}
