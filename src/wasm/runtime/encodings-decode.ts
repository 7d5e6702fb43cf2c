/**
 * chunk_decode: rows of an encoded chunk into a vector of physical values, and its null bitmap into null bytes. This is
 * the innermost loop of every scan, so each layout and width has its own SIMD loop; a string becomes address and
 * length of bytes inside the chunk, which the caller keeps pinned. The value of a NULL row is unspecified.
 */
import {
  AUX_AT, BASE_HIGH, BASE_LOW, DATA_AT, ENTRIES, LAYOUT, LAYOUT_AZ64, LAYOUT_BYTEDICT, LAYOUT_RAW, NULLS_AT, NULL_COUNT,
  PHYS, PHYS_I128, PHYS_I32, PHYS_STR, STEP, WIDTH, vectorWidth,
} from './encodings-layout.ts';

/** Writes `count` values from row `start`; null bytes only (and result 1) when the chunk holds a NULL somewhere. */
export function chunk_decode(chunk_: i32, start_: i32, count_: i32, out_: i32, nulls_: i32): i32 {
  let chunk = <usize><u32>chunk_, out = <usize><u32>out_;
  let start = <u32>start_, count = <u32>count_;
  let layout = <u32>load<u8>(chunk, LAYOUT);
  let phys = <u32>load<u8>(chunk, PHYS);
  if (layout == LAYOUT_AZ64) {
    if (phys == PHYS_I32) az64_32(chunk, start, count, out);
    else if (phys == PHYS_I128) az64_128(chunk, start, count, out);
    else az64_64(chunk, start, count, out);
  } else if (layout == LAYOUT_RAW) raw(chunk, start, count, out, phys);
  else if (layout == LAYOUT_BYTEDICT) bytedict(chunk, start, count, out, phys);
  else runlength(chunk, start, count, out, phys);
  if (load<u32>(chunk, NULL_COUNT) == 0) return 0;
  expandNulls(chunk + load<u32>(chunk, NULLS_AT), start, count, <usize><u32>nulls_);
  return 1;
}

/** Bitmap (bit set = NULL) to one byte a row; eight rows at a time once the row number is a multiple of eight. */
function expandNulls(bitmap: usize, start: u32, count: u32, out: usize): void {
  let end = start + count;
  let row = start;
  while (row < end && (row & 7)) {
    store<u8>(out + (row - start), (load<u8>(bitmap + (row >> 3)) >> <u8>(row & 7)) & 1);
    row++;
  }
  while (row + 8 <= end) {
    let b = <u64>load<u8>(bitmap + (row >> 3));
    if (b == 0) store<u64>(out + (row - start), 0);
    else {
      let spread = (b * 0x0101010101010101) & 0x8040201008040201;
      // Each byte holds its own bit or nothing; adding 0x7f.. carries any set bit into bit 7.
      let low = ((spread & 0x7f7f7f7f7f7f7f7f) + 0x7f7f7f7f7f7f7f7f) | spread;
      store<u64>(out + (row - start), (low >> 7) & 0x0101010101010101);
    }
    row += 8;
  }
  while (row < end) {
    store<u8>(out + (row - start), (load<u8>(bitmap + (row >> 3)) >> <u8>(row & 7)) & 1);
    row++;
  }
}

function raw(chunk: usize, start: u32, count: u32, out: usize, phys: u32): void {
  let data = chunk + load<u32>(chunk, DATA_AT);
  if (phys == PHYS_STR) {
    strings(data + (<usize>start << 2), chunk + load<u32>(chunk, AUX_AT), count, out);
    return;
  }
  let width = <u32>load<u8>(chunk, WIDTH);
  if (width == vectorWidth(phys)) {
    memory.copy(out, data + <usize>start * width, <usize>count * width);
  } else if (width == 1) {
    widen8(data + start, count, out, 0);
  } else {
    let from = data + (<usize>start << 1);
    let i: u32 = 0;
    for (; i + 4 <= count; i += 4) v128.store(out + (i << 2), v128.load16x4_s(from + (i << 1)));
    for (; i < count; i++) store<i32>(out + (i << 2), <i32>load<i16>(from + (i << 1)));
  }
}

/** Offsets (count + 1 of them from `ends`) to address | length << 32, four strings at a time. */
function strings(ends: usize, bytes: usize, count: u32, out: usize): void {
  let base = i32x4.splat(<i32>bytes);
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    let from = v128.load(ends + (i << 2));
    let length = i32x4.sub(v128.load(ends + (i << 2), 4), from);
    let at = i32x4.add(from, base);
    v128.store(out + (i << 3), i8x16.shuffle(at, length, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23));
    v128.store(out + (i << 3), i8x16.shuffle(at, length, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31), 16);
  }
  for (; i < count; i++) {
    let from = load<u32>(ends + (i << 2));
    store<u32>(out + (i << 3), <u32>bytes + from);
    store<u32>(out + (i << 3), load<u32>(ends + (i << 2), 4) - from, 4);
  }
}

/** Unsigned bytes to i32 with a base added. */
function widen8(from: usize, count: u32, out: usize, base: i32): void {
  let add = i32x4.splat(base);
  let i: u32 = 0;
  for (; i + 8 <= count; i += 8) {
    let half = v128.load8x8_u(from + i);
    v128.store(out + (i << 2), i32x4.add(i32x4.extend_low_i16x8_u(half), add));
    v128.store(out + (i << 2), i32x4.add(i32x4.extend_high_i16x8_u(half), add), 16);
  }
  for (; i < count; i++) store<i32>(out + (i << 2), <i32>load<u8>(from + i) + base);
}

function az64_32(chunk: usize, start: u32, count: u32, out: usize): void {
  let width = <u32>load<u8>(chunk, WIDTH);
  let base = <i32>load<i64>(chunk, BASE_LOW);
  let from = chunk + load<u32>(chunk, DATA_AT) + <usize>start * width;
  let add = i32x4.splat(base);
  let i: u32 = 0;
  if (width == 0) {
    let step = <i32>load<i64>(chunk, STEP);
    let value = base + <i32>start * step;
    let lanes = i32x4.add(i32x4.splat(value), i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3)));
    let stride = i32x4.splat(step << 2);
    for (; i + 4 <= count; i += 4) {
      v128.store(out + (i << 2), lanes);
      lanes = i32x4.add(lanes, stride);
    }
    for (; i < count; i++) store<i32>(out + (i << 2), value + <i32>i * step);
  } else if (width == 1) {
    widen8(from, count, out, base);
  } else if (width == 2) {
    for (; i + 4 <= count; i += 4) v128.store(out + (i << 2), i32x4.add(v128.load16x4_u(from + (i << 1)), add));
    for (; i < count; i++) store<i32>(out + (i << 2), <i32>load<u16>(from + (i << 1)) + base);
  } else {
    for (; i + 4 <= count; i += 4) v128.store(out + (i << 2), i32x4.add(v128.load(from + (i << 2)), add));
    for (; i < count; i++) store<i32>(out + (i << 2), load<i32>(from + (i << 2)) + base);
  }
}

function az64_64(chunk: usize, start: u32, count: u32, out: usize): void {
  let width = <u32>load<u8>(chunk, WIDTH);
  let base = load<i64>(chunk, BASE_LOW);
  let from = chunk + load<u32>(chunk, DATA_AT) + <usize>start * width;
  let add = i64x2.splat(base);
  let i: u32 = 0;
  if (width == 0) {
    let step = load<i64>(chunk, STEP);
    let value = base + <i64>start * step;
    let lanes = i64x2.replace_lane(i64x2.splat(value), 1, value + step);
    let stride = i64x2.splat(step << 1);
    for (; i + 2 <= count; i += 2) {
      v128.store(out + (i << 3), lanes);
      lanes = i64x2.add(lanes, stride);
    }
    for (; i < count; i++) store<i64>(out + (i << 3), value + <i64>i * step);
  } else if (width == 1) {
    for (; i + 4 <= count; i += 4) {
      let four = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from + i)));
      v128.store(out + (i << 3), i64x2.add(i64x2.extend_low_i32x4_u(four), add));
      v128.store(out + (i << 3), i64x2.add(i64x2.extend_high_i32x4_u(four), add), 16);
    }
    for (; i < count; i++) store<i64>(out + (i << 3), <i64>load<u8>(from + i) + base);
  } else if (width == 2) {
    for (; i + 4 <= count; i += 4) {
      let four = v128.load16x4_u(from + (i << 1));
      v128.store(out + (i << 3), i64x2.add(i64x2.extend_low_i32x4_u(four), add));
      v128.store(out + (i << 3), i64x2.add(i64x2.extend_high_i32x4_u(four), add), 16);
    }
    for (; i < count; i++) store<i64>(out + (i << 3), <i64>load<u16>(from + (i << 1)) + base);
  } else if (width == 4) {
    for (; i + 4 <= count; i += 4) {
      v128.store(out + (i << 3), i64x2.add(v128.load32x2_u(from + (i << 2)), add));
      v128.store(out + (i << 3), i64x2.add(v128.load32x2_u(from + (i << 2), 8), add), 16);
    }
    for (; i < count; i++) store<i64>(out + (i << 3), <i64>load<u32>(from + (i << 2)) + base);
  } else {
    for (; i + 2 <= count; i += 2) v128.store(out + (i << 3), i64x2.add(v128.load(from + (i << 3)), add));
    for (; i < count; i++) store<i64>(out + (i << 3), load<i64>(from + (i << 3)) + base);
  }
}

function az64_128(chunk: usize, start: u32, count: u32, out: usize): void {
  let width = <u32>load<u8>(chunk, WIDTH);
  let low = load<u64>(chunk, BASE_LOW), high = load<i64>(chunk, BASE_HIGH);
  let from = chunk + load<u32>(chunk, DATA_AT) + <usize>start * width;
  for (let i: u32 = 0; i < count; i++, out += 16, from += width) {
    let delta: u64 = 0;
    if (width == 1) delta = <u64>load<u8>(from);
    else if (width == 2) delta = <u64>load<u16>(from);
    else if (width == 4) delta = <u64>load<u32>(from);
    else if (width == 8) delta = load<u64>(from);
    let sum = low + delta;
    store<u64>(out, sum);
    store<i64>(out, high + <i64>(sum < low), 8);
  }
}

function bytedict(chunk: usize, start: u32, count: u32, out: usize, phys: u32): void {
  let codes = chunk + load<u32>(chunk, DATA_AT) + start;
  let entries = chunk + load<u32>(chunk, AUX_AT);
  if (phys == PHYS_STR) {
    let bytes = <u32>entries + ((load<u32>(chunk, ENTRIES) + 1) << 2);
    for (let i: u32 = 0; i < count; i++) {
      let at = entries + (<usize>load<u8>(codes + i) << 2);
      let from = load<u32>(at);
      store<u64>(out + (i << 3), <u64>(bytes + from) | (<u64>(load<u32>(at, 4) - from) << 32));
    }
  } else if (phys == PHYS_I128) {
    for (let i: u32 = 0; i < count; i++) v128.store(out + (i << 4), v128.load(entries + (<usize>load<u8>(codes + i) << 4)));
  } else if (vectorWidth(phys) == 4) {
    for (let i: u32 = 0; i < count; i++) store<u32>(out + (i << 2), load<u32>(entries + (<usize>load<u8>(codes + i) << 2)));
  } else {
    for (let i: u32 = 0; i < count; i++) store<u64>(out + (i << 3), load<u64>(entries + (<usize>load<u8>(codes + i) << 3)));
  }
}

/** First run whose end lies behind `row`. */
function findRun(ends: usize, runs: u32, row: u32): u32 {
  let low: u32 = 0, high = runs;
  while (low < high) {
    let middle = (low + high) >> 1;
    if (load<u32>(ends + (middle << 2)) <= row) low = middle + 1;
    else high = middle;
  }
  return low;
}

function runlength(chunk: usize, start: u32, count: u32, out: usize, phys: u32): void {
  let ends = chunk + load<u32>(chunk, DATA_AT);
  let values = chunk + load<u32>(chunk, AUX_AT);
  let runs = load<u32>(chunk, ENTRIES);
  let width = vectorWidth(phys);
  let bytes = <u32>values + ((runs + 1) << 2);
  let last = start + count;
  let row = start;
  let run = findRun(ends, runs, row);
  while (row < last) {
    let end = min(load<u32>(ends + (run << 2)), last);
    if (width == 4) {
      let value = load<u32>(values + (run << 2));
      for (; row < end; row++, out += 4) store<u32>(out, value);
    } else if (width == 16) {
      let value = v128.load(values + (run << 4));
      for (; row < end; row++, out += 16) v128.store(out, value);
    } else {
      let value: u64;
      if (phys == PHYS_STR) {
        let from = load<u32>(values + (run << 2));
        value = <u64>(bytes + from) | (<u64>(load<u32>(values + (run << 2), 4) - from) << 32);
      } else value = load<u64>(values + (run << 3));
      for (; row < end; row++, out += 8) store<u64>(out, value);
    }
    run++;
  }
}
