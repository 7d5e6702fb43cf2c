/**
 * Texts that aggregates hold in the arena (state-room.ts): what array_agg and listagg gather, the least or greatest text so far. One is
 * written in place while it fits. So gathering n bytes copies O(n), and replaced texts leave less garbage than the text
 * itself, not one copy a row.
 */
import { fail, LISTAGG_LIMIT } from './errors.ts';
import { makeStr, retNull, strLen, strPtr } from './layout.ts';
import { stateRoom } from './state-room.ts';
import { alloc_scratch } from './alloc.ts';
import { LARGE_MAX, refusesLonger, stringMax } from './string-functions.ts';

/** `old` (made here, or 0) becomes `s`. */
export function text_replace(ctx: i32, old: i64, s: i64): i64 {
  const n = strLen(s);
  const p = stateRoom(ctx, old, n);
  if (p == 0) return 0;
  memory.copy(p, strPtr(s), n);
  return makeStr(p, n);
}
/**
 * `s` behind `old` (made here, or 0). `listed`: of LISTAGG, whose first delimiter goes at the end: no delimiter is longer than a
 * text, so that what is longer than two texts is too long. Else the list of an array's items or of geometries, which is no
 * text: whatever the longest one is, it has room for theirs.
 */
export function text_append(ctx: i32, old: i64, s: i64, listed: i32): i64 {
  const before = strLen(old);
  const bytes = <i64>before + strLen(s);
  if (listed != 0 && bytes > <i64>stringMax(ctx) * 2) {
    fail(ctx, LISTAGG_LIMIT);
    return 0;
  }
  if (listed == 0 && refusesLonger(ctx, bytes, LARGE_MAX)) return 0;
  const p = stateRoom(ctx, old, bytes);
  if (p == 0) return 0;
  if (p != strPtr(old)) memory.copy(p, strPtr(old), before);
  memory.copy(p + before, strPtr(s), strLen(s));
  return makeStr(p, <i32>bytes);
}

/** A value behind its delimiter: what listagg appends. An empty value is none. */
export function listagg_item(ctx: i32, s: i64, delimiter: i64): i64 {
  const n = strLen(s);
  if (n == 0) {
    retNull(ctx);
    return 0;
  }
  const before = strLen(delimiter);
  if (before == 0) return s;
  const p = alloc_scratch(ctx, <i64>before + n);
  if (p == 0) return 0;
  memory.copy(p, strPtr(delimiter), before);
  memory.copy(p + before, strPtr(s), n);
  return makeStr(p, before + n);
}
/** What was appended without the first delimiter. */
export function listagg_close(ctx: i32, state: i64, delimiter: i64): i64 {
  const before = strLen(delimiter);
  const bytes = strLen(state) - before;
  if (bytes > stringMax(ctx)) {
    fail(ctx, LISTAGG_LIMIT);
    return 0;
  }
  return makeStr(strPtr(state) + before, bytes);
}
