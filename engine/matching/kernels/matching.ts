/**
 * AssemblyScript (not TypeScript): the loops of the matcher. `build/kernels/compile.ts` makes `matching.wasm` of this
 * file and what it imports. What a loop calls from another file is inlined: the split costs nothing.
 *
 * A row is `stride` int8 values (a multiple of 16, zero-padded) with three numbers beside it: scale (f32), sum of the
 * squared int8 values (u32) and error (bf16 in a u16, rounded up). A query is `stride` int16 values. The integer dot
 * product is exact: `quantise.ts` bounds |query| so that no partial sum leaves int32.
 *
 * Each kernel drops a row only when its upper bound lies below the query's threshold and reports every other row as a
 * pair (row index, integer dot product) of i32. The two tests, with the constants of `quantise.ts`:
 *   cosine     drop when  scale * dot + error * a < b
 *   euclidean  drop when  (scale^2 * squares) * shrink + a > (error + b)^2 + 2 * scale * dot * c
 * Any comparison with NaN is false, so a row that cannot be judged is reported, never dropped.
 */

export { scanCosine, scanEuclidean } from './scan-one';
export { scanIdsCosine, scanIdsEuclidean } from './scan-ids';
export { packFour } from './coarse';
export { scanBatchCosine, scanBatchEuclidean } from './scan-batch';
export { widen } from './widen';
export { assignFour } from './assign-four';
export { select, listBits } from './select';
