/**
 * Texts that aggregates hold in the arena: what array_agg gathers, the least or greatest text so far. A text made here has
 * its room in the 8 bytes before it and is written in place while it fits; when it does not it moves to twice the room. So
 * gathering n bytes copies O(n), and replaced texts leave less garbage than the text itself, not one copy a row.
 */
import { alloc_arena } from './alloc.ts';
import { makeStr, strLen, strPtr } from './layout.ts';
import { refusesLong } from './string-functions.ts';

const HEADER: i32 = 8;

/** A place for `bytes`: where `old` lies, with what is there, or a new one (0 on failure); `old` is 0 for none. */
function place(ctx: i32, old: i64, bytes: i64): i32 {
  const at = strPtr(old);
  const room = at == 0 ? 0 : <i64>load<u32>(at - HEADER);
  if (bytes <= room && at != 0) return at;
  const more = at == 0 ? (bytes + 7) & ~7 : max((bytes + 7) & ~7, room * 2);
  const p = alloc_arena(ctx, HEADER + more);
  if (p == 0) return 0;
  store<u32>(p, <u32>more);
  return p + HEADER;
}
/** `old` (made here, or 0) becomes `s`. */
export function text_replace(ctx: i32, old: i64, s: i64): i64 {
  const n = strLen(s);
  const p = place(ctx, old, n);
  if (p == 0) return 0;
  memory.copy(p, strPtr(s), n);
  return makeStr(p, n);
}
/** `s` behind `old` (made here, or 0). */
export function text_append(ctx: i32, old: i64, s: i64): i64 {
  const before = strLen(old);
  const bytes = <i64>before + strLen(s);
  if (refusesLong(ctx, bytes)) return 0;
  const p = place(ctx, old, bytes);
  if (p == 0) return 0;
  if (p != strPtr(old)) memory.copy(p, strPtr(old), before);
  memory.copy(p + before, strPtr(s), strLen(s));
  return makeStr(p, <i32>bytes);
}
