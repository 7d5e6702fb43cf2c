/**
 * Where a state of an aggregate that grows lies in the arena: its room stands in the 8 bytes before it. What does not fit any
 * more moves to twice the room, so growing to n bytes copies O(n), and leaves less garbage than the state itself.
 */
import { alloc_arena } from './alloc.ts';
import { strPtr } from './layout.ts';

const HEADER: i32 = 8;

/** A place for `bytes`: where `old` lies, with what is there, or a new one (0 on failure); `old` is 0 for none. */
export function stateRoom(ctx: i32, old: i64, bytes: i64): i32 {
  const at = strPtr(old);
  const room = at == 0 ? 0 : <i64>load<u32>(at - HEADER);
  if (bytes <= room && at != 0) return at;
  const more = at == 0 ? (bytes + 7) & ~7 : max((bytes + 7) & ~7, room * 2);
  const p = alloc_arena(ctx, HEADER + more);
  if (p == 0) return 0;
  store<u32>(p, <u32>more);
  return p + HEADER;
}
