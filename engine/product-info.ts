import { productVersion } from '#contract/established/names';
import type { InfoMessage } from '#contract/events/messages';
import type { DeviceReport } from '#inference/device';

export type ProductInfo = Pick<InfoMessage, 'product' | 'version' | 'slot' | 'model' | 'hw' | 'capabilities'>;

/** What the MQTT birth document tells of the product and the box. `isExact`: searches never miss any of the best. */
export function productInfo(device: DeviceReport, isExact: boolean): ProductInfo {
  return {
    product: 'perigee',
    version: productVersion,
    slot: null,
    model: null,
    hw: { cpu: device.cpuModel || null, accel: device.chosen },
    capabilities: ['luna-api-6', 'face-events', isExact ? 'exact-matching' : 'approximate-matching'],
  };
}
