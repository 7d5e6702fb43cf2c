/**
 * Parquet's DELTA_BINARY_PACKED: blocks of differences, each block's in miniblocks of one width of bits. Read a batch at a time;
 * the state is the caller's, 80 bytes; what is packed may be read 8 bytes behind its end.
 *
 *   +0 next byte  +4 end  +8 values of a miniblock  +12 miniblocks of a block  +16 values left in all, the first one included
 *   +20 1 = the first is still to come  +24 last value (i64)  +32 least difference (i64)  +40 miniblocks left of the block  +44 next width byte
 *   +48 values left of the miniblock  +52 its width  +56 its first byte  +60 values read of it
 */
const AT: usize = 0;
const END: usize = 4;
const MINI: usize = 8;
const MINIS: usize = 12;
const LEFT: usize = 16;
const FIRST: usize = 20;
const LAST: usize = 24;
const LEAST: usize = 32;
const MINIS_LEFT: usize = 40;
const WIDTHS: usize = 44;
const MINI_LEFT: usize = 48;
const WIDTH: usize = 52;
const BITS: usize = 56;
const DONE: usize = 60;

/** What varint read, and where the next byte is; 0: broken. */
let value: u64 = 0;
function varint(at: u32, end: u32): u32 {
  value = 0;
  for (let shift: u64 = 0; shift < 70; shift += 7) {
    if (at >= end) return 0;
    const byte = <u64>load<u8>(at++);
    value |= (byte & 127) << shift;
    if (byte < 128) return at;
  }
  return 0;
}
// @ts-ignore: decorator
@inline
function zigzag(v: u64): i64 {
  return <i64>(v >> 1) ^ -<i64>(v & 1);
}

/** Values, or -1 when the head is broken. */
export function delta_open(state: i32, at: i32, end: i32): i32 {
  store<i32>(state, end, END);
  let p = varint(at, end);
  if (p == 0) return -1;
  const block = value;
  p = varint(p, end);
  if (p == 0) return -1;
  const minis = value;
  p = varint(p, end);
  if (p == 0) return -1;
  const count = value;
  p = varint(p, end);
  if (p == 0 || block == 0 || block > 0x1000000 || minis == 0 || minis > block || block % minis != 0) return -1;
  if (count > 0x7fffffff) return -1;
  store<u32>(state, p, AT);
  store<u32>(state, <u32>(block / minis), MINI);
  store<u32>(state, <u32>minis, MINIS);
  store<u32>(state, <u32>count, LEFT);
  store<i32>(state, 1, FIRST);
  store<i64>(state, zigzag(value), LAST);
  store<i32>(state, 0, MINIS_LEFT);
  store<i32>(state, 0, MINI_LEFT);
  return <i32>count;
}

function nextMini(state: i32): bool {
  const end = load<u32>(state, END);
  const mini = load<u32>(state, MINI);
  if (load<u32>(state, MINIS_LEFT) == 0) {
    const at = varint(load<u32>(state, AT), end);
    const minis = load<u32>(state, MINIS);
    if (at == 0 || end - at < minis) return false;
    store<i64>(state, zigzag(value), LEAST);
    store<u32>(state, at, WIDTHS);
    store<u32>(state, minis, MINIS_LEFT);
    store<u32>(state, at + minis, AT);
  }
  const widths = load<u32>(state, WIDTHS);
  const width = <u32>load<u8>(widths);
  const at = load<u32>(state, AT);
  const left = load<u32>(state, LEFT);
  const values = min(mini, left);
  if (width > 64) return false;
  // Of the last miniblock the bytes that hold no values may be missing.
  const bytes = <u64>mini * <u64>width;
  const there = min<u64>((bytes + 7) >> 3, <u64>(end - at));
  if (there * 8 < <u64>values * <u64>width) return false;
  store<u32>(state, widths + 1, WIDTHS);
  store<u32>(state, load<u32>(state, MINIS_LEFT) - 1, MINIS_LEFT);
  store<u32>(state, mini, MINI_LEFT);
  store<u32>(state, width, WIDTH);
  store<u32>(state, at, BITS);
  store<u32>(state, 0, DONE);
  store<u32>(state, at + <u32>there, AT);
  return true;
}

/** n values, 8 bytes each or 4 where `narrow` is 1; 0: there are not so many. */
export function delta_read(state: i32, out: i32, n: i32, narrow: i32): i32 {
  if (<u32>n > load<u32>(state, LEFT)) return 0;
  let last = load<i64>(state, LAST);
  if (n > 0 && load<i32>(state, FIRST) == 1) {
    store<i32>(state, 0, FIRST);
    if (narrow == 1) store<i32>(out, <i32>last);
    else store<i64>(out, last);
    out += narrow == 1 ? 4 : 8;
    n--;
    store<u32>(state, load<u32>(state, LEFT) - 1, LEFT);
  }
  while (n > 0) {
    if (load<u32>(state, MINI_LEFT) == 0 && !nextMini(state)) return 0;
    const take = min<u32>(<u32>n, load<u32>(state, MINI_LEFT));
    const width = <u64>load<u32>(state, WIDTH);
    const least = load<i64>(state, LEAST);
    const bits = load<u32>(state, BITS);
    const done = load<u32>(state, DONE);
    let bit = <u64>done * width;
    const mask: u64 = width == 64 ? u64.MAX_VALUE : ((<u64>1) << width) - 1;
    for (let i: u32 = 0; i < take; i++) {
      const at = bits + <u32>(bit >> 3);
      const shift = bit & 7;
      let word = load<u64>(at) >> shift;
      if (shift + width > 64) word |= <u64>load<u8>(at, 8) << (64 - shift);
      last += least + <i64>(word & mask);
      if (narrow == 1) store<i32>(out + (i << 2), <i32>last);
      else store<i64>(out + (i << 3), last);
      bit += width;
    }
    out += take << (narrow == 1 ? 2 : 3);
    n -= take;
    store<u32>(state, done + take, DONE);
    store<u32>(state, load<u32>(state, MINI_LEFT) - take, MINI_LEFT);
    store<u32>(state, load<u32>(state, LEFT) - take, LEFT);
  }
  store<i64>(state, last, LAST);
  return 1;
}

/** Where what follows the values begins, 0: broken. Walks over the blocks on a state of its own. */
export function delta_end(state: i32, at: i32, end: i32): i32 {
  if (delta_open(state, at, end) < 0) return 0;
  let left = load<u32>(state, LEFT);
  if (left > 0) left--;
  while (left > 0) {
    store<u32>(state, left, LEFT);
    if (!nextMini(state)) return 0;
    left -= min(left, load<u32>(state, MINI));
  }
  // Miniblocks of the last block that hold nothing have widths and no bytes.
  return load<i32>(state, AT);
}
