/**
 * Writes SUPER values (super-form.ts) from front to back: a buffer that grows, a stack of the items that open containers have
 * so far, and the dictionary of keys. One value at a time is being built; what stands here are its registers.
 *
 *   beginBuild                    then, for the root and for each item: put... or open, items (each followed by item), close
 *   finishBuild                   the value, with its dictionary in front when it has keys
 */
import { alloc_scratch } from './alloc.ts';
import { fail, SUPER_TOO_LARGE } from './errors.ts';
import { makeStr, put8 } from './layout.ts';
import { bytesEqual, hash_bytes64 } from './strings-core.ts';
import {
  ARRAY, BYTES_MAX, DECIMAL, dictOf, DOCUMENT, DOCUMENT_HEAD, FALSE, FLOAT4, FLOAT8, INTEGER, itemEnd, itemStart, countOf,
  keyAt, keyEnd, keyStart, NULL, OBJECT, rootOf, STRING, TAIL, tagOf, TRUE,
} from './super-form.ts';

/** The buffer: where it starts, is written next and ends. */
let START: i32 = 0;
let AT: i32 = 0;
let LIMIT: i32 = 0;
/** Items of open containers: { i32 end from the buffer's start, i32 key number }. */
let ITEMS: i32 = 0;
let ITEM: i32 = 0;
let ITEMS_LIMIT: i32 = 0;
/** Keys: { i32 address, i32 length, i32 hash, i32 the last object that has it }, and a table of key number + 1. */
let KEYS: i32 = 0;
let KEY_COUNT: i32 = 0;
let KEYS_LIMIT: i32 = 0;
let TABLE: i32 = 0;
let TABLE_MASK: i32 = 0;
/** The key that would follow the last one: objects of one shape need no look-up. */
let NEXT_KEY: i32 = 0;
let OBJECTS: i32 = 0;

const ITEM_BYTES: i32 = 8;
const KEY_BYTES: i32 = 16;
const FIRST_ITEMS: i32 = 32;
const FIRST_KEYS: i32 = 16;
/** A larger buffer grows by a quarter: two of them are in memory while one is copied. */
const DOUBLED_MAX: i32 = 1048576;
/** Behind what is written, so that eight bytes may be stored at its end. */
const SLACK: i32 = 24;

export function beginBuild(ctx: i32, bytes: i32): bool {
  START = alloc_scratch(ctx, <i64>bytes + SLACK);
  AT = START;
  LIMIT = START + bytes;
  ITEMS = 0;
  ITEM = 0;
  ITEMS_LIMIT = 0;
  KEYS = 0;
  KEY_COUNT = 0;
  KEYS_LIMIT = 0;
  TABLE = 0;
  NEXT_KEY = 0;
  OBJECTS = 0;
  return START != 0;
}
/** Makes sure that `bytes` more can be written; false after an error. */
export function room(ctx: i32, bytes: i32): bool {
  if (AT + bytes <= LIMIT) return true;
  const used = AT - START;
  const now = LIMIT - START;
  const size = max<i64>(<i64>now + (now > DOUBLED_MAX ? now >> 2 : now), <i64>used + bytes);
  const to = alloc_scratch(ctx, size + SLACK);
  if (to == 0) return false;
  memory.copy(to, START, used);
  START = to;
  AT = to + used;
  LIMIT = to + <i32>size;
  return true;
}
/** Bytes written so far, and where the next goes. */
export function written(): i32 {
  return AT - START;
}
export function builtAt(): i32 {
  return AT;
}
export function builtTo(at: i32): void {
  AT = at;
}
export function builtText(): i64 {
  return makeStr(START, AT - START);
}

export function putTag(ctx: i32, tag: i32): bool {
  if (!room(ctx, 1)) return false;
  store<u8>(AT++, <u8>tag);
  return true;
}
export function putNull(ctx: i32): bool {
  return putTag(ctx, NULL);
}
export function putBool(ctx: i32, v: bool): bool {
  return putTag(ctx, v ? TRUE : FALSE);
}
export function putInteger(ctx: i32, v: i64): bool {
  if (!room(ctx, 9)) return false;
  const n = v == <i64><i8>v ? 1 : v == <i64><i16>v ? 2 : v == <i64><i32>v ? 4 : 8;
  store<u8>(AT, <u8>INTEGER);
  AT = put8(AT + 1, <u64>v, n);
  return true;
}
/** A decimal of scale 0 that fits is an integer: they are one kind. */
export function putDecimal(ctx: i32, lo: i64, hi: i64, scale: i32): bool {
  const narrow = hi == lo >> 63;
  if (scale == 0 && narrow) return putInteger(ctx, lo);
  if (!room(ctx, 18)) return false;
  store<u8>(AT, <u8>DECIMAL);
  store<u8>(AT, <u8>scale, 1);
  store<i64>(AT, lo, 2);
  if (!narrow) store<i64>(AT, hi, 10);
  AT += narrow ? 10 : 18;
  return true;
}
export function putFloat8(ctx: i32, v: f64): bool {
  if (!room(ctx, 9)) return false;
  store<u8>(AT, <u8>FLOAT8);
  store<f64>(AT, v, 1);
  AT += 9;
  return true;
}
export function putFloat4(ctx: i32, v: f32): bool {
  if (!room(ctx, 5)) return false;
  store<u8>(AT, <u8>FLOAT4);
  store<f32>(AT, v, 1);
  AT += 5;
  return true;
}
export function putString(ctx: i32, p: i32, n: i32): bool {
  return putTag(ctx, STRING) && putRaw(ctx, p, n);
}
export function putRaw(ctx: i32, p: i32, n: i32): bool {
  if (n < 0 || n > BYTES_MAX * 2) {
    fail(ctx, SUPER_TOO_LARGE);
    return false;
  }
  if (!room(ctx, n)) return false;
  memory.copy(AT, p, n);
  AT += n;
  return true;
}

/** Begins a container; `close` wants the place that `written` gave before and the stack that `items` gave. */
export function open(ctx: i32, isObject: bool): bool {
  return putTag(ctx, isObject ? OBJECT : ARRAY);
}
export function items(): i32 {
  return ITEM;
}
/** The value just written is the next item of the container that is open, under key number `key` (objects). */
export function item(ctx: i32, key: i32): bool {
  if (ITEM == ITEMS_LIMIT && !moreItems(ctx)) return false;
  const at = ITEMS + ITEM * ITEM_BYTES;
  store<i32>(at, AT - START);
  store<i32>(at, key, 4);
  ITEM++;
  return true;
}
function moreItems(ctx: i32): bool {
  const limit = ITEMS_LIMIT == 0 ? FIRST_ITEMS : ITEMS_LIMIT * 2;
  const to = alloc_scratch(ctx, <i64>limit * ITEM_BYTES);
  if (to == 0) return false;
  memory.copy(to, ITEMS, ITEM * ITEM_BYTES);
  ITEMS = to;
  ITEMS_LIMIT = limit;
  return true;
}
/** Ends the container that began at `start` bytes, whose items are those above `base`. */
export function close(ctx: i32, start: i32, base: i32, isObject: bool): bool {
  const count = ITEM - base;
  const size = AT - START - start;
  const most = isObject ? max(size, KEY_COUNT) : size;
  const width = most < 0x100 ? 1 : most < 0x10000 ? 2 : 4;
  const words = isObject ? count * 2 : count;
  if (!room(ctx, words * width + TAIL)) return false;
  for (let i = base; i < ITEM; i++) AT = put8(AT, <u64>(load<i32>(ITEMS + i * ITEM_BYTES) - start), width);
  if (isObject) for (let i = base; i < ITEM; i++) AT = put8(AT, <u64>load<i32>(ITEMS + i * ITEM_BYTES, 4), width);
  store<i32>(AT, count);
  store<u8>(AT, <u8>width, 4);
  AT += TAIL;
  ITEM = base;
  return true;
}
/** Index above `base` of the first item whose key an earlier one has too, -1 when every key is there once. */
export function repeatedKey(base: i32): i32 {
  OBJECTS++;
  for (let i = base; i < ITEM; i++) {
    const key = KEYS + load<i32>(ITEMS + i * ITEM_BYTES, 4) * KEY_BYTES;
    if (load<i32>(key, 12) == OBJECTS) return i;
    store<i32>(key, OBJECTS, 12);
  }
  return -1;
}
/** Takes the first item above `base` with key number `key` out of the container that began at `start`. */
export function dropItem(start: i32, base: i32, key: i32): void {
  let i = base;
  while (load<i32>(ITEMS + i * ITEM_BYTES, 4) != key) i++;
  const from = i == base ? start + 1 : load<i32>(ITEMS + (i - 1) * ITEM_BYTES);
  const to = load<i32>(ITEMS + i * ITEM_BYTES);
  memory.copy(START + from, START + to, AT - START - to);
  AT -= to - from;
  ITEM--;
  for (; i < ITEM; i++) {
    const at = ITEMS + i * ITEM_BYTES;
    store<i32>(at, load<i32>(at, ITEM_BYTES) - (to - from));
    store<i32>(at, load<i32>(at, ITEM_BYTES + 4), 4);
  }
}
export function itemKey(i: i32): i32 {
  return load<i32>(ITEMS + i * ITEM_BYTES, 4);
}

/** Number of a key in the dictionary, where it is put when it is new; -1 after an error. The bytes must stay where they are. */
export function internKey(ctx: i32, p: i32, n: i32): i32 {
  if (NEXT_KEY < KEY_COUNT && isKey(NEXT_KEY, p, n)) return NEXT_KEY++;
  const hash = <i32>hash_bytes64(p, n, 0x2545f4914f6cdd1d);
  if (KEY_COUNT >= KEYS_LIMIT && !moreKeys(ctx)) return -1;
  let slot = hash & TABLE_MASK;
  for (;;) {
    const key = load<i32>(TABLE + slot * 4) - 1;
    if (key < 0) break;
    if (load<i32>(KEYS + key * KEY_BYTES, 8) == hash && isKey(key, p, n)) {
      NEXT_KEY = key + 1;
      return key;
    }
    slot = (slot + 1) & TABLE_MASK;
  }
  const at = KEYS + KEY_COUNT * KEY_BYTES;
  store<i32>(at, p);
  store<i32>(at, n, 4);
  store<i32>(at, hash, 8);
  store<i32>(at, 0, 12);
  store<i32>(TABLE + slot * 4, ++KEY_COUNT);
  NEXT_KEY = KEY_COUNT;
  return KEY_COUNT - 1;
}
function isKey(key: i32, p: i32, n: i32): bool {
  const at = KEYS + key * KEY_BYTES;
  return load<i32>(at, 4) == n && bytesEqual(load<i32>(at), p, n);
}
function moreKeys(ctx: i32): bool {
  const limit = KEYS_LIMIT == 0 ? FIRST_KEYS : KEYS_LIMIT * 2;
  const keys = alloc_scratch(ctx, <i64>limit * KEY_BYTES);
  const table = alloc_scratch(ctx, <i64>limit * 2 * 4);
  if (keys == 0 || table == 0) return false;
  memory.copy(keys, KEYS, KEY_COUNT * KEY_BYTES);
  memory.fill(table, 0, limit * 2 * 4);
  KEYS = keys;
  KEYS_LIMIT = limit;
  TABLE = table;
  TABLE_MASK = limit * 2 - 1;
  for (let key = 0; key < KEY_COUNT; key++) {
    let slot = load<i32>(KEYS + key * KEY_BYTES, 8) & TABLE_MASK;
    while (load<i32>(TABLE + slot * 4) != 0) slot = (slot + 1) & TABLE_MASK;
    store<i32>(TABLE + slot * 4, key + 1);
  }
  return true;
}

/** A copy of a value, or of a part of one whose dictionary is `dict`. */
export function putCopy(ctx: i32, p: i32, end: i32, dict: i32): bool {
  const tag = tagOf(p);
  if (tag == DOCUMENT) return putCopy(ctx, rootOf(p), end, dictOf(p));
  if (tag != OBJECT && (tag != ARRAY || dict == 0)) return putRaw(ctx, p, end - p);
  const isObject = tag == OBJECT;
  const start = written();
  const base = items();
  if (!open(ctx, isObject)) return false;
  const count = countOf(end);
  for (let i = 0; i < count; i++) {
    let key = 0;
    if (isObject) {
      const k = keyAt(end, i);
      key = internKey(ctx, keyStart(dict, k), keyEnd(dict, k) - keyStart(dict, k));
    }
    if (key < 0 || !putCopy(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict) || !item(ctx, key)) return false;
  }
  return close(ctx, start, base, isObject);
}

/** The value that was built; 0 after an error. */
export function finishBuild(ctx: i32): i64 {
  if (KEY_COUNT == 0) {
    if (written() > BYTES_MAX) fail(ctx, SUPER_TOO_LARGE);
    return builtText();
  }
  let keyBytes: i64 = 0;
  for (let key = 0; key < KEY_COUNT; key++) keyBytes += load<i32>(KEYS + key * KEY_BYTES, 4);
  const root = keyBytes + DOCUMENT_HEAD + <i64>KEY_COUNT * 4 + 4;
  const bytes = root + (AT - START);
  if (bytes > BYTES_MAX) {
    fail(ctx, SUPER_TOO_LARGE);
    return 0;
  }
  const p = alloc_scratch(ctx, bytes + SLACK);
  if (p == 0) return 0;
  store<u8>(p, <u8>DOCUMENT);
  store<i32>(p, <i32>root, 1);
  let at = p + DOCUMENT_HEAD;
  let ends = p + DOCUMENT_HEAD + <i32>keyBytes;
  for (let key = 0; key < KEY_COUNT; key++) {
    const n = load<i32>(KEYS + key * KEY_BYTES, 4);
    memory.copy(at, load<i32>(KEYS + key * KEY_BYTES), n);
    at += n;
    store<i32>(ends, at - p);
    ends += 4;
  }
  store<i32>(ends, KEY_COUNT);
  memory.copy(p + <i32>root, START, AT - START);
  return makeStr(p, <i32>bytes);
}

/** A part of a value as a value of its own: a scalar is where it is, a container gets the dictionary it needs. */
export function partOf(ctx: i32, p: i32, end: i32, dict: i32): i64 {
  const tag = tagOf(p);
  if (dict == 0 || (tag != ARRAY && tag != OBJECT)) return makeStr(p, end - p);
  const head = rootOf(dict) - dict;
  if (head <= end - p) return withDictionary(ctx, p, end, dict, head);
  if (!beginBuild(ctx, end - p + 64) || !putCopy(ctx, p, end, dict)) return 0;
  return finishBuild(ctx);
}
/** The whole dictionary is no larger than the part: both are copied as they are. */
function withDictionary(ctx: i32, p: i32, end: i32, dict: i32, head: i32): i64 {
  const at = alloc_scratch(ctx, <i64>head + (end - p) + SLACK);
  if (at == 0) return 0;
  memory.copy(at, dict, head);
  memory.copy(at + head, p, end - p);
  return makeStr(at, head + end - p);
}
