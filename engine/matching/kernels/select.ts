/** AssemblyScript. Rows by their labels and keys, as bits and as indexes. */

/** 16 rows whose label sets are below 128: a bit per row, in the low half. `allow`: 128 bits. */
// @ts-ignore: decorator
@inline
function sixteen(labels: usize, allow: v128): u32 {
  const powers = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  const low = i16x8.narrow_i32x4_u(v128.load(labels), v128.load(labels, 16));
  const high = i16x8.narrow_i32x4_u(v128.load(labels, 32), v128.load(labels, 48));
  const sets = i8x16.narrow_i16x8_u(low, high);
  const bytes = i8x16.swizzle(allow, i8x16.shr_u(sets, 3));
  const bits = i8x16.swizzle(powers, v128.and(sets, i8x16.splat(7)));
  return <u32>i8x16.bitmask(i8x16.ne(v128.and(bytes, bits), i8x16.splat(0)));
}

// @ts-ignore: decorator
@inline
function byLabel(labels: usize, count: i32, allow: usize): u32 {
  let word: u32 = 0;
  for (let i = 0; i < count; i++) {
    const label = load<u32>(labels + (<usize>i << 2));
    word |= ((load<u32>(allow + <usize>((label >> 5) << 2)) >> (label & 31)) & 1) << i;
  }
  return word;
}

// @ts-ignore: decorator
@inline
function byKey(keys: usize, count: i32, minKey: f64, maxKey: f64): u32 {
  let word: u32 = 0;
  for (let i = 0; i < count; i++) {
    const key = load<f64>(keys + (<usize>i << 3));
    word |= (u32(key >= minKey) & u32(key <= maxKey)) << i;
  }
  return word;
}

/**
 * Sets in `mask` one bit per row of [0, count) whose label set is allowed (`allow`: bit per label set, 0 = any;
 * `few`: all label sets are below 128), whose key (f64) lies in [minKey, maxKey] (`keys` 0 = any), and that is set in
 * `only` (bit per row, 0 = any). Returns how many. Reads up to 31 rows' labels behind `count`.
 */
export function select(
  labels: usize, keys: usize, count: i32, allow: usize, few: bool, minKey: f64, maxKey: f64, only: usize, mask: usize,
): i32 {
  let total = 0;
  const allowed = few ? v128.load(allow) : i8x16.splat(0);
  for (let base = 0; base < count; base += 32) {
    const rows = min(count - base, 32);
    let word = <u32>0xffffffff >> (32 - rows);
    if (only) word &= load<u32>(only + (<usize>base >> 3));
    if (word && allow) {
      const at = labels + (<usize>base << 2);
      word &= few ? sixteen(at, allowed) | (sixteen(at + 64, allowed) << 16) : byLabel(at, rows, allow);
    }
    if (word && keys) word &= byKey(keys + (<usize>base << 3), rows, minKey, maxKey);
    store<u32>(mask + (<usize>base >> 3), word);
    total += popcnt(word);
  }
  return total;
}

/** Writes the indexes of the set bits of `mask` over `count` rows to `ids` (i32). */
export function listBits(mask: usize, count: i32, ids: usize): void {
  let at = ids;
  for (let base = 0; base < count; base += 32) {
    let word = load<u32>(mask + (<usize>base >> 3));
    while (word) {
      store<i32>(at, base + ctz(word));
      at += 4;
      word &= word - 1;
    }
  }
}
