/**
 * Load conversions of times with a zone, intervals and VARBYTE. Those that have a text kernel use it; what it refuses is
 * a load error of the row, not the end of the query.
 */
import { load_fail, REASON_BYTES_LENGTH, REASON_GEOMETRY, REASON_SHAPE_SIZE, REASON_HEX, REASON_INTERVAL, REASON_TIME } from './csv-load.ts';
import { text_to_timetz } from './datetime-parse.ts';
import { intervald2s_cut, intervald2s_round, intervaly2m_cut, text_to_intervald2s, text_to_intervaly2m } from './interval-families.ts';
import { ERROR_CODE } from './layout.ts';
import { readHex } from './varbyte.ts';

function refused(ctx: usize, err: usize, reason: i32): bool {
  if (load<i32>(ctx, ERROR_CODE) == 0) return false;
  store<i32>(ctx, 0, ERROR_CODE);
  load_fail(err, 1206, reason, 0);
  return true;
}
export function load_timetz(ctx: usize, s: i64, err: usize): i64 {
  const v = text_to_timetz(<i32>ctx, s);
  return refused(ctx, err, REASON_TIME) ? 0 : v;
}
export function load_intervaly2m(ctx: usize, s: i64, err: usize, bare: i32, minutes: i32, unit: i64): i32 {
  const v = text_to_intervaly2m(<i32>ctx, s, bare, minutes);
  return refused(ctx, err, REASON_INTERVAL) ? 0 : intervaly2m_cut(<i32>ctx, v, unit);
}
/** Fields are cut, digits of a second rounded. */
export function load_intervald2s(ctx: usize, s: i64, err: usize, bare: i32, minutes: i32, unit: i64): i64 {
  const v = text_to_intervald2s(<i32>ctx, s, bare, minutes);
  if (refused(ctx, err, REASON_INTERVAL)) return 0;
  if (unit > 1000000) return intervald2s_cut(<i32>ctx, v, unit);
  const r = unit == 1 ? v : intervald2s_round(<i32>ctx, v, unit);
  return refused(ctx, err, REASON_INTERVAL) ? 0 : r;
}

/** The hexadecimal digits of a geometry that has too many bytes. */
export function load_large_shape(err: usize, s: i64): void {
  load_fail(err, 1204, REASON_SHAPE_SIZE, <i32>(s >>> 33));
}
/** What the host found to be no geometry. */
export function load_no_geometry(ctx: usize, err: usize): void {
  load_fail(err, 1204, REASON_GEOMETRY, 0);
}

/** The digits of a VARBYTE(length), checked and still digits; load_varbyte_bytes makes bytes of them. */
export function load_varbyte(ctx: usize, s: i64, err: usize, length: i32, truncate: i32): i64 {
  const p = <usize>(<u32>s);
  const n = <i32>(s >>> 32);
  for (let i = 0; i < n; i++) {
    const c = <i32>load<u8>(p + i);
    if ((c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 102)) continue;
    load_fail(err, 1206, REASON_HEX, i);
    return s;
  }
  if ((n + 1) >> 1 <= length) return s;
  if (truncate) return (s & 0xffffffff) | ((<i64>length * 2 - (n & 1)) << 32);
  load_fail(err, 1204, REASON_BYTES_LENGTH, 0);
  return s;
}
/** In place: a byte takes less room than its digits. */
export function load_varbyte_bytes(s: i64): i64 {
  const p = <i32>s;
  const n = <i32>(s >>> 32);
  readHex(p, n, p);
  return (s & 0xffffffff) | (<i64>((n + 1) >> 1) << 32);
}
