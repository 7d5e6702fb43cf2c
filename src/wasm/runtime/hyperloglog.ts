/**
 * HyperLogLog: the state of an approximate count of distinct values. A sketch with few registers set is a list of them in no
 * order, a word each (register << 8 | rank), that grows in place (state-room.ts); with more it is all registers, a byte
 * each. Its length says which. So a million groups of a few values hold some bytes each, in memory, on disk and on the way.
 */
import { makeStr, strLen, strPtr } from './layout.ts';
import { stateRoom } from './state-room.ts';

const REGISTER_BITS: i32 = 11;
const REGISTERS: i32 = 1 << REGISTER_BITS;
const LISTED_MAX: i32 = 128;
const ENTRY_BYTES: i32 = 4;

// @ts-ignore: decorator
@inline
function isList(sketch: i64): bool {
  return strLen(sketch) != REGISTERS;
}
function raise(registers: i32, register: i32, rank: i32): void {
  const at = registers + register;
  if (<i32>load<u8>(at) < rank) store<u8>(at, rank);
}
/** All registers of a list; 0 when there is no memory. */
function spread(ctx: i32, list: i64): i64 {
  const p = stateRoom(ctx, 0, REGISTERS);
  if (p == 0) return 0;
  memory.fill(p, 0, REGISTERS);
  const end = strPtr(list) + strLen(list);
  for (let e = strPtr(list); e < end; e += ENTRY_BYTES) raise(p, load<i32>(e) >>> 8, load<u8>(e));
  return makeStr(p, REGISTERS);
}
/** The sketch (0 for none) whose register is at least `rank`; 0 when there is no memory. */
function put(ctx: i32, sketch: i64, register: i32, rank: i32): i64 {
  if (!isList(sketch)) {
    raise(strPtr(sketch), register, rank);
    return sketch;
  }
  const length = strLen(sketch);
  const end = strPtr(sketch) + length;
  for (let e = strPtr(sketch); e < end; e += ENTRY_BYTES) {
    if (load<i32>(e) >>> 8 != register) continue;
    if (<i32>load<u8>(e) < rank) store<u8>(e, rank);
    return sketch;
  }
  if (length == LISTED_MAX * ENTRY_BYTES) {
    const all = spread(ctx, sketch);
    if (all != 0) raise(strPtr(all), register, rank);
    return all;
  }
  const p = stateRoom(ctx, sketch, length + ENTRY_BYTES);
  if (p == 0) return 0;
  if (p != strPtr(sketch)) memory.copy(p, strPtr(sketch), length);
  store<i32>(p + length, (register << 8) | rank);
  return makeStr(p, length + ENTRY_BYTES);
}

/** The sketch (0 for none) with a value's hash. */
export function hll_add(ctx: i32, sketch: i64, hash: i32): i64 {
  // Spread the 32-bit hash to 64 bits so that the rank has room.
  let h = <u64><u32>hash * 0x9e3779b97f4a7c15;
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93;
  h ^= h >> 32;
  const register = <i32>(h >> (64 - REGISTER_BITS));
  const rank = <i32>clz((h << REGISTER_BITS) | (1 << (REGISTER_BITS - 1))) + 1;
  return put(ctx, sketch, register, rank);
}
/** Registers of `into` (0 for none) become the maxima of both. */
export function hll_merge(ctx: i32, into: i64, from: i64): i64 {
  if (isList(from)) {
    const end = strPtr(from) + strLen(from);
    for (let e = strPtr(from); e < end; e += ENTRY_BYTES) {
      into = put(ctx, into, load<i32>(e) >>> 8, load<u8>(e));
      if (into == 0) return 0;
    }
    return into;
  }
  const all = isList(into) ? spread(ctx, into) : into;
  if (all == 0) return 0;
  const a = strPtr(all);
  const b = strPtr(from);
  for (let i = 0; i < REGISTERS; i += 16) v128.store(a + i, i8x16.max_u(v128.load(a + i), v128.load(b + i)));
  return all;
}
/** Estimated number of distinct values. */
export function hll_estimate(ctx: i32, sketch: i64): i64 {
  const m: f64 = <f64>REGISTERS;
  const step = isList(sketch) ? ENTRY_BYTES : 1;
  const end = strPtr(sketch) + strLen(sketch);
  let set: i32 = 0;
  let sum: f64 = 0;
  for (let e = strPtr(sketch); e < end; e += step) {
    const rank = load<u8>(e);
    if (rank == 0) continue;
    sum += 1.0 / <f64>(<u64>1 << <u64>rank);
    set++;
  }
  const zeros = REGISTERS - set;
  let e = (0.7213 / (1 + 1.079 / m)) * m * m / (sum + <f64>zeros);
  if (e <= 2.5 * m && zeros > 0) e = m * log_e(m / <f64>zeros);
  return <i64>nearest(e);
}
/** Natural logarithm for values >= 1, to about 1e-12: enough for an estimate. */
function log_e(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  const exponent = <i32>(bits >> 52) - 1023;
  const mantissa = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  const z = (mantissa - 1) / (mantissa + 1);
  const z2 = z * z;
  let term = z;
  let sum: f64 = 0;
  for (let k = 1; k < 40; k += 2) {
    sum += term / <f64>k;
    term *= z2;
  }
  return 2 * sum + <f64>exponent * 0.6931471805599453;
}
