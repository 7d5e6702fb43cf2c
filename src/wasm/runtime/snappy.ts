/**
 * Snappy's raw format, as Parquet, ORC and Avro carry it: the text's length, then literals and copies. The decompressor checks
 * every read, write and back reference against its bounds. The compressor is greedy over fragments of 64 KB and needs
 * `table`, 32,768 bytes; output may be as large as bytes + bytes / 6 + 32.
 */
import { copyShort } from './copy-short.ts';

const FRAGMENT: u32 = 65536;
const HASH_BITS: u32 = 14;
/** Bytes that a literal or match may be copied beyond its end where there is room. */
const SLACK: u32 = 16;

// @ts-ignore: decorator
@inline
function wide(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
}

/** Bytes of the text, as written in front, or -1. */
export function snappy_length(from: i32, bytes: i32): i32 {
  let at = <usize><u32>from;
  const end = at + <u32>bytes;
  let value: u64 = 0;
  for (let shift: u64 = 0; shift < 35; shift += 7) {
    if (at >= end) return -1;
    const byte = load<u8>(at++);
    value |= (<u64>byte & 127) << shift;
    if (byte < 128) return value > 0x7fffffff ? -1 : <i32>value;
  }
  return -1;
}

/** Writes the text, at most `room` bytes; its length, or -1 when the data is broken or does not fit. */
export function snappy_decompress(from: i32, bytes: i32, out_: i32, room: i32): i32 {
  const length = snappy_length(from, bytes);
  if (length < 0 || length > room) return -1;
  let ip = <usize><u32>from;
  const end = ip + <u32>bytes;
  while (load<u8>(ip++) >= 128) {}
  const first = <usize><u32>out_;
  let out = first;
  const outEnd = first + <u32>length;
  while (ip < end) {
    const tag = <u32>load<u8>(ip++);
    let count = tag >> 2;
    if ((tag & 3) == 0) {
      if (count >= 60) {
        const more = count - 59;
        if (<u32>(end - ip) < more) return -1;
        count = <u32>load<u8>(ip);
        if (more > 1) count |= <u32>load<u8>(ip, 1) << 8;
        if (more > 2) count |= <u32>load<u8>(ip, 2) << 16;
        if (more > 3) count |= <u32>load<u8>(ip, 3) << 24;
        ip += more;
        if (count == 0xffffffff) return -1;
      }
      count++;
      if (count > <u32>(end - ip) || count > <u32>(outEnd - out)) return -1;
      if (count <= SLACK && <u32>(end - ip) >= SLACK && <u32>(outEnd - out) >= SLACK) wide(out, ip);
      else copyShort(ip, out, count);
      ip += count;
      out += count;
      continue;
    }
    let offset: u32;
    if ((tag & 3) == 1) {
      if (ip >= end) return -1;
      count = (count & 7) + 4;
      offset = ((tag >> 5) << 8) | <u32>load<u8>(ip++);
    } else if ((tag & 3) == 2) {
      if (<u32>(end - ip) < 2) return -1;
      offset = <u32>load<u16>(ip);
      ip += 2;
      count++;
    } else {
      if (<u32>(end - ip) < 4) return -1;
      offset = load<u32>(ip);
      ip += 4;
      count++;
    }
    if (offset == 0 || offset > <u32>(out - first) || count > <u32>(outEnd - out)) return -1;
    out = copyBack(out, outEnd, offset, count);
  }
  return out == outEnd ? length : -1;
}

/** Copies what lies `offset` bytes before, which may overlap. */
export function copyBack(out: usize, outEnd: usize, offset: u32, count: u32): usize {
  let at = out - offset;
  const stop = out + count;
  if (offset >= 16 && <u32>(outEnd - out) >= count + SLACK) {
    for (; out < stop; out += 16, at += 16) wide(out, at);
    return stop;
  }
  if (offset >= 8 && <u32>(outEnd - out) >= count + SLACK) {
    for (; out < stop; out += 8, at += 8) store<u64>(out, load<u64>(at));
    return stop;
  }
  for (; out < stop; out++, at++) store<u8>(out, load<u8>(at));
  return stop;
}

// @ts-ignore: decorator
@inline
function hash4(word: u32): u32 {
  return (word * 0x1e35a7bd) >> (32 - HASH_BITS);
}

function literal(out: usize, from: usize, count: u32): usize {
  if (count == 0) return out;
  const n = count - 1;
  if (n < 60) store<u8>(out++, <u8>(n << 2));
  else if (n < 256) {
    store<u8>(out, 60 << 2);
    store<u8>(out, <u8>n, 1);
    out += 2;
  } else {
    store<u8>(out, 61 << 2);
    store<u16>(out, <u16>n, 1);
    out += 3;
  }
  copyShort(from, out, count);
  return out + count;
}

function copy(out: usize, offset: u32, count: u32): usize {
  while (count >= 68) {
    store<u8>(out, (63 << 2) | 2);
    store<u16>(out, <u16>offset, 1);
    out += 3;
    count -= 64;
  }
  if (count > 64) {
    store<u8>(out, (59 << 2) | 2);
    store<u16>(out, <u16>offset, 1);
    out += 3;
    count -= 60;
  }
  if (count >= 12 || offset >= 2048) {
    store<u8>(out, <u8>(((count - 1) << 2) | 2));
    store<u16>(out, <u16>offset, 1);
    return out + 3;
  }
  store<u8>(out, <u8>(((offset >> 8) << 5) | ((count - 4) << 2) | 1));
  store<u8>(out, <u8>offset, 1);
  return out + 2;
}

/** Bytes that `a` and `b` > a have in common, `b` reaching `end` at most. */
function matching(a: usize, b: usize, end: usize): u32 {
  const from = b;
  while (b + 8 <= end) {
    const differ = load<u64>(a) ^ load<u64>(b);
    if (differ != 0) return <u32>(b - from) + <u32>(ctz<u64>(differ) >> 3);
    a += 8;
    b += 8;
  }
  while (b < end && load<u8>(a) == load<u8>(b)) {
    a++;
    b++;
  }
  return <u32>(b - from);
}

/** Bytes written. `table`: 32,768 bytes of the caller's. */
export function snappy_compress(from: i32, bytes: i32, out_: i32, table_: i32): i32 {
  let out = <usize><u32>out_;
  const table = <usize><u32>table_;
  let left = <u32>bytes;
  let size = left;
  while (size >= 128) {
    store<u8>(out++, <u8>(size | 128));
    size >>= 7;
  }
  store<u8>(out++, <u8>size);
  let base = <usize><u32>from;
  while (left > 0) {
    const n = min(left, FRAGMENT);
    out = fragment(base, n, out, table);
    base += n;
    left -= n;
  }
  return <i32>(<u32>out - <u32>out_);
}

function fragment(base: usize, n: u32, out: usize, table: usize): usize {
  const end = base + n;
  let next = base;
  if (n >= 15) {
    memory.fill(table, 0, 2 << HASH_BITS);
    const limit = end - 15;
    let ip = base + 1;
    while (true) {
      let skip: u32 = 32;
      let at: usize = 0;
      while (true) {
        if (ip > limit) return literal(out, next, <u32>(end - next));
        const slot = table + (hash4(load<u32>(ip)) << 1);
        at = base + <u32>load<u16>(slot);
        store<u16>(slot, <u16>(ip - base));
        if (load<u32>(at) == load<u32>(ip) && at < ip) break;
        ip += skip >> 5;
        skip++;
      }
      out = literal(out, next, <u32>(ip - next));
      while (true) {
        const count = 4 + matching(at + 4, ip + 4, end);
        out = copy(out, <u32>(ip - at), count);
        ip += count;
        next = ip;
        if (ip > limit) return literal(out, next, <u32>(end - next));
        store<u16>(table + (hash4(load<u32>(ip - 1)) << 1), <u16>(ip - 1 - base));
        const slot = table + (hash4(load<u32>(ip)) << 1);
        at = base + <u32>load<u16>(slot);
        store<u16>(slot, <u16>(ip - base));
        if (load<u32>(at) != load<u32>(ip) || at >= ip) break;
      }
      ip++;
    }
  }
  return literal(out, next, <u32>(end - next));
}
