/** AssemblyScript. Rows by their labels and keys, as bits and as indexes. */

/**
 * Sets in `mask` one bit per row of [0, count) whose label set is allowed (`allow`: bit per label set, 0 = any) and
 * whose key (f64) lies in [minKey, maxKey], and that is set in `only` (bit per row, 0 = any). Returns how many.
 */
export function select(
  labels: usize, keys: usize, count: i32, allow: usize, minKey: f64, maxKey: f64, only: usize, mask: usize,
): i32 {
  let total = 0;
  for (let base = 0; base < count; base += 32) {
    const end = min(count - base, 32);
    const filter = only ? load<u32>(only + (<usize>base >> 3)) : 0xffffffff;
    let word: u32 = 0;
    if (filter) {
      for (let i = 0; i < end; i++) {
        const at = <usize>(base + i);
        const key = load<f64>(keys + (at << 3));
        let bit: u32 = u32(key >= minKey) & u32(key <= maxKey);
        if (allow) {
          const label = load<u32>(labels + (at << 2));
          bit &= load<u32>(allow + <usize>((label >> 5) << 2)) >> (label & 31);
        }
        word |= bit << i;
      }
      word &= filter;
    }
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
