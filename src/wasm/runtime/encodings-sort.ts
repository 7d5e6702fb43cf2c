/**
 * Sorting rows by a compound sort key and merging sorted runs. A key is a list of column descriptors (16 bytes each:
 * u32 phys, u32 values, u32 nulls or 0, u32 unused); rows compare column by column, ascending, NULL last. Each row also
 * has a u64 prefix that grows with its first column, so most comparisons read one word. The sort is stable.
 */
import { foldedCompare, foldedPrefix } from './collation.ts';
import { PHYS_F32, PHYS_F64, PHYS_FOLDED, PHYS_I128, PHYS_I32, PHYS_I64, isNull } from './encodings-layout.ts';
import { stringPrefix } from './encodings-encode.ts';

// @ts-ignore: decorator
@inline
function orderFloat(value: f64): u64 {
  if (value != value) return u64.MAX_VALUE - 1;
  let bits = reinterpret<u64>(value == 0 ? 0.0 : value);
  return bits >> 63 ? ~bits : bits | 0x8000000000000000;
}

/** u64 per row that grows with the column's value; NULL gives the largest. */
export function sort_prefixes(key: i32, rows: i32, out: i32): void {
  let k = <usize><u32>key;
  let phys = load<u32>(k), values = <usize>load<u32>(k, 4), nulls = <usize>load<u32>(k, 8);
  for (let row: u32 = 0; row < <u32>rows; row++) {
    let prefix: u64;
    if (isNull(nulls, row)) prefix = u64.MAX_VALUE;
    else if (phys == PHYS_I32) prefix = <u64><i64>load<i32>(values + (<usize>row << 2)) ^ 0x8000000000000000;
    else if (phys == PHYS_I64) prefix = load<u64>(values + (<usize>row << 3)) ^ 0x8000000000000000;
    else if (phys == PHYS_F32) prefix = orderFloat(<f64>load<f32>(values + (<usize>row << 2)));
    else if (phys == PHYS_F64) prefix = orderFloat(load<f64>(values + (<usize>row << 3)));
    else if (phys == PHYS_I128) prefix = load<u64>(values + (<usize>row << 4), 8) ^ 0x8000000000000000;
    else if (phys == PHYS_FOLDED) prefix = foldedPrefix(load<u64>(values + (<usize>row << 3)));
    else prefix = stringPrefix(load<u64>(values + (<usize>row << 3)));
    store<u64>(<usize><u32>out + (<usize>row << 3), prefix);
  }
}

function compareStrings(a: u64, b: u64, folded: bool): i32 {
  let pa = <usize>(a & 0xffffffff), pb = <usize>(b & 0xffffffff);
  let la = <u32>(a >> 32), lb = <u32>(b >> 32);
  while (la > 0 && load<u8>(pa + la - 1) == 0x20) la--;
  while (lb > 0 && load<u8>(pb + lb - 1) == 0x20) lb--;
  if (folded) return foldedCompare(<i32>pa, la, <i32>pb, lb);
  let shorter = min(la, lb);
  for (let i: u32 = 0; i < shorter; i++) {
    let x = load<u8>(pa + i), y = load<u8>(pb + i);
    if (x != y) return x < y ? -1 : 1;
  }
  return la == lb ? 0 : la < lb ? -1 : 1;
}

function compareRows(keyA: usize, rowA: u32, keyB: usize, rowB: u32, columns: u32): i32 {
  for (let c: u32 = 0; c < columns; c++, keyA += 16, keyB += 16) {
    let nullA = isNull(<usize>load<u32>(keyA, 8), rowA), nullB = isNull(<usize>load<u32>(keyB, 8), rowB);
    if (nullA || nullB) {
      if (nullA && nullB) continue;
      return nullA ? 1 : -1;
    }
    let phys = load<u32>(keyA);
    let va = <usize>load<u32>(keyA, 4), vb = <usize>load<u32>(keyB, 4);
    if (phys == PHYS_I32) {
      let a = load<i32>(va + (<usize>rowA << 2)), b = load<i32>(vb + (<usize>rowB << 2));
      if (a != b) return a < b ? -1 : 1;
    } else if (phys == PHYS_I64) {
      let a = load<i64>(va + (<usize>rowA << 3)), b = load<i64>(vb + (<usize>rowB << 3));
      if (a != b) return a < b ? -1 : 1;
    } else if (phys == PHYS_F32 || phys == PHYS_F64) {
      let wide = phys == PHYS_F64;
      let a = orderFloat(wide ? load<f64>(va + (<usize>rowA << 3)) : <f64>load<f32>(va + (<usize>rowA << 2)));
      let b = orderFloat(wide ? load<f64>(vb + (<usize>rowB << 3)) : <f64>load<f32>(vb + (<usize>rowB << 2)));
      if (a != b) return a < b ? -1 : 1;
    } else if (phys == PHYS_I128) {
      let a = load<i64>(va + (<usize>rowA << 4), 8), b = load<i64>(vb + (<usize>rowB << 4), 8);
      if (a != b) return a < b ? -1 : 1;
      let x = load<u64>(va + (<usize>rowA << 4)), y = load<u64>(vb + (<usize>rowB << 4));
      if (x != y) return x < y ? -1 : 1;
    } else {
      let a = load<u64>(va + (<usize>rowA << 3)), b = load<u64>(vb + (<usize>rowB << 3));
      let order = compareStrings(a, b, phys == PHYS_FOLDED);
      if (order != 0) return order;
    }
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function inOrder(key: usize, columns: u32, prefixes: usize, a: u32, b: u32): bool {
  let pa = load<u64>(prefixes + (<usize>a << 3)), pb = load<u64>(prefixes + (<usize>b << 3));
  if (pa != pb) return pa < pb;
  return compareRows(key, a, key, b, columns) <= 0;
}

/**
 * Begins to sort rows [start, end) (`start` is a multiple of 16): their numbers at `index`, in order within every 16.
 * Returns 1 when they, and the row before them, were in order already.
 */
export function sort_begin(key: i32, columns: i32, prefixes: i32, start: i32, end: i32, index: i32): i32 {
  let k = <usize><u32>key, p = <usize><u32>prefixes, at = <usize><u32>index;
  let sorted = true;
  for (let row = <u32>start; row < <u32>end; row++) {
    store<u32>(at + (<usize>row << 2), row);
    if (sorted && row > 0 && !inOrder(k, columns, p, row - 1, row)) sorted = false;
  }
  if (sorted) return 1;
  for (let from = <u32>start; from < <u32>end; from += 16) {
    insertionSort(k, columns, p, at, from, min(from + 16, <u32>end));
  }
  return 0;
}

/** Merges pairs of neighbours of `width` sorted row numbers each, those that begin in [start, end), from `from` to `to`. */
export function sort_merge(
  key: i32, columns: i32, prefixes: i32, rows: i32, from: i32, to: i32, width: i32, start: i32, end: i32,
): void {
  let k = <usize><u32>key, p = <usize><u32>prefixes;
  let n = <u32>rows, w = <u32>width;
  for (let at = <u32>start; at < <u32>end; at += w << 1) {
    mergePair(k, columns, p, <usize><u32>from, <usize><u32>to, at, min(at + w, n), min(at + (w << 1), n));
  }
}

function insertionSort(key: usize, columns: u32, prefixes: usize, index: usize, start: u32, end: u32): void {
  for (let i = start + 1; i < end; i++) {
    let row = load<u32>(index + (<usize>i << 2));
    let j = i;
    while (j > start) {
      let before = load<u32>(index + (<usize>(j - 1) << 2));
      if (inOrder(key, columns, prefixes, before, row)) break;
      store<u32>(index + (<usize>j << 2), before);
      j--;
    }
    store<u32>(index + (<usize>j << 2), row);
  }
}

function mergePair(
  key: usize, columns: u32, prefixes: usize, from: usize, to: usize, start: u32, middle: u32, end: u32,
): void {
  let a = start, b = middle, o = start;
  while (a < middle && b < end) {
    let rowA = load<u32>(from + (<usize>a << 2)), rowB = load<u32>(from + (<usize>b << 2));
    if (inOrder(key, columns, prefixes, rowA, rowB)) {
      store<u32>(to + (<usize>o << 2), rowA);
      a++;
    } else {
      store<u32>(to + (<usize>o << 2), rowB);
      b++;
    }
    o++;
  }
  if (a < middle) memory.copy(to + (<usize>o << 2), from + (<usize>a << 2), <usize>(middle - a) << 2);
  else if (b < end) memory.copy(to + (<usize>o << 2), from + (<usize>b << 2), <usize>(end - b) << 2);
}

/**
 * Picks rows of `runs` sorted cursors in key order until `max` picks or until a cursor is used up. A cursor is 16 bytes:
 * u32 key, u32 prefixes, u32 position, u32 end; a cursor with position = end is left out. Equal rows come from the
 * earlier cursor first. Picks are u32 run, u32 row. Returns the number of picks.
 */
export function merge_runs(cursors: i32, runs: i32, columns: i32, picks: i32, max: i32): i32 {
  let c = <usize><u32>cursors;
  let count: i32 = 0;
  while (count < max) {
    let best: i32 = -1;
    let bestPrefix: u64 = 0;
    for (let run: i32 = 0; run < runs; run++) {
      let cursor = c + (<usize>run << 4);
      let row = load<u32>(cursor, 8);
      if (row == load<u32>(cursor, 12)) continue;
      let prefix = load<u64>(<usize>load<u32>(cursor, 4) + (<usize>row << 3));
      if (best >= 0) {
        if (prefix > bestPrefix) continue;
        if (prefix == bestPrefix) {
          let other = c + (<usize>best << 4);
          let order = compareRows(
            <usize>load<u32>(cursor), row, <usize>load<u32>(other), load<u32>(other, 8), <u32>columns,
          );
          if (order >= 0) continue;
        }
      }
      best = run;
      bestPrefix = prefix;
    }
    if (best < 0) break;
    let cursor = c + (<usize>best << 4);
    let row = load<u32>(cursor, 8);
    store<u32>(<usize><u32>picks + (<usize>count << 3), <u32>best);
    store<u32>(<usize><u32>picks + (<usize>count << 3), row, 4);
    store<u32>(cursor, row + 1, 8);
    count++;
    if (row + 1 == load<u32>(cursor, 12)) break;
  }
  return count;
}
