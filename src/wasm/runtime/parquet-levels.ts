/**
 * Parquet's hybrid of runs and bit-packed groups, which levels, dictionary indices and booleans are written in, read a batch at
 * a time. The state is the caller's; what is packed may be read 8 bytes behind its end.
 *
 *   +0 next byte  +4 end  +8 bits of a value  +12 values left of the run  +16 the run's value  +20 1 = packed  +24 bit of the next value
 */
const AT: usize = 0;
const END: usize = 4;
const WIDTH: usize = 8;
const LEFT: usize = 12;
const VALUE: usize = 16;
const PACKED: usize = 20;
const BIT: usize = 24;

export function hybrid_open(state: i32, at: i32, end: i32, width: i32): void {
  store<i32>(state, at, AT);
  store<i32>(state, end, END);
  store<i32>(state, width, WIDTH);
  store<i32>(state, 0, LEFT);
}

/** Reads the head of the next run; false at the end or when it is broken. */
function nextRun(state: i32): bool {
  let at = load<u32>(state, AT);
  const end = load<u32>(state, END);
  const width = load<u32>(state, WIDTH);
  let head: u32 = 0;
  for (let shift: u32 = 0; ; shift += 7) {
    if (at >= end || shift > 28) return false;
    const byte = <u32>load<u8>(at++);
    head |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  if ((head & 1) != 0) {
    const groups = head >> 1;
    // The last group's bytes may be cut off where its values are not there.
    const bytes = min<u64>(<u64>groups * <u64>width, <u64>(end - at));
    const values = width == 0 ? <u64>groups * 8 : min<u64>(<u64>groups * 8, (bytes * 8) / <u64>width);
    if (values == 0 || values > 0x7fffffff) return false;
    store<u32>(state, <u32>values, LEFT);
    store<i32>(state, 1, PACKED);
    store<u32>(state, at, BIT);
    store<u32>(state, 0, VALUE);
    store<u32>(state, at + <u32>bytes, AT);
    return true;
  }
  const bytes = (width + 7) >> 3;
  if (end - at < bytes || head >> 1 == 0) return false;
  let value: u32 = 0;
  for (let i: u32 = 0; i < bytes; i++) value |= <u32>load<u8>(at + i) << (8 * i);
  if (width < 32 && value >> width != 0) return false;
  store<u32>(state, head >> 1, LEFT);
  store<u32>(state, value, VALUE);
  store<i32>(state, 0, PACKED);
  store<u32>(state, at + bytes, AT);
  return true;
}

/** n values, four bytes each; 0: there are not so many. Of a packed run BIT is its start and VALUE the values read. */
export function hybrid_read(state: i32, out: i32, n: i32): i32 {
  const width = load<u32>(state, WIDTH);
  const mask: u32 = width == 32 ? 0xffffffff : (1 << width) - 1;
  while (n > 0) {
    if (load<u32>(state, LEFT) == 0 && !nextRun(state)) return 0;
    const take = min<u32>(<u32>n, load<u32>(state, LEFT));
    if (load<i32>(state, PACKED) == 0) {
      const value = i32x4.splat(load<i32>(state, VALUE));
      let i: u32 = 0;
      for (; i + 4 <= take; i += 4) v128.store(out + (i << 2), value);
      for (; i < take; i++) store<u32>(out + (i << 2), load<u32>(state, VALUE));
    } else {
      const start = load<u32>(state, BIT);
      const done = load<u32>(state, VALUE);
      let bit = <u64>done * <u64>width;
      for (let i: u32 = 0; i < take; i++) {
        const word = load<u64>(start + <u32>(bit >> 3));
        store<u32>(out + (i << 2), <u32>(word >> (bit & 7)) & mask);
        bit += width;
      }
      store<u32>(state, done + take, VALUE);
    }
    store<u32>(state, load<u32>(state, LEFT) - take, LEFT);
    out += take << 2;
    n -= take;
  }
  return 1;
}

/** Null bytes of n values from their definition levels, one bit each: 1 where the level is 0. Values that are there; -1: broken. */
export function hybrid_nulls(state: i32, out: i32, n: i32): i32 {
  let there = 0;
  while (n > 0) {
    if (load<u32>(state, LEFT) == 0 && !nextRun(state)) return -1;
    const take = min<u32>(<u32>n, load<u32>(state, LEFT));
    if (load<i32>(state, PACKED) == 0) {
      const level = load<u32>(state, VALUE);
      memory.fill(out, <u8>(1 - level), take);
      if (level == 1) there += take;
    } else {
      const start = load<u32>(state, BIT);
      const done = load<u32>(state, VALUE);
      for (let i: u32 = 0; i < take; i++) {
        const at = done + i;
        const level = (<u32>load<u8>(start + (at >> 3)) >> (at & 7)) & 1;
        store<u8>(out + i, <u8>(1 - level));
        there += level;
      }
      store<u32>(state, done + take, VALUE);
    }
    store<u32>(state, load<u32>(state, LEFT) - take, LEFT);
    out += take;
    n -= take;
  }
  return there;
}
