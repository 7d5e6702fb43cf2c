/**
 * Random numbers: one stream (splitmix64) per running segment, its state in the context. The host starts every stream
 * from the statement's seed, the participant and the segment, mixed, so that no two slices repeat each other.
 * Copies of an ALL table draw by row content instead: emitted code mixes the row's hash with the stream's first state, and
 * with how many rows of that content came before, so that equal rows draw different numbers, the same ones in every copy.
 */
import { alloc_lasting } from './alloc.ts';
import { RANDOM, RANDOM_FIRST } from './layout.ts';

const GAMMA: u64 = 0x9e3779b97f4a7c15;

function finish(x: u64): u64 {
  x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >>> 27)) * 0x94d049bb133111eb;
  return x ^ (x >>> 31);
}
/** A double from 0 up to 1. */
export function math_random(ctx: i32): f64 {
  const x = load<u64>(ctx, RANDOM) + GAMMA;
  store<u64>(ctx, x, RANDOM);
  return <f64>(finish(x) >>> 11) * (1.0 / 9007199254740992.0);
}
/** A hash of a hash and one more word. */
export function random_mix(h: i64, word: i64): i64 {
  return <i64>finish((<u64>h ^ finish(<u64>word + GAMMA)) * 0x2545f4914f6cdd1d + GAMMA);
}

/** Counts of contents: a table of (content, rows so far) pairs, 16 bytes each, at an address with its mask and its count. */
const TABLE_MASK: usize = 4;
const TABLE_USED: usize = 8;
const FIRST_SLOTS: i32 = 1024;

/** The slot of a content, or the empty one where it belongs. */
function slotOf(slots: i32, mask: i32, content: i64): i32 {
  let i = <i32>(content >>> 32) & mask;
  while (load<i64>(slots + (i << 4), 8) != 0 && load<i64>(slots + (i << 4)) != content) i = (i + 1) & mask;
  return slots + (i << 4);
}
/** Room for one more content: at least half of the slots stay empty. The old table stays behind in the arena. */
function grown(ctx: i32, table: i32): bool {
  const slots = load<i32>(table);
  const count = slots == 0 ? 0 : load<i32>(table, TABLE_MASK) + 1;
  if (slots != 0 && load<i32>(table, TABLE_USED) * 2 < count) return true;
  const more = count == 0 ? FIRST_SLOTS : count * 2;
  const to = alloc_lasting(ctx, <i64>more << 4);
  if (to == 0) return false;
  memory.fill(to, 0, more << 4);
  for (let i = 0; i < count; i++) {
    const from = slots + (i << 4);
    if (load<i64>(from, 8) == 0) continue;
    const slot = slotOf(to, more - 1, load<i64>(from));
    store<i64>(slot, load<i64>(from));
    store<i64>(slot, load<i64>(from, 8), 8);
  }
  store<i32>(table, to);
  store<i32>(table, more - 1, TABLE_MASK);
  return true;
}
/** Starts the stream anew for a row of this content: by the content and by how many such rows the table has seen. */
export function random_by_content(ctx: i32, table: i32, content: i64): void {
  if (!grown(ctx, table)) return;
  const slot = slotOf(load<i32>(table), load<i32>(table, TABLE_MASK), content);
  const seen = load<i64>(slot, 8);
  if (seen == 0) store<i32>(table, load<i32>(table, TABLE_USED) + 1, TABLE_USED);
  store<i64>(slot, content);
  store<i64>(slot, seen + 1, 8);
  store<i64>(ctx, random_mix(random_mix(load<i64>(ctx, RANDOM_FIRST), content), seen), RANDOM);
}
