/**
 * Avro records of one block into columns, resumable at any record. State, infos, areas and results are those of csv.ts; IN_PTR
 * and IN_END bound the block's records, and besides:
 *
 *   +104 ROOT     program (avro-read.ts)            +108 LEFT   records of the block that are still to come
 *   +112 CONTEXT  an execution context whose floats are written with all their digits
 *   +116 TARGETS  8 bytes a column: u8 CLASS below, u8 1 = ACCEPTANYDATE; u32 values
 *   +120 ERROR    a load error cell                 +128 DATES  i64 string, +136 TIMES: programs of time-format.ts
 *
 * A column of a class from INT2 to STAMP_ZONED gets a value of its type, others a text that the parse step converts. What is
 * not of the column's kind is written as text and read as if it had come from a text file, so that conversions are the same.
 */
import {
  at, begin, BOOLEAN, BYTES, child, choice, CORRUPT, DOUBLE, end, ENUM, fail, failure, FIXED, FLOAT, INT, items, json, length,
  LONG, MAP, NO_ARRAY, NO_OBJECT, NONE, NULL, out, outEnd, putBoolean, putDecimal, putFloat, putHex, putInteger, RECORD, room,
  setAt, setFailure, setOut, skip, SMALL, spend, STRING, take, truth, UNION, varint,
} from './avro-read.ts';
import { load_bool, load_int2, load_int4, load_int8 } from './csv-load.ts';
import { load_float4, load_float8 } from './csv-float.ts';
import { load_date, load_timestamp, load_timestamptz } from './csv-time.ts';
import { check_utf8, note_record, put_field } from './csv-scan.ts';
import { RET_NULL } from './layout.ts';

const W_SCRATCH: usize = 100;
const ROOT: usize = 104;
const LEFT: usize = 108;
const CONTEXT: usize = 112;
const TARGETS: usize = 116;
const ERROR: usize = 120;
const DATES: usize = 128;
const TIMES: usize = 136;

const FULL: i32 = 0;
const NEED_INPUT: i32 = 1;
const TOO_LARGE: i32 = 3;
const SCRATCH_SMALL: i32 = 4;

// Classes of columns.
const SUPER: i32 = 1;
const VARBYTE: i32 = 2;
const INT2: i32 = 5;
const INT4: i32 = 6;
const INT8: i32 = 7;
const FLOAT4: i32 = 8;
const FLOAT8: i32 = 9;
const BOOL: i32 = 10;
const DAY: i32 = 11;
const STAMP: i32 = 12;
const STAMP_ZONED: i32 = 13;

const VALUE_BAD: i32 = 1;
/** check_utf8 of such a record is always asked. */
const UTF8_BAD: i32 = 1220;

// What the running call reads.
let state: usize = 0;
let row: i32 = 0;
/** Of a refused value: column, and its text. */
let badColumn: i32 = 0;
let badText: i64 = 0;

// @ts-ignore: decorator
@inline
function target(column: i32): usize {
  return <usize>load<u32>(state, TARGETS) + <usize>(column * 8);
}
// @ts-ignore: decorator
@inline
function slotOf(column: i32): usize {
  return <usize>(column * load<i32>(state, 44) + row);
}
function setNull(column: i32): void {
  const slot = slotOf(column);
  store<u8>(<usize>load<u32>(state, 52) + slot, 1);
  const cls = <i32>load<u8>(target(column));
  if (cls < INT2) store<i64>(<usize>load<u32>(state, 48) + (slot << 3), 0);
}
function putText(column: i32, cls: i32, text: i64): void {
  if (cls == VARBYTE) {
    store<i64>(<usize>load<u32>(state, 48) + (slotOf(column) << 3), text);
    return present(column);
  }
  put_field(state, slotOf(column), cls == SUPER ? 4 : <i32>load<u8>(<usize>load<u32>(state, 56) + column), load<i32>(state, 12), text, 0, -2);
}
// @ts-ignore: decorator
@inline
function valueAt(column: i32, width: usize): usize {
  return <usize>load<u32>(target(column), 4) + <usize>row * width;
}
// @ts-ignore: decorator
@inline
function present(column: i32): void {
  store<u8>(<usize>load<u32>(state, 52) + slotOf(column), 0);
}
function blank(text: i64): bool {
  let p = <usize>(<u32>text);
  const stop = p + <usize>(text >>> 32);
  while (p < stop && load<u8>(p) <= 32) p++;
  return p == stop;
}

/** A column of values from text, as a text file's field is converted. */
function convert(column: i32, cls: i32, text: i64): bool {
  if (blank(text)) {
    setNull(column);
    return true;
  }
  const ctx = <usize>load<u32>(state, CONTEXT);
  const err = <usize>load<u32>(state, ERROR);
  store<i32>(err, 0);
  store<i32>(ctx, 0, RET_NULL);
  const any = <i32>load<u8>(target(column), 1);
  present(column);
  switch (cls) {
    case INT2:
      store<i32>(valueAt(column, 4), load_int2(ctx, text, err));
      break;
    case INT4:
      store<i32>(valueAt(column, 4), load_int4(ctx, text, err));
      break;
    case INT8:
      store<i64>(valueAt(column, 8), load_int8(ctx, text, err));
      break;
    case FLOAT4:
      store<f32>(valueAt(column, 4), load_float4(ctx, text, err));
      break;
    case FLOAT8:
      store<f64>(valueAt(column, 8), load_float8(ctx, text, err));
      break;
    case BOOL:
      store<i32>(valueAt(column, 4), load_bool(ctx, text, err));
      break;
    case DAY:
      store<i32>(valueAt(column, 4), load_date(ctx, text, err, load<i64>(state, DATES), any));
      break;
    case STAMP:
      store<i64>(valueAt(column, 8), load_timestamp(ctx, text, err, load<i64>(state, TIMES), any));
      break;
    default:
      store<i64>(valueAt(column, 8), load_timestamptz(ctx, text, err, load<i64>(state, TIMES), any));
  }
  if (load<i32>(ctx, RET_NULL) != 0) {
    store<i32>(ctx, 0, RET_NULL);
    setNull(column);
  }
  if (load<i32>(err) == 0) return true;
  badColumn = column;
  badText = text;
  return fail(VALUE_BAD);
}
function give(column: i32, cls: i32, text: i64): bool {
  if (cls >= INT2) return convert(column, cls, text);
  putText(column, cls, text);
  return true;
}
/** The text written since `from`. */
function written(from: usize): i64 {
  return <i64>from | (<i64>(out - from) << 32);
}

function putWhole(column: i32, v: i64): bool {
  const cls = <i32>load<u8>(target(column));
  switch (cls) {
    case INT2:
      if (v < -32768 || v > 32767) break;
      store<i32>(valueAt(column, 4), <i32>v);
      present(column);
      return true;
    case INT4:
      if (v != <i64>(<i32>v)) break;
      store<i32>(valueAt(column, 4), <i32>v);
      present(column);
      return true;
    case INT8:
      store<i64>(valueAt(column, 8), v);
      present(column);
      return true;
    case FLOAT4:
      store<f32>(valueAt(column, 4), <f32>v);
      present(column);
      return true;
    case FLOAT8:
      store<f64>(valueAt(column, 8), <f64>v);
      present(column);
      return true;
  }
  const from = out;
  if (!putInteger(v)) return false;
  return give(column, cls, written(from));
}
function putReal(column: i32, v: f64, isSingle: bool): bool {
  const cls = <i32>load<u8>(target(column));
  const isFinite = v - v == 0;
  if (cls == FLOAT8 || (cls == FLOAT4 && isSingle)) {
    if (cls == FLOAT8) store<f64>(valueAt(column, 8), v);
    else store<f32>(valueAt(column, 4), <f32>v);
    present(column);
    return true;
  }
  const from = out;
  if (cls == SUPER && !isFinite) store<u8>(out, 34);
  if (cls == SUPER && !isFinite) setOut(out + 1);
  if (!putFloat(v, isSingle)) return false;
  if (cls == SUPER && !isFinite) {
    store<u8>(out, 34);
    setOut(out + 1);
  }
  return give(column, cls, written(from));
}
/** Bytes with a meaning of their own: VARBYTE wants digits, decimals are numbers, others are taken for characters. */
function putBytes(node: usize, column: i32, p: usize, n: i32): bool {
  const cls = <i32>load<u8>(target(column));
  const from = out;
  if (cls == VARBYTE) return putHex(p, n) && give(column, cls, written(from));
  if (load<i32>(node, 4) != 0) {
    if (putDecimal(p, n, load<i32>(node, 32))) return give(column, cls, written(from));
    if (failure != NONE) return false;
  }
  return give(column, cls, <i64>p | (<i64>n << 32));
}

/** The scalar at the cursor into every column of its node. */
function scalar(node: usize, list: usize): bool {
  const kind = load<i32>(node);
  const from = at;
  let v: i64 = 0;
  let real: f64 = 0;
  let p: usize = 0;
  let n: i32 = 0;
  switch (kind) {
    case NULL:
      break;
    case BOOLEAN:
      v = <i64>truth();
      if (v < 0) return false;
      break;
    case INT:
    case LONG:
      v = varint();
      if (failure != NONE) return false;
      break;
    case FLOAT:
      if (!take(4)) return false;
      real = <f64>load<f32>(at - 4);
      break;
    case DOUBLE:
      if (!take(8)) return false;
      real = load<f64>(at - 8);
      break;
    case ENUM: {
      const i = choice(node);
      if (i < 0) return false;
      const text = <usize>load<u32>(node, 20) + (<usize>i << 3);
      p = <usize>load<u32>(text);
      n = load<i32>(text, 4);
      break;
    }
    default:
      n = kind == FIXED ? load<i32>(node, 12) : length();
      if (n < 0 || !take(<usize>n)) return false;
      p = at - <usize>n;
  }
  const after = at;
  for (; load<i32>(list) >= 0; list += 4) {
    const column = load<i32>(list);
    const cls = <i32>load<u8>(target(column));
    if (cls == SUPER && kind > DOUBLE) {
      setAt(from);
      const start = out;
      if (!json(node, 0)) return false;
      putText(column, cls, written(start));
      setAt(after);
      continue;
    }
    let ok = true;
    if (kind == NULL) {
      if (cls == SUPER) {
        if (!room(8)) return false;
        store<u32>(out, 0x6c6c756e);
        putText(column, cls, <i64>out | ((<i64>4) << 32));
        setOut(out + 4);
      } else setNull(column);
    } else if (kind == BOOLEAN) ok = putTruth(column, cls, v != 0);
    else if (kind == INT || kind == LONG) ok = putWhole(column, v);
    else if (kind == FLOAT || kind == DOUBLE) ok = putReal(column, real, kind == FLOAT);
    else if (kind == BYTES || kind == FIXED) ok = putBytes(node, column, p, n);
    else ok = give(column, cls, <i64>p | (<i64>n << 32));
    if (!ok) return false;
  }
  return true;
}
function putTruth(column: i32, cls: i32, v: bool): bool {
  if (cls == BOOL) {
    store<i32>(valueAt(column, 4), v ? 1 : 0);
    present(column);
    return true;
  }
  const from = out;
  if (!room(8)) return false;
  putBoolean(v);
  return give(column, cls, written(from));
}

/** Gives a value's columns what they want of it. */
function value(node: usize, depth: i32): bool {
  if (load<i32>(node, 36) == 0) return skip(node, depth);
  const kind = load<i32>(node);
  if (kind != NULL && load<i32>(node, 40) != 0) return fail(load<i32>(node, 40));
  if (kind == UNION) {
    const branch = choice(node);
    return branch >= 0 && value(child(node, branch), depth + 1);
  }
  const list = <usize>load<u32>(node, 8);
  if (kind < RECORD) return list == 0 ? skip(node, depth) : scalar(node, list);
  const from = at;
  if (list != 0) {
    const start = out;
    if (!json(node, depth)) return false;
    const text = written(start);
    for (let p = list; load<i32>(p) >= 0; p += 4) {
      const column = load<i32>(p);
      if (!give(column, <i32>load<u8>(target(column)), text)) return false;
    }
    if (load<i32>(node, 36) == 1) return true;
    setAt(from);
  }
  if (kind == RECORD) {
    const fields = load<i32>(node, 12);
    if (!spend(fields)) return false;
    for (let i = 0; i < fields; i++) if (!value(child(node, i), depth + 1)) return false;
    return true;
  }
  return walkItems(node, depth, kind == MAP);
}
function wantedIndex(node: usize, index: i64): usize {
  const base = <usize>load<u32>(node, 28);
  for (let i: usize = 0; i < <usize>load<u32>(node, 24); i++)
    if (<i64>load<u32>(base + i * 8) == index) return <usize>load<u32>(base + i * 8, 4);
  return child(node, 0);
}
function wantedKey(node: usize, key: usize, n: i32): usize {
  const base = <usize>load<u32>(node, 28);
  for (let i: usize = 0; i < <usize>load<u32>(node, 24); i++) {
    const entry = base + i * 12;
    if (load<i32>(entry, 4) != n) continue;
    if (memory.compare(<usize>load<u32>(entry), key, n) == 0) return <usize>load<u32>(entry, 8);
  }
  return child(node, 0);
}
function walkItems(node: usize, depth: i32, isMap: bool): bool {
  const item = child(node, 0);
  let index: i64 = 0;
  while (true) {
    let n = items(item, isMap);
    if (failure != NONE) return false;
    if (n == 0) break;
    for (; n > 0; n--) {
      let next = item;
      if (isMap) {
        const key = length();
        if (key < 0) return false;
        setAt(at + <usize>key);
        next = wantedKey(node, at - <usize>key, key);
      } else next = wantedIndex(node, index);
      if (!value(next, depth + 1)) return false;
      index++;
    }
  }
  if (isMap || load<u32>(node, 24) == 0) return true;
  // The wanted ones are ascending: the last one is there.
  const last = <usize>load<u32>(node, 28) + <usize>((load<i32>(node, 24) - 1) << 3);
  return <i64>load<u32>(last) < index ? true : fail(NO_ARRAY);
}

/** One record from `at`: 1 a row, 0 a refused one, -1 it cannot go on (`failure`). */
function record(): i32 {
  const root = <usize>load<u32>(state, ROOT);
  const columns = load<i32>(state, 40);
  const start = at;
  for (let c = 0; c < columns; c++) setNull(c);
  if (!value(root, 0)) {
    const why = failure;
    if (why == SMALL || why == CORRUPT) return -1;
    setAt(start);
    setFailure(NONE);
    if (!skip(root, 0)) return -1;
    store<i32>(state, load<i32>(state, 80) + 1, 80);
    if (why != VALUE_BAD) note_record(state, row, start, at, 1216, -1, 0, why);
    else {
      const err = <usize>load<u32>(state, ERROR);
      const info = <usize>load<u32>(state, 64) + (<usize>load<i32>(state, 88) << 5);
      note_record(state, row, start, at, load<i32>(err), badColumn, load<i32>(err, 8), load<i32>(err, 4));
      // Where the text lies with its length in front, behind what the batch keeps.
      if (!room(<usize>(badText >>> 32) + 4)) return -1;
      store<u32>(out, <u32>(badText >>> 32));
      memory.copy(out + 4, <usize>(<u32>badText), <usize>(badText >>> 32));
      store<u32>(info, <u32>(out + 4), 28);
      setOut(out + 4 + <usize>(badText >>> 32));
    }
    return 0;
  }
  store<u32>(state, <u32>((out + 7) & ~7), W_SCRATCH);
  const info = <usize>load<u32>(state, 60) + (<usize>row << 5);
  const bad = check_utf8(state, row, info);
  if (bad < 0) {
    fail(SMALL);
    return -1;
  }
  setOut(<usize>load<u32>(state, W_SCRATCH));
  store<i32>(state, load<i32>(state, 80) + 1, 80);
  note_record(state, row, start, at, bad > 0 ? UTF8_BAD : 0, 0, 0, 0);
  return bad > 0 ? 0 : 1;
}

/** Records until rows or refusals are full, the block is through (1) or broken (5). */
export function scan_avro(state_: i32): i32 {
  state = <usize>state_;
  store<i32>(state, 0, 84);
  store<i32>(state, 0, 88);
  store<i32>(state, 0, 96);
  const scratch = <usize>load<u32>(state, 72);
  const from = <usize>load<u32>(state, 0);
  begin(load<i32>(state, CONTEXT), from, <usize>load<u32>(state, 4), scratch, <usize>load<u32>(state, 76));
  const max = load<i32>(state, 44);
  const limit = <usize>load<u32>(state, 92);
  row = 0;
  let result = FULL;
  while (row < max && load<i32>(state, 88) < load<i32>(state, 68)) {
    if (load<i32>(state, LEFT) == 0) {
      result = NEED_INPUT;
      break;
    }
    const start = at;
    const mark = out;
    const lines = load<i32>(state, 80);
    const refused = load<i32>(state, 88);
    const added = record();
    if (added >= 0 && at - start <= limit) {
      row += added;
      store<i32>(state, load<i32>(state, LEFT) - 1, LEFT);
      continue;
    }
    result = added >= 0 ? TOO_LARGE : failure == SMALL ? SCRATCH_SMALL : CORRUPT;
    setAt(start);
    setOut(mark);
    store<i32>(state, lines, 80);
    store<i32>(state, refused, 88);
    break;
  }
  store<u32>(state, <u32>at, 0);
  store<i32>(state, row, 84);
  return result;
}
/**
 * The record at `from` as JSON text, written where scratch is free; how many bytes of it there is room for (at least 0). Batches
 * stay as they are.
 */
export function avro_record_text(state_: i32, from: i32, bytes: i32, to: i32, toEnd: i32): i32 {
  state = <usize>state_;
  begin(load<i32>(state, CONTEXT), <usize>from, <usize>(from + bytes), <usize>to, <usize>toEnd);
  json(<usize>load<u32>(state, ROOT), 0);
  return <i32>out - to;
}
