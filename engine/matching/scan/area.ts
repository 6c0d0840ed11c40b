type Scan1 = (...args: number[]) => number;

/** The exports of `kernels/matching.ts`; all arguments are byte addresses or numbers. */
export interface Kernels {
  scanCosine: Scan1;
  scanEuclidean: Scan1;
  scanIdsCosine: Scan1;
  scanIdsEuclidean: Scan1;
  widen: (...args: number[]) => void;
  packFour: (...args: number[]) => void;
  scanBatchCosine: Scan1;
  scanBatchEuclidean: Scan1;
  select: (...args: number[]) => number;
  listBits: (...args: number[]) => void;
  assignFour: (...args: number[]) => void;
}

/** One memory of a gallery: its kernels and its bytes as numbers. */
export interface Area {
  readonly kernels: Kernels;
  readonly i8: Int8Array;
  readonly u8: Uint8Array;
  readonly i16: Int16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly u16: Uint16Array;
}

export function openAreas(memories: readonly WebAssembly.Memory[], module: WebAssembly.Module): Area[] {
  return memories.map((memory) => {
    const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
    const { buffer } = memory;
    return {
      kernels,
      i8: new Int8Array(buffer),
      u8: new Uint8Array(buffer),
      i16: new Int16Array(buffer),
      i32: new Int32Array(buffer),
      u32: new Uint32Array(buffer),
      f32: new Float32Array(buffer),
      f64: new Float64Array(buffer),
      u16: new Uint16Array(buffer),
    };
  });
}
