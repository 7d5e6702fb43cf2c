/**
 * Rows in the order of a window (see steps/window): where its groups begin, and the group of NTILE.
 */
import { fail, NTILE_GROUPS } from './errors.ts';
import { sameBytes } from './long-values.ts';

/**
 * Bit i says that a row whose key begins with `same` bytes of the one before begins a group of level i: rows that agree in
 * the first bytes of the key. At levels + 8 * i stand how many, and the field of the tuple that says it; 0 and 0: all `bytes`.
 */
// @ts-ignore: decorator
@inline
export function marksOf(tuple: i32, bytes: i32, same: i32, levels: i32, count: i32): i32 {
  let marks = 0;
  for (let i = 0; i < count; i++) {
    const level = levels + (i << 3);
    const field = load<i32>(level, 4);
    const n = field != 0 ? load<i32>(tuple + field) : load<i32>(level);
    if (same < (n == 0 ? bytes : n)) marks |= 1 << i;
  }
  return marks;
}
/** The marks of `rows` tuples (addresses at `list`, in order), in the second word, the hash of other tuples; all when `previous` is 0. */
export function mark_groups(list: i32, rows: i32, keyOffset: i32, levels: i32, count: i32, previous: i32): void {
  for (let r = 0; r < rows; r++) {
    const t = load<i32>(list + (r << 2));
    let marks = -1;
    if (previous != 0) {
      const key = load<i64>(t + keyOffset);
      marks = marksOf(t, <i32>(key >>> 32), sameBytes(load<i64>(previous + keyOffset), key), levels, count);
    }
    store<i32>(t, marks, 4);
    previous = t;
  }
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
