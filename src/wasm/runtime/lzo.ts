/**
 * LZO1X: an own compressor (greedy, one hash table, the 1X-1 instruction forms) and a decompressor that checks every
 * read, write and back reference against its bounds. The compressor needs `table`, 32,768 bytes. Output may be as
 * large as bytes + bytes / 16 + 67. Both return the bytes written, or -1 when the data is broken or does not fit.
 */
import { copyShort } from './copy-short.ts';

const HASH_BITS: u32 = 13;

// @ts-ignore: decorator
@inline
function hash4(at: usize): u32 {
  return (load<u32>(at) * 0x9e3779b1) >> (32 - HASH_BITS);
}

/** Writes `value` in the form of the length bytes behind a zero field: 255 per zero byte. */
function lengthBytes(out: usize, value: u32): usize {
  while (value > 255) {
    store<u8>(out++, 0);
    value -= 255;
  }
  store<u8>(out++, <u8>value);
  return out;
}

function literals(from: usize, count: u32, out: usize, first: bool): usize {
  if (count == 0) return out;
  if (first && count <= 238) store<u8>(out++, <u8>(17 + count));
  else if (count <= 3) store<u8>(out - 2, load<u8>(out - 2) | <u8>count);
  else if (count <= 18) store<u8>(out++, <u8>(count - 3));
  else {
    store<u8>(out++, 0);
    out = lengthBytes(out, count - 18);
  }
  copyShort(from, out, count);
  return out + count;
}

function emitMatch(out: usize, length: u32, offset: u32): usize {
  if (length <= 8 && offset <= 0x800) {
    offset--;
    store<u8>(out++, <u8>(((length - 1) << 5) | ((offset & 7) << 2)));
    store<u8>(out++, <u8>(offset >> 3));
    return out;
  }
  let head: u32, short: u32;
  if (offset <= 0x4000) {
    offset--;
    head = 32;
    short = 33;
  } else {
    offset -= 0x4000;
    head = 16 | ((offset >> 11) & 8);
    short = 9;
  }
  if (length <= short) store<u8>(out++, <u8>(head | (length - 2)));
  else {
    store<u8>(out++, <u8>head);
    out = lengthBytes(out, length - short);
  }
  store<u8>(out++, <u8>((offset << 2) & 255));
  store<u8>(out++, <u8>(offset >> 6));
  return out;
}

export function lzo_compress(from: i32, bytes: i32, out_: i32, table: i32): i32 {
  let start = <usize><u32>from, t = <usize><u32>table;
  let out = <usize><u32>out_;
  let n = <u32>bytes;
  memory.fill(t, 0, 4 << HASH_BITS);
  let anchor: u32 = 0, at: u32 = 0;
  let limit: u32 = n > 20 ? n - 20 : 0;
  while (at < limit) {
    let slot = t + (<usize>hash4(start + at) << 2);
    let candidate = load<u32>(slot);
    store<u32>(slot, at + 1);
    // The table holds position + 1; offsets beyond 0xbfff cannot be expressed.
    if (candidate == 0 || at + 1 - candidate > 0xbfff || load<u32>(start + candidate - 1) != load<u32>(start + at)) {
      at += 1 + min<u32>((at - anchor) >> 5, 15);
      continue;
    }
    let match = candidate - 1;
    let length: u32 = 4;
    while (at + length + 8 <= n && load<u64>(start + match + length) == load<u64>(start + at + length)) length += 8;
    while (at + length < n && load<u8>(start + match + length) == load<u8>(start + at + length)) length++;
    out = literals(start + anchor, at - anchor, out, out == <usize><u32>out_);
    out = emitMatch(out, length, at - match);
    at += length;
    anchor = at;
  }
  let rest = n - anchor;
  if (rest > 0) out = literals(start + anchor, rest, out, out == <usize><u32>out_);
  store<u8>(out++, 17);
  store<u8>(out++, 0);
  store<u8>(out++, 0);
  return <i32>(<u32>out - <u32>out_);
}

/** Copies a back reference that may overlap its own output. */
// @ts-ignore: decorator
@inline
function copyBack(out: usize, offset: u32, length: u32): void {
  if (offset >= length) copyShort(out - offset, out, length);
  else for (let i: u32 = 0; i < length; i++) store<u8>(out + i, load<u8>(out + i - offset));
}

export function lzo_decompress(from: i32, bytes: i32, out_: i32, room: i32): i32 {
  let ip = <usize><u32>from, end = ip + <u32>bytes;
  let first = <usize><u32>out_, out = first, outEnd = first + <u32>room;
  if (bytes < 3) return -1;
  let pending: u32 = 0;
  /** 0: literal run instruction expected; 1: after a long literal run; 2: after a match with trailing literals. */
  let state = 0;
  if (load<u8>(ip) > 17) {
    pending = <u32>load<u8>(ip++) - 17;
    state = pending < 4 ? 2 : 1;
    if (ip + pending > end || out + pending > outEnd) return -1;
    copyShort(ip, out, pending);
    out += pending;
    ip += pending;
  }
  while (ip < end) {
    let t = <u32>load<u8>(ip++);
    let length: u32, offset: u32;
    if (t < 16) {
      if (state == 0) {
        length = t;
        if (t == 0) {
          length = 15;
          while (ip < end && load<u8>(ip) == 0) {
            length += 255;
            ip++;
          }
          if (ip >= end) return -1;
          length += load<u8>(ip++);
        }
        length += 3;
        if (length > <u32>(end - ip) || length > <u32>(outEnd - out)) return -1;
        copyShort(ip, out, length);
        out += length;
        ip += length;
        state = 1;
        continue;
      }
      if (ip >= end) return -1;
      offset = (t >> 2) + (<u32>load<u8>(ip++) << 2) + 1;
      length = 2;
      if (state == 1) {
        offset += 0x800;
        length = 3;
      }
    } else if (t >= 64) {
      if (ip >= end) return -1;
      offset = ((t >> 2) & 7) + (<u32>load<u8>(ip++) << 3) + 1;
      length = (t >> 5) + 1;
    } else {
      let far = t < 32;
      let mask: u32 = far ? 7 : 31;
      length = t & mask;
      if (length == 0) {
        length = mask;
        while (ip < end && load<u8>(ip) == 0) {
          length += 255;
          ip++;
        }
        if (ip >= end) return -1;
        length += load<u8>(ip++);
      }
      length += 2;
      if (ip + 2 > end) return -1;
      offset = <u32>load<u16>(ip) >> 2;
      ip += 2;
      if (far) {
        offset += (t & 8) << 11;
        if (offset == 0) return length == 3 && ip == end ? <i32>(<u32>out - <u32>first) : -1;
        offset += 0x4000;
      } else offset += 1;
    }
    if (offset > <u32>(out - first) || length > <u32>(outEnd - out)) return -1;
    copyBack(out, offset, length);
    out += length;
    pending = <u32>load<u8>(ip - 2) & 3;
    state = 0;
    if (pending > 0) {
      if (ip + pending > end || out + pending > outEnd) return -1;
      copyShort(ip, out, pending);
      out += pending;
      ip += pending;
      state = 2;
    }
  }
  return -1;
}
