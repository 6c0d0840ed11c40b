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
  const [scales, squares, errors, ids, query, out, constants, counts, numbers] = Array.from({ length: 9 }, (_, n) =>
    column(n),
  ) as [number, number, number, number, number, number, number, number, number];
  const wide = 262144;
  new Int8Array(memory.buffer, start, rows * stride).fill(1);
  new Int16Array(memory.buffer, query, 4 * stride).fill(1);
  const columns = [start, stride, scales, squares, errors];
  for (let i = 0; i < 300; i++) {
    for (const scan of [kernels.scanCosine, kernels.scanEuclidean]) scan(...columns, 0, rows, query, 1, 1, 1, 0, out);
    kernels.widen(...columns, 0, rows, 0, wide, numbers);
    for (const scan of [kernels.scanFourCosine, kernels.scanFourEuclidean]) {
      scan(wide, numbers, stride, 0, rows, 0, query, constants, 0, out, rows * 8, counts);
    }
    for (const scan of [kernels.scanIdsCosine, kernels.scanIdsEuclidean])
      scan(...columns, ids, rows, query, 1, 1, 1, out);
  }
}
