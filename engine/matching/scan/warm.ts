import type { Kernels } from './area.ts';

const rows = 64;
const stride = 128;

/**
 * Runs every hot kernel often on a small made-up block, so that the first search already meets optimised code (V8
 * compiles WebAssembly quickly first and well only after it has run for a while).
 */
export function warmKernels(module: WebAssembly.Module): void {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
  const start = 65536;
  const column = (n: number): number => 131072 + n * 4096;
  const [scales, squares, errors, ids, query] = [column(0), column(1), column(2), column(3), column(4)];
  const [coarse, packed, constants, counts, numbers] = [column(5), column(6), column(7), column(8), column(9)];
  const [wide, out] = [262144, 524288];
  new Int8Array(memory.buffer, start, rows * stride).fill(1);
  new Int16Array(memory.buffer, query, 4 * stride).fill(1);
  new Uint8Array(memory.buffer, coarse, 4 * stride).fill(33);
  const columns = [start, stride, scales, squares, errors];
  for (let i = 0; i < 300; i++) {
    for (const scan of [kernels.scanCosine, kernels.scanEuclidean]) {
      scan(...columns, 0, rows, query, coarse, constants, 0, out);
    }
    kernels.packFour(coarse, stride, packed);
    for (const scan of [kernels.scanBatchCosine, kernels.scanBatchEuclidean]) {
      scan(...columns, 0, rows, 0, query, packed, constants, 1, 0, numbers, out, rows * 8, counts);
    }
    for (const scan of [kernels.scanIdsCosine, kernels.scanIdsEuclidean]) {
      scan(...columns, ids, rows, query, 1, 1, 1, out);
    }
    kernels.widen(...columns, 0, rows, 0, wide, numbers);
  }
}
