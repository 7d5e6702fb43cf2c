/**
 * OBJECT_TRANSFORM: which attributes of an object stay, and which get another value. Paths are texts as of navigation
 * (super-path.ts), of names alone; a list of them is joined by `;`. What is no object stays as it is.
 */
import { alloc_scratch } from './alloc.ts';
import { strLen, strPtr } from './layout.ts';
import { endOf, nothing } from './super-array.ts';
import { beginBuild, close, finishBuild, internKey, item, items, open, putCopy, putNull, written } from './super-build.ts';
import { countOf, dictOf, itemEnd, itemStart, keyAt, keyEnd, keyStart, OBJECT, rootOf, tagOf } from './super-form.ts';
import { findItem } from './super-path.ts';
import { bytesEqual } from './strings-core.ts';

/** The step that was read last: its name, and where the path goes on. */
let NAME: i32 = 0;
let NAME_BYTES: i32 = 0;
let REST: i32 = 0;
const SEMICOLON: i32 = 0x3b;

function step(at: i32): void {
  let n = 0;
  for (at++; load<u8>(at) != 0x3a; at++) n = n * 10 + <i32>load<u8>(at) - 48;
  NAME = at + 1;
  NAME_BYTES = n;
  REST = NAME + n;
}

/** The parts of an object that the paths lead to, in the order they have in it. */
export function super_keep(ctx: i32, s: i64, paths: i64): i64 {
  const p = rootOf(strPtr(s));
  if (tagOf(p) != OBJECT) return s;
  const last = strPtr(paths) + strLen(paths);
  // Where each path goes on: as many words as there are paths.
  let count = 0;
  for (let at = strPtr(paths); at < last; at = pathEnd(at, last) + 1) count++;
  const list = alloc_scratch(ctx, <i64>count * 4);
  if (list == 0) return 0;
  let n = 0;
  for (let at = strPtr(paths); at < last; at = pathEnd(at, last) + 1) store<i32>(list + n++ * 4, at);
  if (!beginBuild(ctx, strLen(s) + 64) || !keep(ctx, p, endOf(s), dictOf(strPtr(s)), list, n, last)) return 0;
  return finishBuild(ctx);
}
function pathEnd(at: i32, last: i32): i32 {
  while (at < last && load<u8>(at) != SEMICOLON) {
    step(at);
    at = REST;
  }
  return at;
}
function keep(ctx: i32, p: i32, end: i32, dict: i32, list: i32, paths: i32, last: i32): bool {
  const start = written();
  const base = items();
  const rests = alloc_scratch(ctx, <i64>paths * 4);
  if (rests == 0 || !open(ctx, true)) return false;
  const count = countOf(end);
  for (let i = 0; i < count; i++) {
    const key = keyAt(end, i);
    const from = keyStart(dict, key);
    const n = keyEnd(dict, key) - from;
    let found = 0;
    let whole = false;
    for (let k = 0; k < paths; k++) {
      step(load<i32>(list + k * 4));
      if (NAME_BYTES != n || !bytesEqual(NAME, from, n)) continue;
      const rest = REST;
      if (rest >= last || load<u8>(rest) == SEMICOLON) whole = true;
      else if (isThere(itemStart(p, end, i), itemEnd(p, end, i), dict, rest, last)) store<i32>(rests + found++ * 4, rest);
    }
    if (!whole && found == 0) continue;
    const number = internKey(ctx, from, n);
    const put = whole
      ? putCopy(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict)
      : keep(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict, rests, found, last);
    if (number < 0 || !put || !item(ctx, number)) return false;
  }
  return close(ctx, start, base, true);
}
function isThere(p: i32, end: i32, dict: i32, at: i32, last: i32): bool {
  while (at < last && load<u8>(at) != SEMICOLON) {
    if (tagOf(p) != OBJECT) return false;
    step(at);
    const i = findItem(end, dict, NAME, NAME_BYTES);
    if (i < 0) return false;
    at = REST;
    const from = itemStart(p, end, i);
    end = itemEnd(p, end, i);
    p = from;
  }
  return true;
}

/** The value at a path; objects on the way that are missing, or no objects, are made. */
export function super_set(ctx: i32, s: i64, sNull: i32, path: i64, pathNull: i32, v: i64, vNull: i32): i64 {
  if (sNull != 0) return nothing(ctx);
  const p = rootOf(strPtr(s));
  if (tagOf(p) != OBJECT) return s;
  const at = strPtr(path);
  if (!beginBuild(ctx, strLen(s) + (vNull != 0 ? 0 : strLen(v)) + strLen(path) + 128)) return 0;
  if (!set(ctx, p, endOf(s), dictOf(strPtr(s)), at, at + strLen(path), vNull != 0 ? 0 : v)) return 0;
  return finishBuild(ctx);
}
/** `p` 0: an object without attributes. */
function set(ctx: i32, p: i32, end: i32, dict: i32, at: i32, last: i32, v: i64): bool {
  if (at == last) return v == 0 ? putNull(ctx) : putCopy(ctx, strPtr(v), endOf(v), 0);
  step(at);
  const name = NAME;
  const n = NAME_BYTES;
  const rest = REST;
  const start = written();
  const base = items();
  const count = p == 0 || tagOf(p) != OBJECT ? 0 : countOf(end);
  let found = false;
  if (!open(ctx, true)) return false;
  for (let i = 0; i < count; i++) {
    const key = keyAt(end, i);
    const from = keyStart(dict, key);
    const bytes = keyEnd(dict, key) - from;
    const mine = bytes == n && bytesEqual(from, name, n);
    const number = internKey(ctx, from, bytes);
    const put = mine
      ? set(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict, rest, last, v)
      : putCopy(ctx, itemStart(p, end, i), itemEnd(p, end, i), dict);
    if (number < 0 || !put || !item(ctx, number)) return false;
    if (mine) found = true;
  }
  if (!found) {
    const number = internKey(ctx, name, n);
    if (number < 0 || !set(ctx, 0, 0, 0, rest, last, v) || !item(ctx, number)) return false;
  }
  return close(ctx, start, base, true);
}
