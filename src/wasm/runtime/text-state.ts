/**
 * Texts that aggregates hold in the arena (state-room.ts): what array_agg gathers, the least or greatest text so far. One is
 * written in place while it fits. So gathering n bytes copies O(n), and replaced texts leave less garbage than the text
 * itself, not one copy a row.
 */
import { makeStr, strLen, strPtr } from './layout.ts';
import { stateRoom } from './state-room.ts';
import { refusesLong } from './string-functions.ts';

/** `old` (made here, or 0) becomes `s`. */
export function text_replace(ctx: i32, old: i64, s: i64): i64 {
  const n = strLen(s);
  const p = stateRoom(ctx, old, n);
  if (p == 0) return 0;
  memory.copy(p, strPtr(s), n);
  return makeStr(p, n);
}
/** `s` behind `old` (made here, or 0). */
export function text_append(ctx: i32, old: i64, s: i64): i64 {
  const before = strLen(old);
  const bytes = <i64>before + strLen(s);
  if (refusesLong(ctx, bytes)) return 0;
  const p = stateRoom(ctx, old, bytes);
  if (p == 0) return 0;
  if (p != strPtr(old)) memory.copy(p, strPtr(old), before);
  memory.copy(p + before, strPtr(s), strLen(s));
  return makeStr(p, <i32>bytes);
}
