import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PickleError, readPickle } from './pickle.ts';
import { readTorchFile } from './torch-file.ts';

const text = (value: string): number[] => {
  const bytes = [...Buffer.from(value)];
  return [0x58, bytes.length, 0, 0, 0, ...bytes];
};
const global = (module: string, name: string): number[] => [0x63, ...Buffer.from(`${module}\n${name}\n`)];
const start = [0x80, 2];
const end = 0x2e;
const magic = [...start, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, end];
const protocol = [...start, 0x4d, 0xe9, 0x03, end];
const system = [...start, 0x7d, end];

const rules = {
  allowed: new Set(['collections.OrderedDict']),
  reduce: () => new Map(),
  persistent: () => null,
};
const read = (...bytes: number[]) => readPickle(Uint8Array.from(bytes), 0, rules).value;

function int64(value: number): number[] {
  return [...new Uint8Array(BigInt64Array.of(BigInt(value)).buffer)];
}

interface TensorSpec {
  name?: string;
  shape?: number[];
  stride?: number[];
  count?: number;
  offset?: number;
  module?: string;
  type?: string;
}

/** A dictionary of one tensor, as `torch.save` wrote it. */
function torchFile(spec: TensorSpec, values: number[], stored = values.length): Uint8Array {
  const { name = 'module.a.weight', shape = [2], stride = [1], count = values.length, offset = 0 } = spec;
  const tuple = (items: number[]): number[] => [0x28, ...items.flatMap((item) => [0x4b, item]), 0x74];
  const storage = [
    0x28,
    ...text('storage'),
    ...global('torch', spec.type ?? 'FloatStorage'),
    ...text('7'),
    ...text('cpu'),
    0x4b,
    count,
    0x4e,
    0x74,
    0x51,
  ];
  const tensor = [
    ...global(spec.module ?? 'torch._utils', '_rebuild_tensor_v2'),
    ...[0x28, ...storage, 0x4b, offset, ...tuple(shape), ...tuple(stride), 0x89, 0x4e, 0x74, 0x52],
  ];
  const dictionary = [
    ...start,
    ...global('collections', 'OrderedDict'),
    0x29,
    0x52,
    ...text(name),
    ...tensor,
    0x73,
    end,
  ];
  const keys = [...start, 0x5d, 0x28, ...text('7'), 0x65, end];
  const data = [...new Uint8Array(Float32Array.from(values).buffer)];
  return Uint8Array.from([...magic, ...protocol, ...system, ...dictionary, ...keys, ...int64(stored), ...data]);
}

const pickles = suite('pickle reader');

pickles('numbers, texts, lists, tuples and dictionaries are read', () => {
  assert.is(read(...start, 0x4b, 7, end), 7);
  assert.is(read(...start, 0x4a, 0xff, 0xff, 0xff, 0xff, end), -1);
  assert.is(read(...start, 0x8a, 2, 0, 0xff, end), -256n);
  assert.equal(read(...start, ...text('é'), 0x88, 0x86, end), ['é', true]);
  assert.equal(read(...start, 0x7d, ...text('a'), 0x4b, 1, 0x73, end), new Map([['a', 1]]));
  assert.equal(read(...start, 0x5d, 0x71, 0, 0x28, 0x4b, 1, 0x4b, 2, 0x65, 0x68, 0, 0x86, end), [
    [1, 2],
    [1, 2],
  ]);
});

pickles('a name that is not allowed is refused before anything is called', () => {
  for (const [module, name] of [
    ['os', 'system'],
    ['builtins', 'eval'],
    ['posix', 'system'],
    ['torch', 'load'],
    ['collections', 'OrderedDict.__init__'],
    ['__proto__', 'constructor'],
  ] as const) {
    assert.throws(
      () => read(...start, ...global(module, name), ...text('true'), 0x85, 0x52, end),
      (error: Error) => error instanceof PickleError && error.message.includes(`'${module}.${name}'`),
    );
  }
});

pickles('every cut, every wild byte and every unknown instruction is an error of ours', () => {
  const whole = torchFile({}, [1.5, -2]);
  for (let length = 0; length < whole.length; length++) {
    assert.throws(
      () => readTorchFile(whole.subarray(0, length)),
      (error: Error) => error instanceof PickleError,
    );
  }
  for (let at = 0; at < whole.length; at++) {
    for (const value of [0, 0x28, 0x52, 0x75, 0x62, 0xff]) {
      const changed = Uint8Array.from(whole);
      changed[at] = value;
      try {
        readTorchFile(changed);
      } catch (error) {
        assert.instance(error, PickleError, `byte ${at} = ${value}: ${(error as Error).stack}`);
      }
    }
  }
});

pickles('instructions without their operands are refused', () => {
  for (const code of [0x52, 0x62, 0x75, 0x73, 0x65, 0x61, 0x51, 0x74, 0x85, 0x87, 0x71, end]) {
    assert.throws(() => read(...start, code, end), /stack is empty|no mark/);
  }
  assert.throws(() => read(...start, 0x68, 3, end), /nothing was kept as 3/);
  assert.throws(() => read(0x80, 4, end), /protocol 4/);
  assert.throws(() => read(...start, 0x69, end), /unknown instruction 0x69/);
  assert.throws(() => read(...start, ...Array.from({ length: 50 }, () => 0x4e)), /ends early/);
});

const torch = suite('files of PyTorch');

torch('tensors come by name, without the prefix of parallel training', () => {
  const weights = readTorchFile(torchFile({ shape: [2, 1], stride: [1, 1] }, [1.5, -2]));
  assert.equal([...weights.keys()], ['a.weight']);
  assert.equal(weights.get('a.weight'), { shape: [2, 1], data: Float32Array.of(1.5, -2) });
});

torch('what does not fit together is refused', () => {
  const cases: [Uint8Array, RegExp][] = [
    [torchFile({ shape: [3], stride: [1] }, [1, 2]), /longer than its storage/],
    [torchFile({ offset: 1 }, [1, 2]), /longer than its storage/],
    [torchFile({ shape: [2, 2], stride: [1, 2] }, [1, 2, 3, 4]), /not contiguous/],
    [torchFile({ count: 9 }, [1, 2]), /not the size/],
    [torchFile({}, [1, 2], 200), /not the size/],
    [torchFile({}, [1, 2], -1), /not the size/],
    [torchFile({ module: 'os' }, [1, 2]), /'os._rebuild_tensor_v2', which is not allowed/],
    [torchFile({ type: 'HalfStorage' }, [1, 2]), /'torch.HalfStorage', which is not allowed/],
    [Uint8Array.from([...torchFile({}, [1, 2]), 0]), /belong to nothing/],
    [Uint8Array.from([...protocol, ...magic]), /not a file of PyTorch/],
    [Buffer.from('PK\u0003\u0004 a newer file'), /unknown instruction/],
    [new Uint8Array(0), /ends early/],
  ];
  for (const [bytes, reason] of cases) assert.throws(() => readTorchFile(bytes), reason);
});

pickles.run();
torch.run();
