import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { productInfo } from './product-info.ts';

const device = { cpuModel: 'x', chosen: 'cpu' } as Parameters<typeof productInfo>[0];
const info = suite('product info');

info('exact matching is announced only where no search may miss anybody', () => {
  assert.ok(productInfo(device, true).capabilities.includes('exact-matching'));
  assert.equal(productInfo(device, false).capabilities, ['luna-api-6', 'face-events', 'approximate-matching']);
});

info.run();
