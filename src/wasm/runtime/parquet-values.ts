/**
 * Values of Parquet pages to vectors: plain strings and booleans, dictionaries, split byte streams, places for NULLs, and the turning of
 * Parquet's forms into the physical ones (types/sql-type.ts). Whatever lies behind `at` is checked against `end`; fixed widths
 * are checked by the caller.
 */
import { copyShort } from './copy-short.ts';
import { utf8_bad, utf8_replace } from './csv-utf8.ts';
import { isAscii } from './utf8.ts';

/** Strings behind their lengths, as string values; where the next one is, 0: broken. */
export function plain_strings(at: i32, end: i32, n: i32, out: i32): i32 {
  for (let i = 0; i < n; i++) {
    if (<u32>(end - at) < 4) return 0;
    const length = load<u32>(at);
    at += 4;
    if (length > <u32>(end - at)) return 0;
    store<u64>(out, length == 0 ? 0 : <u64><u32>at | (<u64>length << 32));
    out += 8;
    at += length;
  }
  return at;
}
/** Pieces of `width` bytes as string values. */
export function fixed_strings(at: i32, n: i32, width: i32, out: i32): void {
  for (let i = 0; i < n; i++) store<u64>(out + (i << 3), <u64><u32>(at + i * width) | (<u64><u32>width << 32));
}
/** Strings that follow each other, by their lengths (8 bytes each); where the next one is, 0: broken. */
export function counted_strings(at: i32, end: i32, lengths: i32, n: i32, out: i32): i32 {
  for (let i = 0; i < n; i++) {
    const length = load<u64>(lengths + (i << 3));
    if (length > <u64><u32>(end - at)) return 0;
    store<u64>(out + (i << 3), length == 0 ? 0 : <u64><u32>at | (length << 32));
    at += <i32>length;
  }
  return at;
}
/** Bytes of the strings that begin with a part of the one before; -1: a length is broken. */
export function prefixed_bytes(prefixes: i32, suffixes: i32, n: i32, last: i32): i64 {
  let total: i64 = 0;
  let before = <i64>last;
  for (let i = 0; i < n; i++) {
    const prefix = load<i64>(prefixes + (i << 3));
    const suffix = load<i64>(suffixes + (i << 3));
    if (prefix < 0 || prefix > before || suffix < 0 || suffix > 0x7fffffff) return -1;
    before = prefix + suffix;
    total += before;
    if (before > 0x7fffffff || total > 0x7fffffff) return -1;
  }
  return total;
}
/** Writes them into `room`, as string values too; where the next suffix is, 0: broken. */
export function prefixed_strings(at: i32, end: i32, prefixes: i32, suffixes: i32, n: i32, last: i32, room: i32, out: i32): i32 {
  for (let i = 0; i < n; i++) {
    const prefix = load<i32>(prefixes + (i << 3));
    const suffix = load<i32>(suffixes + (i << 3));
    if (<u32>suffix > <u32>(end - at)) return 0;
    copyShort(<usize><u32>last, <usize><u32>room, <u32>prefix);
    copyShort(<usize><u32>at, <usize><u32>(room + prefix), <u32>suffix);
    const length = prefix + suffix;
    store<u64>(out + (i << 3), length == 0 ? 0 : <u64><u32>room | (<u64><u32>length << 32));
    last = room;
    room += length;
    at += suffix;
  }
  return at;
}
/** Strings of 16 bytes become the texts of UUIDs in `room`, 36 bytes each; 0: one has another length. */
export function uuid_strings(values: i32, n: i32, room: i32): i32 {
  for (let i = 0; i < n; i++) {
    const s = load<u64>(values + (i << 3));
    if (<u32>(s >> 32) != 16) return 0;
    store<u64>(values + (i << 3), <u64><u32>room | ((<u64>36) << 32));
    for (let k: u32 = 0; k < 16; k++) {
      if (k == 4 || k == 6 || k == 8 || k == 10) store<u8>(room++, 45);
      const byte = <u32>load<u8>(<u32>s + k);
      for (let shift: i32 = 4; shift >= 0; shift -= 4) {
        const digit = (byte >> shift) & 15;
        store<u8>(room++, <u8>(digit < 10 ? 48 + digit : 87 + digit));
      }
    }
  }
  return 1;
}
/** Bits from bit `from` on as i32. */
export function plain_bits(at: i32, from: i32, n: i32, out: i32): void {
  for (let i = 0; i < n; i++) {
    const bit = from + i;
    store<u32>(out + (i << 2), (<u32>load<u8>(at + (bit >> 3)) >> (bit & 7)) & 1);
  }
}
/** Values `from`, `from` + 1, ... of `total` whose bytes lie apart: all first bytes, all second ones. */
export function split_streams(at: i32, total: i32, from: i32, n: i32, width: i32, out: i32): void {
  for (let k = 0; k < width; k++) {
    const stream = at + k * total + from;
    for (let i = 0; i < n; i++) store<u8>(out + i * width + k, load<u8>(stream + i));
  }
}

/** Entries of a dictionary by their numbers; 0: one is not there. */
export function gather_4(dictionary: i32, count: u32, indices: i32, n: i32, out: i32): i32 {
  for (let i = 0; i < n; i++) {
    const k = load<u32>(indices + (i << 2));
    if (k >= count) return 0;
    store<u32>(out + (i << 2), load<u32>(dictionary + (k << 2)));
  }
  return 1;
}
export function gather_8(dictionary: i32, count: u32, indices: i32, n: i32, out: i32): i32 {
  for (let i = 0; i < n; i++) {
    const k = load<u32>(indices + (i << 2));
    if (k >= count) return 0;
    store<u64>(out + (i << 3), load<u64>(dictionary + (k << 3)));
  }
  return 1;
}
export function gather_16(dictionary: i32, count: u32, indices: i32, n: i32, out: i32): i32 {
  for (let i = 0; i < n; i++) {
    const k = load<u32>(indices + (i << 2));
    if (k >= count) return 0;
    v128.store(out + (i << 4), v128.load(dictionary + (k << 4)));
  }
  return 1;
}

/** Moves the `there` values at the front to where there is no NULL, from the end on; NULLs become 0. */
export function spread_4(values: i32, nulls: i32, n: i32, there: i32): void {
  for (let i = n - 1; i >= 0; i--) {
    const isNull = load<u8>(nulls + i) != 0;
    if (!isNull) there--;
    store<u32>(values + (i << 2), isNull ? 0 : load<u32>(values + (there << 2)));
  }
}
export function spread_8(values: i32, nulls: i32, n: i32, there: i32): void {
  for (let i = n - 1; i >= 0; i--) {
    const isNull = load<u8>(nulls + i) != 0;
    if (!isNull) there--;
    store<u64>(values + (i << 3), isNull ? 0 : load<u64>(values + (there << 3)));
  }
}
export function spread_16(values: i32, nulls: i32, n: i32, there: i32): void {
  for (let i = n - 1; i >= 0; i--) {
    const isNull = load<u8>(nulls + i) != 0;
    if (!isNull) there--;
    v128.store(values + (i << 4), isNull ? i64x2.splat(0) : v128.load(values + (there << 4)));
  }
}

/** 1970-01-01 on the scale from 2000-01-01. */
const EPOCH_DAYS: i32 = 10957;
const EPOCH_MICROS: i64 = 946684800000000;
const DAY_MICROS: i64 = 86400000000;
/** Julian day number of 2000-01-01. */
const JULIAN_2000: i32 = 2451545;

function floorDiv(a: i64, b: i64): i64 {
  const q = a / b;
  return a % b < 0 ? q - 1 : q;
}

/**
 * n values from one form into another, which may be in place when the second is not wider. -1, or the number of the first value that
 * does not fit. Forms: formats/parquet/forms.ts.
 */
export function parquet_convert(form: i32, from: i32, n: i32, to: i32, argument: i64): i32 {
  switch (form) {
    case 1: // days since 1970
      for (let i = 0; i < n; i++) {
        const days = load<i32>(from + (i << 2));
        if (days < -1000000000) return i;
        store<i32>(to + (i << 2), days - EPOCH_DAYS);
      }
      return -1;
    case 2: // milliseconds since 1970
      for (let i = 0; i < n; i++) {
        const v = load<i64>(from + (i << 3));
        if (v > 9223372036854775 || v < -9222000000000000) return i;
        store<i64>(to + (i << 3), v * 1000 - EPOCH_MICROS);
      }
      return -1;
    case 3: // microseconds
      for (let i = 0; i < n; i++) {
        const v = load<i64>(from + (i << 3));
        if (v < i64.MIN_VALUE + EPOCH_MICROS) return i;
        store<i64>(to + (i << 3), v - EPOCH_MICROS);
      }
      return -1;
    case 4: // nanoseconds
      for (let i = 0; i < n; i++) store<i64>(to + (i << 3), floorDiv(load<i64>(from + (i << 3)), 1000) - EPOCH_MICROS);
      return -1;
    case 5: // nanoseconds of a day and Julian day
      for (let i = 0; i < n; i++) {
        const nanos = load<i64>(from + i * 12);
        const day = <i64>load<i32>(from + i * 12, 8) - <i64>JULIAN_2000;
        if (day < -106751990 || day > 106751990) return i;
        store<i64>(to + (i << 3), day * DAY_MICROS + floorDiv(nanos, 1000));
      }
      return -1;
    case 6: // milliseconds of a day, 4 bytes
      for (let i = n - 1; i >= 0; i--) {
        const v = <i64>load<i32>(from + (i << 2)) * 1000;
        if (v < 0 || v > DAY_MICROS) return i;
        store<i64>(to + (i << 3), v);
      }
      return -1;
    case 7: // so many parts of a microsecond of a day
      for (let i = 0; i < n; i++) {
        const v = load<i64>(from + (i << 3)) / argument;
        if (v < 0 || v > DAY_MICROS) return i;
        store<i64>(to + (i << 3), v);
      }
      return -1;
    case 8: // 4 bytes to 8
      for (let i = n - 1; i >= 0; i--) store<i64>(to + (i << 3), <i64>load<i32>(from + (i << 2)));
      return -1;
    case 9: // 4 bytes to 16
      for (let i = n - 1; i >= 0; i--) {
        const v = <i64>load<i32>(from + (i << 2));
        store<i64>(to + (i << 4), v);
        store<i64>(to + (i << 4), v >> 63, 8);
      }
      return -1;
    case 10: // 8 bytes to 16
      for (let i = n - 1; i >= 0; i--) {
        const v = load<i64>(from + (i << 3));
        store<i64>(to + (i << 4), v);
        store<i64>(to + (i << 4), v >> 63, 8);
      }
      return -1;
    case 11: // strings of big-endian bytes to 8
      for (let i = 0; i < n; i++) {
        const s = load<u64>(from + (i << 3));
        if (!bigEndian(<u32>s, <u32>(s >> 32))) return i;
        if (wordHigh != wordLow >> 63) return i;
        store<i64>(to + (i << 3), wordLow);
      }
      return -1;
    case 12: // to 16
      for (let i = n - 1; i >= 0; i--) {
        const s = load<u64>(from + (i << 3));
        if (!bigEndian(<u32>s, <u32>(s >> 32))) return i;
        store<i64>(to + (i << 4), wordLow);
        store<i64>(to + (i << 4), wordHigh, 8);
      }
      return -1;
    case 13: // half floats, 2 bytes
      for (let i = n - 1; i >= 0; i--) store<f32>(to + (i << 2), half(<u32>load<u16>(from + (i << 1))));
      return -1;
  }
  return 0;
}
/** What bigEndian read. */
let wordLow: i64 = 0;
let wordHigh: i64 = 0;
function bigEndian(at: u32, bytes: u32): bool {
  if (bytes == 0) {
    wordLow = 0;
    wordHigh = 0;
    return true;
  }
  const sign: i64 = load<i8>(at) < 0 ? -1 : 0;
  while (bytes > 16) {
    if (<i64>load<i8>(at) != sign) return false;
    at++;
    bytes--;
    if (bytes == 16 && (load<i8>(at) < 0) != (sign < 0)) return false;
  }
  let low = sign;
  let high = sign;
  for (let i: u32 = 0; i < bytes; i++) {
    high = (high << 8) | (low >>> 56);
    low = (low << 8) | <i64>load<u8>(at + i);
  }
  wordLow = low;
  wordHigh = high;
  return true;
}
function half(h: u32): f32 {
  const sign = (h & 0x8000) << 16;
  let exponent = (h >> 10) & 31;
  let fraction = h & 0x3ff;
  if (exponent == 31) return reinterpret<f32>(sign | 0x7f800000 | (fraction << 13));
  if (exponent == 0) {
    const tiny = <f32>fraction / 16777216.0;
    return sign != 0 ? -tiny : tiny;
  }
  return reinterpret<f32>(sign | ((exponent + 112) << 23) | (fraction << 13));
}

/** Whether 16-byte numbers lie in (-limit, limit), 8-byte ones where `wide` is 0: -1, or the first that does not. */
export function check_digits(values: i32, n: i32, wide: i32, limitLow: i64, limitHigh: i64): i32 {
  for (let i = 0; i < n; i++) {
    if (wide == 0) {
      const v = load<i64>(values + (i << 3));
      if (v >= limitLow || v <= -limitLow) return i;
      continue;
    }
    let low = load<i64>(values + (i << 4));
    let high = load<i64>(values + (i << 4), 8);
    if (high < 0) {
      low = -low;
      high = ~high + (low == 0 ? 1 : 0);
      if (high < 0) return i;
    }
    if (high > limitHigh || (high == limitHigh && <u64>low >= <u64>limitLow)) return i;
  }
  return -1;
}

/**
 * Strings as they enter a column: -1, or the first that is refused, with the kind << 32: 1 longer than `length` bytes, 2 no UTF-8, 3
 * more than one byte a character where `single` says so. `replace`: the byte for what is no UTF-8, or -1. `single` 1: blanks at the end go.
 * Without `length` all are taken.
 */
export function check_strings(values: i32, n: i32, length: i32, single: i32, replace: i32): i64 {
  for (let i = 0; i < n; i++) {
    const s = load<u64>(values + (i << 3));
    const at = <i32>s;
    let bytes = <i32>(s >> 32);
    if (!isAscii(at, bytes)) {
      if (utf8_bad(at, bytes, replace >= 0) >= 0) {
        if (replace < 0) return (2 << 32) | <i64>i;
        utf8_replace(at, bytes, <u8>replace);
      }
      if (single == 1 && !isAscii(at, bytes)) return (3 << 32) | <i64>i;
    }
    if (single == 1) {
      while (bytes > 0 && load<u8>(at + bytes - 1) == 32) bytes--;
      store<u64>(values + (i << 3), bytes == 0 ? 0 : <u64><u32>at | (<u64>bytes << 32));
    }
    if (bytes > length) return (1 << 32) | <i64>i;
  }
  return -1;
}
