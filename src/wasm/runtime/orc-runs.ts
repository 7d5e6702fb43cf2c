/**
 * The run lengths of ORC's streams, read a batch at a time from a window that its owner fills: integers of versions 1 and 2, bytes, bits. A
 * read that ends early wants more bytes behind END, where a run is only begun when all of it is there or FINAL is set. The state
 * is the caller's, RUN_STATE_BYTES:
 *
 *   +0 AT next byte   +4 END   +8 FINAL 1 = nothing follows END   +12 SIGNED   +16 VERSION 1 or 2   +20 BROKEN 1 = so it is
 *   +24 LEFT values of the run   +28 KIND 0 arithmetic, 1 literals   +32 VALUE i64   +40 STEP i64   +48 NEXT literal
 *   +52 BIT bits left of BITS   +56 BITS   +64 literals, 512 i64
 *
 * 16 bytes behind END may be read.
 */
const AT: usize = 0;
const END: usize = 4;
const FINAL: usize = 8;
const SIGNED: usize = 12;
const VERSION: usize = 16;
const BROKEN: usize = 20;
const LEFT: usize = 24;
const KIND: usize = 28;
const VALUE: usize = 32;
const STEP: usize = 40;
const NEXT: usize = 48;
const BIT: usize = 52;
const BITS: usize = 56;
const LITERALS: usize = 64;

/** More than any run takes. */
const RUN_BYTES_MAX: u32 = 5632;
const RUN_VALUES_MAX: i32 = 512;

let p: usize = 0;
let end: usize = 0;

export function orc_open(state: i32, at: i32, end: i32, last: i32, signed: i32, version: i32): void {
  memory.fill(state, 0, LITERALS);
  store<i32>(state, at, AT);
  store<i32>(state, end, END);
  store<i32>(state, last, FINAL);
  store<i32>(state, signed, SIGNED);
  store<i32>(state, version, VERSION);
}
function broken(state: usize): bool {
  store<i32>(state, 1, BROKEN);
  return false;
}
// @ts-ignore: decorator
@inline
function zigzag(v: u64): i64 {
  return <i64>(v >>> 1) ^ -<i64>(v & 1);
}
/** Bits of a width's code. */
function widthOf(code: i32): i32 {
  if (code < 24) return code + 1;
  switch (code) {
    case 24: return 26;
    case 25: return 28;
    case 26: return 30;
    case 27: return 32;
    case 28: return 40;
    case 29: return 48;
    case 30: return 56;
    default: return 64;
  }
}
/** The width that holds so many bits. */
function closest(bits: i32): i32 {
  if (bits <= 24) return bits < 1 ? 1 : bits;
  if (bits <= 26) return 26;
  if (bits <= 28) return 28;
  if (bits <= 30) return 30;
  if (bits <= 32) return 32;
  if (bits <= 40) return 40;
  if (bits <= 48) return 48;
  return bits <= 56 ? 56 : 64;
}
/** A number of 7 bits a byte; `p` 0: it is broken or not there. */
function varint(): u64 {
  let v: u64 = 0;
  let shift: u64 = 0;
  while (p < end && shift < 70) {
    const b = <u64>load<u8>(p++);
    v |= (b & 127) << shift;
    if (b < 128) return v;
    shift += 7;
  }
  p = 0;
  return 0;
}
function bigEndian(bytes: i32): u64 {
  let v: u64 = 0;
  for (; bytes > 0; bytes--) v = (v << 8) | <u64>load<u8>(p++);
  return v;
}
/** Value `i` of values of `width` bits. */
// @ts-ignore: decorator
@inline
function packed(from: usize, width: u32, i: u32): u64 {
  const bit = i * width;
  const at = from + <usize>(bit >> 3);
  const shift = bit & 7;
  let v = bswap<u64>(load<u64>(at)) << <u64>shift;
  if (shift + width > 64) v |= <u64>load<u8>(at, 8) >> <u64>(8 - shift);
  return v >>> <u64>(64 - width);
}
function packedBytes(width: u32, n: u32): usize {
  return <usize>((width * n + 7) >> 3);
}

/** The next run, of which all bytes are there. */
function run(state: usize): bool {
  p = <usize>load<u32>(state, AT);
  end = <usize>load<u32>(state, END);
  const good = load<i32>(state, VERSION) == 1 ? runOne(state) : runTwo(state);
  if (!good || p == 0 || p > end || load<i32>(state, LEFT) == 0) return broken(state);
  store<u32>(state, <u32>p, AT);
  return true;
}
function arithmetic(state: usize, n: i32, value: i64, step: i64): bool {
  store<i32>(state, n, LEFT);
  store<i32>(state, 0, KIND);
  store<i64>(state, value, VALUE);
  store<i64>(state, step, STEP);
  return true;
}
function literals(state: usize, n: i32): bool {
  store<i32>(state, n, LEFT);
  store<i32>(state, 1, KIND);
  store<i32>(state, 0, NEXT);
  return true;
}
function runOne(state: usize): bool {
  const signed = load<i32>(state, SIGNED) != 0;
  const control = <i32>load<i8>(p++);
  if (control >= 0) {
    if (p >= end) return false;
    const step = <i64>load<i8>(p++);
    const v = varint();
    return arithmetic(state, control + 3, signed ? zigzag(v) : <i64>v, step);
  }
  for (let i = 0; i < -control; i++) {
    const v = varint();
    if (p == 0) return false;
    store<i64>(state + (<usize>i << 3), signed ? zigzag(v) : <i64>v, LITERALS);
  }
  return literals(state, -control);
}
function runTwo(state: usize): bool {
  const signed = load<i32>(state, SIGNED) != 0;
  const head = <i32>load<u8>(p++);
  if (head >> 6 == 0) {
    const bytes = ((head >> 3) & 7) + 1;
    if (<usize>bytes > end - p) return false;
    const v = bigEndian(bytes);
    return arithmetic(state, (head & 7) + 3, signed ? zigzag(v) : <i64>v, 0);
  }
  if (p >= end) return false;
  const n = (((head & 1) << 8) | <i32>load<u8>(p++)) + 1;
  const code = (head >> 1) & 31;
  const out = state + LITERALS;
  if (head >> 6 == 1) {
    const width = <u32>widthOf(code);
    const bytes = packedBytes(width, n);
    if (bytes > end - p) return false;
    if (signed) for (let i: u32 = 0; i < <u32>n; i++) store<i64>(out + (<usize>i << 3), zigzag(packed(p, width, i)));
    else for (let i: u32 = 0; i < <u32>n; i++) store<u64>(out + (<usize>i << 3), packed(p, width, i));
    p += bytes;
    return literals(state, n);
  }
  return head >> 6 == 2 ? patched(state, n, <u32>widthOf(code)) : deltas(state, n, code, signed);
}
function patched(state: usize, n: i32, width: u32): bool {
  if (end - p < 2) return false;
  const third = <i32>load<u8>(p++);
  const fourth = <i32>load<u8>(p++);
  const baseBytes = ((third >> 5) & 7) + 1;
  const patchWidth = <u32>widthOf(third & 31);
  const gapWidth = <u32>((fourth >> 5) & 7) + 1;
  const patches = fourth & 31;
  if (<usize>baseBytes > end - p || patchWidth + gapWidth > 64) return false;
  const raw = bigEndian(baseBytes);
  const sign: u64 = <u64>1 << <u64>(baseBytes * 8 - 1);
  const base = raw & sign ? -<i64>(raw & (sign - 1)) : <i64>raw;
  const bytes = packedBytes(width, n);
  const entry = <u32>closest(<i32>(patchWidth + gapWidth));
  const listBytes = packedBytes(entry, patches);
  if (bytes + listBytes > end - p) return false;
  const out = state + LITERALS;
  for (let i: u32 = 0; i < <u32>n; i++) store<u64>(out + (<usize>i << 3), packed(p, width, i));
  p += bytes;
  let at: u64 = 0;
  for (let k: u32 = 0; k < <u32>patches; k++) {
    const e = packed(p, entry, k);
    at += e >>> <u64>patchWidth;
    const patch = patchWidth == 64 ? e : e & ((<u64>1 << <u64>patchWidth) - 1);
    if (patch == 0) continue;
    if (at >= <u64>n || width + patchWidth > 64) return false;
    const slot = out + (<usize>at << 3);
    store<u64>(slot, load<u64>(slot) | (patch << <u64>width));
  }
  p += listBytes;
  for (let i = 0; i < n; i++) store<i64>(out + (<usize>i << 3), load<i64>(out + (<usize>i << 3)) + base);
  return literals(state, n);
}
function deltas(state: usize, n: i32, code: i32, signed: bool): bool {
  const first = varint();
  if (p == 0) return false;
  const step = zigzag(varint());
  if (p == 0) return false;
  let v = signed ? zigzag(first) : <i64>first;
  if (code == 0) return arithmetic(state, n, v, step);
  const width = <u32>widthOf(code);
  if (n < 2) return false;
  const bytes = packedBytes(width, n - 2);
  if (bytes > end - p) return false;
  const out = state + LITERALS;
  store<i64>(out, v);
  v += step;
  store<i64>(out, v, 8);
  for (let i: u32 = 0; i < <u32>(n - 2); i++) {
    const d = <i64>packed(p, width, i);
    v += step < 0 ? -d : d;
    store<i64>(out + (<usize>(i + 2) << 3), v);
  }
  p += bytes;
  return literals(state, n);
}

// @ts-ignore: decorator
@inline
function isThere(state: usize, bytes: u32): bool {
  const left = load<u32>(state, END) - load<u32>(state, AT);
  return left >= bytes || (load<i32>(state, FINAL) != 0 && left > 0);
}
/** n integers, 8 bytes each; how many there were. */
export function orc_integers(state_: i32, out: i32, n: i32): i32 {
  const state = <usize>state_;
  let done = 0;
  while (done < n) {
    let left = load<i32>(state, LEFT);
    if (left == 0) {
      if (!isThere(state, RUN_BYTES_MAX) || !run(state)) return done;
      left = load<i32>(state, LEFT);
    }
    const take = min(n - done, left);
    if (load<i32>(state, KIND) == 0) {
      let v = load<i64>(state, VALUE);
      const step = load<i64>(state, STEP);
      for (let i = 0; i < take; i++) {
        store<i64>(out + ((done + i) << 3), v);
        v += step;
      }
      store<i64>(state, v, VALUE);
    } else {
      const next = load<i32>(state, NEXT);
      memory.copy(out + (done << 3), state + LITERALS + (<usize>next << 3), <usize>take << 3);
      store<i32>(state, next + take, NEXT);
    }
    store<i32>(state, left - take, LEFT);
    done += take;
  }
  return done;
}
/** The next run of bytes; literals stay in the window. */
function byteRun(state: usize): bool {
  const at = <usize>load<u32>(state, AT);
  const control = <i32>load<i8>(at);
  const left = load<u32>(state, END) - <u32>at;
  if (control >= 0) {
    if (left < 2) return broken(state);
    store<i32>(state, control + 3, LEFT);
    store<i32>(state, 0, KIND);
    store<i64>(state, <i64>load<u8>(at, 1), VALUE);
    store<u32>(state, <u32>at + 2, AT);
    return true;
  }
  if (left < <u32>(1 - control)) return broken(state);
  store<i32>(state, -control, LEFT);
  store<i32>(state, 1, KIND);
  memory.copy(state + LITERALS, at + 1, -control);
  store<i32>(state, 0, NEXT);
  store<u32>(state, <u32>at + 1 - control, AT);
  return true;
}
/** n bytes; how many there were. */
export function orc_bytes(state_: i32, out: i32, n: i32): i32 {
  const state = <usize>state_;
  let done = 0;
  while (done < n) {
    let left = load<i32>(state, LEFT);
    if (left == 0) {
      if (!isThere(state, 129) || !byteRun(state)) return done;
      left = load<i32>(state, LEFT);
    }
    const take = min(n - done, left);
    if (load<i32>(state, KIND) == 0) memory.fill(out + done, load<u8>(state, VALUE), take);
    else {
      const next = load<i32>(state, NEXT);
      memory.copy(out + done, state + LITERALS + <usize>next, take);
      store<i32>(state, next + take, NEXT);
    }
    store<i32>(state, left - take, LEFT);
    done += take;
  }
  return done;
}
/** n bits as bytes, each exclusive-or `flip`; how many there were. */
export function orc_bits(state_: i32, out: i32, n: i32, flip: i32): i32 {
  const state = <usize>state_;
  let done = 0;
  while (done < n) {
    let bit = load<i32>(state, BIT);
    if (bit == 0) {
      // Whole bytes of a run at once.
      const left = load<i32>(state, LEFT);
      if (left > 0 && load<i32>(state, KIND) == 0 && n - done >= 8) {
        const byte = <i32>load<u8>(state, VALUE);
        if (byte == 0 || byte == 255) {
          const bytes = min(left, (n - done) >> 3);
          memory.fill(out + done, <u8>((byte & 1) ^ flip), bytes << 3);
          store<i32>(state, left - bytes, LEFT);
          done += bytes << 3;
          continue;
        }
      }
      if (orc_bytes(state_, <i32>(state + BITS), 1) == 0) return done;
      bit = 8;
    }
    const byte = <i32>load<u8>(state, BITS);
    while (bit > 0 && done < n) {
      bit--;
      store<u8>(out + done, <u8>(((byte >> bit) & 1) ^ flip));
      done++;
    }
    store<i32>(state, bit, BIT);
  }
  return done;
}
export function orc_is_broken(state: i32): i32 {
  return load<i32>(state, BROKEN);
}
