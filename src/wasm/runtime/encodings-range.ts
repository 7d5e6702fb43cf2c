/**
 * Range tests on encoded integer chunks, for the scan's selection: chunk_range narrows a byte mask (0xff = row passes)
 * to the rows with low <= value <= high, comparing frame-of-reference codes as they lie, 16 rows at a time; mask_select
 * turns the mask into row numbers. Reads and writes run up to 15 rows past `count`: masks and chunks have that slack.
 */
import {
  AUX_AT, BASE_LOW, DATA_AT, ENTRIES, LAYOUT, LAYOUT_AZ64, LAYOUT_BYTEDICT, LAYOUT_RAW, PHYS, PHYS_I128, PHYS_I32, PHYS_STR, WIDTH,
} from './encodings-layout.ts';
import { chunk_decode } from './encodings-decode.ts';

/**
 * mask[i] = (first ? all : mask[i]) and low <= row start+i <= high. `scratch` is the column's vector: chunks that cannot
 * be compared in place are decoded into it. The chunk holds no NULL.
 */
export function chunk_range(chunk_: i32, start: i32, count: i32, low: i64, high: i64, mask_: i32, first: i32, scratch: i32): void {
  let chunk = <usize><u32>chunk_;
  let mask = <usize><u32>mask_;
  let layout = <u32>load<u8>(chunk, LAYOUT);
  let phys = <u32>load<u8>(chunk, PHYS);
  let width = <u32>load<u8>(chunk, WIDTH);
  if (low > high) {
    memory.fill(mask, 0, count);
    return;
  }
  if (layout == LAYOUT_AZ64 && (width == 1 || width == 2 || (width == 4 && phys != PHYS_I32))) {
    let from = chunk + load<u32>(chunk, DATA_AT) + <usize>start * width;
    let base = load<i64>(chunk, BASE_LOW);
    let top: i64 = width == 1 ? 0xff : width == 2 ? 0xffff : 0xffffffff;
    // Codes are value - base; a bound outside the code range is the range's end. Differences cannot overflow usefully.
    if (high < base || low > base + top) {
      memory.fill(mask, 0, count);
      return;
    }
    let lo = low <= base ? 0 : low - base;
    let hi = high >= base + top ? top : high - base;
    if (width == 1) codes8(from, count, <i32>lo, <i32>hi, mask, first);
    else if (width == 2) codes16(from, count, <i32>lo, <i32>hi, mask, first);
    else codes32(from, count, <i32>lo, <i32>hi, mask, first);
    return;
  }
  let values: usize;
  if (layout == LAYOUT_RAW && width == (phys == PHYS_I32 ? 4 : 8)) {
    values = chunk + load<u32>(chunk, DATA_AT) + <usize>start * width;
  } else {
    chunk_decode(chunk_, start, count, scratch, 0);
    values = <usize><u32>scratch;
  }
  if (phys != PHYS_I32) {
    values64(values, count, low, high, mask, first);
    return;
  }
  if (high < -2147483648 || low > 2147483647) {
    memory.fill(mask, 0, count);
    return;
  }
  let lo = <i32>max<i64>(low, -2147483648);
  let hi = <i32>min<i64>(high, 2147483647);
  codes32(values, count, lo, hi, mask, first);
}

// @ts-ignore: decorator
@inline
function put(mask: usize, pass: v128, first: i32): void {
  v128.store(mask, first ? pass : v128.and(v128.load(mask), pass));
}
/** Unsigned (v - lo) <= hi - lo holds exactly for lo <= v <= hi, in wrapping arithmetic. */
function codes8(from: usize, count: i32, lo: i32, hi: i32, mask: usize, first: i32): void {
  let l = i8x16.splat(<i8>lo), span = i8x16.splat(<i8>(hi - lo));
  for (let i = 0; i < count; i += 16) put(mask + i, i8x16.le_u(i8x16.sub(v128.load(from + i), l), span), first);
}
function codes16(from: usize, count: i32, lo: i32, hi: i32, mask: usize, first: i32): void {
  let l = i16x8.splat(<i16>lo), span = i16x8.splat(<i16>(hi - lo));
  for (let i = 0; i < count; i += 16) {
    let at = from + (<usize>i << 1);
    let a = i16x8.le_u(i16x8.sub(v128.load(at), l), span);
    let b = i16x8.le_u(i16x8.sub(v128.load(at, 16), l), span);
    put(mask + i, i8x16.narrow_i16x8_s(a, b), first);
  }
}
function codes32(from: usize, count: i32, lo: i32, hi: i32, mask: usize, first: i32): void {
  let l = i32x4.splat(lo), span = i32x4.splat(hi - lo);
  for (let i = 0; i < count; i += 16) {
    let at = from + (<usize>i << 2);
    let a = i32x4.le_u(i32x4.sub(v128.load(at), l), span);
    let b = i32x4.le_u(i32x4.sub(v128.load(at, 16), l), span);
    let c = i32x4.le_u(i32x4.sub(v128.load(at, 32), l), span);
    let d = i32x4.le_u(i32x4.sub(v128.load(at, 48), l), span);
    put(mask + i, i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)), first);
  }
}
// @ts-ignore: decorator
@inline
function inside(at: usize, l: v128, h: v128): v128 {
  let v = v128.load(at);
  return v128.and(i64x2.ge_s(v, l), i64x2.le_s(v, h));
}
/** Low halves of two pairs of 64-bit masks. */
// @ts-ignore: decorator
@inline
function pair(at: usize, l: v128, h: v128): v128 {
  return i8x16.shuffle(inside(at, l, h), inside(at + 16, l, h), 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}
function values64(from: usize, count: i32, low: i64, high: i64, mask: usize, first: i32): void {
  let l = i64x2.splat(low), h = i64x2.splat(high);
  for (let i = 0; i < count; i += 16) {
    let at = from + (<usize>i << 3);
    let x = i16x8.narrow_i32x4_s(pair(at, l, h), pair(at + 32, l, h));
    let y = i16x8.narrow_i32x4_s(pair(at + 64, l, h), pair(at + 96, l, h));
    put(mask + i, i8x16.narrow_i16x8_s(x, y), first);
  }
}
/** Takes rows with a set byte at `hidden` out of the mask. */
export function mask_hide(mask_: i32, hidden_: i32, count: i32): void {
  let mask = <usize><u32>mask_, hidden = <usize><u32>hidden_;
  let zero = i8x16.splat(0);
  for (let i = 0; i < count; i += 16) v128.store(mask + i, v128.and(v128.load(mask + i), i8x16.eq(v128.load(hidden + i), zero)));
}
/** Row numbers of the set bytes, in order; returns how many. */
export function mask_select(mask_: i32, count: i32, out_: i32): i32 {
  let mask = <usize><u32>mask_, out = <usize><u32>out_;
  let n: usize = 0;
  for (let i = 0; i < count; i += 16) {
    let bits = i8x16.bitmask(v128.load(mask + i));
    if (count - i < 16) bits &= (1 << (count - i)) - 1;
    if (bits == 0xffff) {
      let at = out + (n << 2);
      let v = i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3));
      v128.store(at, v);
      v128.store(at, i32x4.add(v, i32x4.splat(4)), 16);
      v128.store(at, i32x4.add(v, i32x4.splat(8)), 32);
      v128.store(at, i32x4.add(v, i32x4.splat(12)), 48);
      n += 16;
      continue;
    }
    while (bits != 0) {
      store<i32>(out + (n << 2), i + ctz(bits));
      n++;
      bits &= bits - 1;
    }
  }
  return <i32>n;
}
/**
 * Like chunk_decode, but only the rows start + rows[k] of a chunk without NULL, each at its place in the vector. For
 * batches of which a selection left little. Layouts that gain nothing from it are decoded whole.
 */
export function chunk_decode_rows(chunk_: i32, start: i32, count: i32, rows_: i32, selected: i32, out_: i32): void {
  let chunk = <usize><u32>chunk_, out = <usize><u32>out_, rows = <usize><u32>rows_;
  let layout = <u32>load<u8>(chunk, LAYOUT);
  let phys = <u32>load<u8>(chunk, PHYS);
  let width = <u32>load<u8>(chunk, WIDTH);
  let end = rows + (<usize>selected << 2);
  if (layout == LAYOUT_AZ64 && width != 0 && phys != PHYS_I128) {
    let from = chunk + load<u32>(chunk, DATA_AT) + <usize>start * width;
    let base = load<i64>(chunk, BASE_LOW);
    let narrow = phys == PHYS_I32;
    for (; rows < end; rows += 4) {
      let row = <usize>load<u32>(rows);
      let v = base + (width == 1 ? <i64>load<u8>(from + row) : width == 2 ? <i64>load<u16>(from + (row << 1))
        : width == 4 ? <i64>load<u32>(from + (row << 2)) : load<i64>(from + (row << 3)));
      if (narrow) store<i32>(out + (row << 2), <i32>v);
      else store<i64>(out + (row << 3), v);
    }
    return;
  }
  if (phys == PHYS_STR && (layout == LAYOUT_RAW || layout == LAYOUT_BYTEDICT)) {
    let dictionary = layout == LAYOUT_BYTEDICT;
    let data = chunk + load<u32>(chunk, DATA_AT) + (dictionary ? start : start << 2);
    let ends = dictionary ? chunk + load<u32>(chunk, AUX_AT) : data;
    let bytes = dictionary ? <u32>ends + ((load<u32>(chunk, ENTRIES) + 1) << 2) : <u32>chunk + load<u32>(chunk, AUX_AT);
    for (; rows < end; rows += 4) {
      let row = <usize>load<u32>(rows);
      let at = ends + ((dictionary ? <usize>load<u8>(data + row) : row) << 2);
      let from = load<u32>(at);
      store<u64>(out + (row << 3), <u64>(bytes + from) | (<u64>(load<u32>(at, 4) - from) << 32));
    }
    return;
  }
  chunk_decode(chunk_, start, count, out_, 0);
}
