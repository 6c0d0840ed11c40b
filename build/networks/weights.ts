/**
 * Weights as TensorFlow.js stores them: a manifest of names and shapes, and one binary with the tensors in that order,
 * each either raw, as IEEE half floats, or as 8 or 16 bit steps between a minimum and a maximum.
 */
export interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly quantization?: {
    readonly dtype: 'float16' | 'uint8' | 'uint16';
    readonly scale?: number;
    readonly min?: number;
  };
}

export interface WeightTensor {
  readonly shape: readonly number[];
  /** int32 tensors too: they are small shapes and axes. */
  readonly data: Float32Array;
}

const storedBytes = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1 } as const;

/** IEEE 754 binary16 to number. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let halfTable: Float32Array | undefined;
function halves(): Float32Array {
  halfTable ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfToFloat(bits));
  return halfTable;
}

function decode(entry: ManifestEntry, bytes: Uint8Array<ArrayBuffer>, count: number): Float32Array {
  const stored = entry.quantization?.dtype ?? entry.dtype;
  if (stored === 'float32') return new Float32Array(bytes.buffer);
  if (stored === 'int32') return Float32Array.from(new Int32Array(bytes.buffer));
  const steps = stored === 'uint8' ? bytes : new Uint16Array(bytes.buffer);
  const data = new Float32Array(count);
  if (stored === 'float16') {
    const table = halves();
    for (let i = 0; i < count; i++) data[i] = table[steps[i] as number] as number;
    return data;
  }
  const { scale = 1, min = 0 } = entry.quantization ?? {};
  for (let i = 0; i < count; i++) data[i] = (steps[i] as number) * scale + min;
  return entry.dtype === 'int32' ? data.map(Math.round) : data;
}

/** Throws when the binary is longer or shorter than the manifest says. */
export function readWeights(entries: readonly ManifestEntry[], binary: Uint8Array): Map<string, WeightTensor> {
  const tensors = new Map<string, WeightTensor>();
  let offset = 0;
  for (const entry of entries) {
    const count = entry.shape.reduce((product, side) => product * side, 1);
    const sizeBytes = count * storedBytes[entry.quantization?.dtype ?? entry.dtype];
    // A copy of its own: the views above need their alignment.
    const bytes = Uint8Array.from(binary.subarray(offset, offset + sizeBytes));
    if (bytes.length !== sizeBytes) throw new Error(`the weights end inside '${entry.name}'`);
    tensors.set(entry.name, { shape: entry.shape, data: decode(entry, bytes, count) });
    offset += sizeBytes;
  }
  if (offset !== binary.length) throw new Error(`${binary.length - offset} bytes of weights belong to no tensor`);
  return tensors;
}
