/**
 * Reads Python pickles (protocol 2) as data. A pickle is a program that may name any function of Python; this reader
 * runs none: a name that the caller does not allow is an error, and allowed ones are only labels for `reduce`.
 */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Pickled[]
  | Map<Pickled, Pickled>
  | GlobalName
  | { readonly made: unknown };

/** `module.name` of a Python class or function. */
export interface GlobalName {
  readonly global: string;
}

export interface PickleRules {
  /** Names that may occur, as `module.name`. */
  readonly allowed: ReadonlySet<string>;
  /** What calling an allowed name makes. Throws for arguments it does not know. */
  reduce(name: string, args: readonly Pickled[]): Pickled;
  /** What a persistent id stands for. */
  persistent(id: Pickled): Pickled;
}

export class PickleError extends Error {
  override readonly name = 'PickleError';
}

const mark = Symbol('mark');
type Item = Pickled | typeof mark;

const mostSteps = 1_000_000;
const utf8 = new TextDecoder('utf-8', { fatal: true });

export function isGlobal(value: Pickled | undefined): value is GlobalName {
  return typeof value === 'object' && value !== null && 'global' in value;
}

/** One pickle from `offset` on. Returns its value and where it ends. Throws `PickleError` for anything else. */
export function readPickle(bytes: Uint8Array, offset: number, rules: PickleRules): { value: Pickled; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: Item[] = [];
  const memo = new Map<number, Pickled>();
  let at = offset;

  const take = (count: number): number => {
    const start = at;
    if (count < 0 || start + count > bytes.length) throw new PickleError(`the pickle ends early, at byte ${start}`);
    at += count;
    return start;
  };
  const byte = (): number => view.getUint8(take(1));
  const text = (length: number): string => {
    const start = take(length);
    try {
      return utf8.decode(bytes.subarray(start, at));
    } catch {
      throw new PickleError(`text at byte ${start} is not UTF-8`);
    }
  };
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    if (end < 0 || end - at > 200) throw new PickleError(`a name at byte ${at} has no end`);
    const found = text(end - at);
    take(1);
    return found;
  };
  const pop = (): Pickled => {
    const item = stack.pop();
    if (item === undefined || item === mark) throw new PickleError(`the stack is empty at byte ${at}`);
    return item;
  };
  const popToMark = (): Pickled[] => {
    const place = stack.lastIndexOf(mark);
    if (place < 0) throw new PickleError(`there is no mark at byte ${at}`);
    const items = stack.splice(place).slice(1);
    return items as Pickled[];
  };
  const top = (): Pickled => {
    const item = stack.at(-1);
    if (item === undefined || item === mark) throw new PickleError(`the stack is empty at byte ${at}`);
    return item;
  };
  const addPairs = (items: readonly Pickled[]): void => {
    const target = top();
    if (!(target instanceof Map) || items.length % 2) throw new PickleError(`no dictionary at byte ${at}`);
    for (let i = 0; i < items.length; i += 2) target.set(items[i] as Pickled, items[i + 1] as Pickled);
  };
  const append = (items: readonly Pickled[]): void => {
    const target = top();
    if (!Array.isArray(target)) throw new PickleError(`no list at byte ${at}`);
    for (const item of items) target.push(item);
  };
  const tuple = (count: number): void => {
    const items = Array.from({ length: count }, pop);
    stack.push(items.reverse());
  };
  const recall = (index: number): void => {
    const value = memo.get(index);
    if (value === undefined) throw new PickleError(`nothing was kept as ${index}, byte ${at}`);
    stack.push(value);
  };
  const long = (length: number): bigint => {
    const start = take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[start + i] as number);
    return BigInt.asIntN(8 * length, value);
  };

  const operations: Readonly<Record<number, () => void>> = {
    128: () => {
      const protocol = byte();
      if (protocol !== 2) throw new PickleError(`pickle protocol ${protocol} instead of 2`);
    },
    138: () => stack.push(long(byte())),
    74: () => stack.push(view.getInt32(take(4), true)),
    75: () => stack.push(byte()),
    77: () => stack.push(view.getUint16(take(2), true)),
    71: () => stack.push(view.getFloat64(take(8), false)),
    88: () => stack.push(text(view.getUint32(take(4), true))),
    85: () => stack.push(text(byte())),
    84: () => stack.push(text(view.getInt32(take(4), true))),
    125: () => stack.push(new Map()),
    93: () => stack.push([]),
    41: () => stack.push([]),
    78: () => stack.push(null),
    136: () => stack.push(true),
    137: () => stack.push(false),
    40: () => stack.push(mark),
    116: () => {
      const items = popToMark();
      stack.push(items);
    },
    133: () => tuple(1),
    134: () => tuple(2),
    135: () => tuple(3),
    113: () => memo.set(byte(), top()),
    114: () => memo.set(view.getUint32(take(4), true), top()),
    104: () => recall(byte()),
    106: () => recall(view.getUint32(take(4), true)),
    99: () => {
      const name = `${line()}.${line()}`;
      if (!rules.allowed.has(name)) throw new PickleError(`the file names '${name}', which is not allowed`);
      stack.push({ global: name });
    },
    82: () => {
      const args = pop();
      const callee = pop();
      if (!isGlobal(callee) || !Array.isArray(args)) throw new PickleError(`nothing to call at byte ${at}`);
      stack.push(rules.reduce(callee.global, args));
    },
    // State of an object: none of the allowed ones keeps any that matters.
    98: () => void pop(),
    117: () => addPairs(popToMark()),
    115: () => {
      const value = pop();
      addPairs([pop(), value]);
    },
    101: () => append(popToMark()),
    97: () => append([pop()]),
    81: () => stack.push(rules.persistent(pop())),
  };

  for (let step = 0; step < mostSteps; step++) {
    const code = byte();
    if (code === 0x2e) return { value: pop(), end: at };
    const operation = operations[code];
    if (!operation) throw new PickleError(`unknown instruction 0x${code.toString(16)} at byte ${at - 1}`);
    operation();
  }
  throw new PickleError('the pickle is too long');
}
