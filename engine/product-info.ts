import type { InfoMessage } from '#contract/messages';
import { productVersion } from '#contract/names';
import type { DeviceReport } from '#inference/device';

export type ProductInfo = Pick<InfoMessage, 'product' | 'version' | 'slot' | 'model' | 'hw' | 'capabilities'>;

/** What the MQTT birth document tells of the product and the box. */
export function productInfo(device: DeviceReport): ProductInfo {
  return {
    product: 'perigee',
    version: productVersion,
    slot: null,
    model: null,
    hw: { cpu: device.cpuModel || null, accel: device.chosen },
    capabilities: ['luna-api-6', 'face-events', 'exact-matching'],
  };
}
