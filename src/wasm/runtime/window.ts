/**
 * Rows in the order of a window (see steps/window): where its groups begin, and the group of NTILE.
 */
import { fail, NTILE_GROUPS } from './errors.ts';

/**
 * Marks in each of `rows` tuples (addresses at `list`, in order) the groups it begins: bit i of its second word (the hash of other tuples) for level i.
 * Level i is the beginning of the key string whose length stands in the tuple at levels[i] bytes; 0: the whole key. `previous`
 * is the tuple before the first, or 0: then the first begins all.
 */
export function mark_groups(list: i32, rows: i32, keyOffset: i32, levels: i32, count: i32, previous: i32): void {
  for (let r = 0; r < rows; r++) {
    const t = load<i32>(list + (r << 2));
    let bits = -1;
    if (previous != 0) {
      const a = load<i64>(previous + keyOffset);
      const b = load<i64>(t + keyOffset);
      const an = <i32>(a >>> 32);
      const bn = <i32>(b >>> 32);
      const common = commonBytes(<i32>a, <i32>b, min(an, bn));
      bits = 0;
      for (let i = 0; i < count; i++) {
        const at = load<i32>(levels + (i << 2));
        const x = at == 0 ? an : load<i32>(previous + at);
        const y = at == 0 ? bn : load<i32>(t + at);
        if (x != y || common < y) bits |= 1 << i;
      }
    }
    store<i32>(t, bits, 4);
    previous = t;
  }
}
/** How many of the first n bytes are the same. */
function commonBytes(a: i32, b: i32, n: i32): i32 {
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const x = load<u64>(a + i) ^ load<u64>(b + i);
    if (x != 0) return i + <i32>(ctz(x) >> 3);
  }
  while (i < n && load<u8>(a + i) == load<u8>(b + i)) i++;
  return i;
}

/** Group of row number `row` of `rows` dealt into `groups`: the first ones take the rows that are left over. */
export function ntile_group(ctx: i32, row: i64, rows: i64, groups: i64): i64 {
  if (groups <= 0) {
    fail(ctx, NTILE_GROUPS);
    return 0;
  }
  const size = rows / groups;
  const larger = rows % groups;
  const inLarger = larger * (size + 1);
  const at = row - 1;
  return at < inLarger ? at / (size + 1) + 1 : (at - inLarger) / size + larger + 1;
}
