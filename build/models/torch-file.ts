import type { WeightTensor } from '../networks/weights.ts';
import { type Pickled, PickleError, type PickleRules, readPickle } from './pickle.ts';

/**
 * Weights of a file that PyTorch before 1.6 saved: five pickles (magic number, protocol, system, the dictionary of
 * tensors, the keys of the storages), then the storages, each an int64 count and its values.
 */
const magicNumber = 0x1950a86a20f9469cfc6cn;
const fileProtocol = 1001;
const bytesOf: Readonly<Record<string, number>> = { 'torch.FloatStorage': 4, 'torch.LongStorage': 8 };
const mostValues = 256 * 1024 * 1024;

interface Storage {
  readonly type: string;
  readonly key: string;
  readonly count: number;
  values?: Float32Array;
}

interface StoredTensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: number[];
}

function numberOf(value: Pickled | undefined): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
    throw new PickleError('a size in the file is no whole number');
  }
  return number;
}

function made<T>(value: Pickled | undefined, what: string): T {
  if (typeof value !== 'object' || value === null || !('made' in value)) throw new PickleError(`${what} is missing`);
  return value.made as T;
}

function rulesOf(storages: Map<string, Storage>): PickleRules {
  return {
    allowed: new Set(['collections.OrderedDict', 'torch._utils._rebuild_tensor_v2', ...Object.keys(bytesOf)]),
    reduce(name, args) {
      if (name === 'collections.OrderedDict') return new Map();
      if (name !== 'torch._utils._rebuild_tensor_v2') throw new PickleError(`'${name}' is no function`);
      const [storage, offset, size, stride] = args;
      if (!Array.isArray(size) || !Array.isArray(stride)) throw new PickleError('a tensor has no shape');
      const shape = size.map(numberOf);
      const steps = stride.map(numberOf);
      let step = 1;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        if (shape[axis] !== 1 && steps[axis] !== step) throw new PickleError('a tensor is not contiguous');
        step *= shape[axis] as number;
      }
      const tensor: StoredTensor = { storage: made(storage, 'a storage'), offset: numberOf(offset), shape };
      return { made: tensor };
    },
    persistent(id) {
      const [kind, type, key, , count] = Array.isArray(id) ? id : [];
      const name = typeof type === 'object' && type !== null && 'global' in type ? type.global : '';
      if (kind !== 'storage' || !(name in bytesOf) || typeof key !== 'string') {
        throw new PickleError('a reference in the file is none to a storage');
      }
      const storage = storages.get(key) ?? { type: name, key, count: numberOf(count) };
      storages.set(key, storage);
      return { made: storage };
    },
  };
}

function fillStorages(bytes: Uint8Array, start: number, keys: Pickled, storages: Map<string, Storage>): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  if (!Array.isArray(keys)) throw new PickleError('the file has no list of storages');
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage || storage.values) throw new PickleError('the file has a storage that nothing refers to');
    if (at + 8 > bytes.length) throw new PickleError('the file ends before its weights');
    const count = Number(view.getBigInt64(at, true));
    at += 8;
    const width = bytesOf[storage.type] as number;
    if (count !== storage.count || count > mostValues || at + count * width > bytes.length) {
      throw new PickleError(`storage '${storage.key}' has not the size that the file says`);
    }
    // Whole numbers are counters of the training; nothing of the network reads them.
    storage.values =
      width === 4
        ? new Float32Array(Uint8Array.from(bytes.subarray(at, at + count * 4)).buffer)
        : new Float32Array(count);
    at += count * width;
  }
  if (at !== bytes.length) throw new PickleError(`${bytes.length - at} bytes at the end of the file belong to nothing`);
}

/** Tensors by name, without the prefix of parallel training. Throws `PickleError`. */
export function readTorchFile(bytes: Uint8Array): Map<string, WeightTensor> {
  const storages = new Map<string, Storage>();
  const rules = rulesOf(storages);
  let at = 0;
  const next = (): Pickled => {
    const { value, end } = readPickle(bytes, at, rules);
    at = end;
    return value;
  };
  if (next() !== magicNumber || next() !== fileProtocol) throw new PickleError('not a file of PyTorch before 1.6');
  next();
  const tensors = next();
  const keys = next();
  fillStorages(bytes, at, keys, storages);
  if (!(tensors instanceof Map)) throw new PickleError('the file holds no dictionary of tensors');
  const weights = new Map<string, WeightTensor>();
  for (const [name, value] of tensors) {
    if (typeof name !== 'string') throw new PickleError('a tensor has no name');
    const { storage, offset, shape } = made<StoredTensor>(value, `tensor '${name}'`);
    const count = shape.reduce((product, side) => product * side, 1);
    const data = storage.values?.subarray(offset, offset + count);
    if (data?.length !== count) throw new PickleError(`tensor '${name}' is longer than its storage`);
    weights.set(name.replace(/^module\./, ''), { shape, data });
  }
  return weights;
}
