/**
 * Zones by name for convert_timezone, AT TIME ZONE and zone words in timestamp text. The host knows the names
 * (types/timezone.ts) and places their transition tables; here they are remembered for the segment by the name's hash.
 */
import { alloc_lasting } from './alloc.ts';
import { ZONES } from './layout.ts';
import { nameHash } from './text-hash.ts';

export const ZONE_AT: i32 = 0;
export const ZONE_CONVERT: i32 = 1;
export const ZONE_TEXT: i32 = 2;
const SLOTS: i32 = 16;

// @ts-ignore: decorator
@external("env", "zone")
declare function zone(ctx: i32, name: i32, length: i32, kind: i32): i32;

/** Address of the zone's transition table, 0 when there is no such zone. */
export function zoneByName(ctx: i32, p: i32, n: i32, kind: i32): i32 {
  let known = load<i32>(ctx, ZONES);
  if (known == 0) {
    known = alloc_lasting(ctx, SLOTS * 16);
    if (known == 0) return 0;
    memory.fill(known, 0, SLOTS * 16);
    store<i32>(ctx, known, ZONES);
  }
  const key = nameHash(p, n) + <u64>kind;
  const slot = known + (<i32>key & (SLOTS - 1)) * 16;
  if (load<u64>(slot) == key) return load<i32>(slot, 8);
  const table = zone(ctx, p, n, kind);
  if (table == 0) return 0;
  store<u64>(slot, key);
  store<i32>(slot, table, 8);
  return table;
}
