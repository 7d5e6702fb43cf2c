/**
 * SQL hash functions: md5, sha1, sha2, crc32 (Castagnoli), FNV-1a, MurmurHash3 x86_32, FarmHash Fingerprint64. Digests
 * are lower-case hex text in scratch. Round constants of md5 and the SHA family are computed, not tabled.
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { hexText } from './hex.ts';
import { makeStr, strLen, strPtr } from './layout.ts';
import { math_sin } from './math-functions.ts';

/** The message with its padding (block of 64 or 128 bytes) in scratch; `bigEndian` length; the padded size in PADDED. */
export let PADDED: i32 = 0;
export function padded(ctx: i32, s: i64, block: i32, bigEndian: bool): i32 {
  const n = strLen(s);
  const lengthBytes = block >> 3;
  const wide = (<i64>n + 1 + lengthBytes + block - 1) / block * block;
  const p = alloc_scratch(ctx, wide);
  if (p == 0) return 0;
  const size = <i32>wide;
  memory.copy(p, strPtr(s), n);
  memory.fill(p + n, 0, size - n);
  store<u8>(p + n, 0x80);
  const bits = <u64>n * 8;
  store<u64>(p + size - 8, bigEndian ? bswap<u64>(bits) : bits);
  PADDED = size;
  return p;
}
function md5Shift(round: i32, i: i32): i32 {
  const k = i & 3;
  switch (round) {
    case 0: return k == 0 ? 7 : k == 1 ? 12 : k == 2 ? 17 : 22;
    case 1: return k == 0 ? 5 : k == 1 ? 9 : k == 2 ? 14 : 20;
    case 2: return k == 0 ? 4 : k == 1 ? 11 : k == 2 ? 16 : 23;
    default: return k == 0 ? 6 : k == 1 ? 10 : k == 2 ? 15 : 21;
  }
}
export function hash_md5(ctx: i32, s: i64): i64 {
  const out = alloc_scratch(ctx, 32);
  const m = mark(ctx);
  const digest = md5(ctx, s, out);
  release(ctx, m);
  return digest;
}
function md5(ctx: i32, s: i64, out: i32): i64 {
  const p = padded(ctx, s, 64, false);
  const k = alloc_scratch(ctx, 256 + 16);
  if (out == 0 || p == 0 || k == 0) return 0;
  for (let i = 0; i < 64; i++) store<u32>(k + i * 4, <u32><u64>(abs(math_sin(ctx, <f64>(i + 1))) * 4294967296.0));
  let a0: u32 = 0x67452301;
  let b0: u32 = 0xefcdab89;
  let c0: u32 = 0x98badcfe;
  let d0: u32 = 0x10325476;
  for (let m = p; m < p + PADDED; m += 64) {
    let a = a0;
    let b = b0;
    let c = c0;
    let d = d0;
    for (let i = 0; i < 64; i++) {
      let f: u32;
      let g: i32;
      const round = i >> 4;
      if (round == 0) {
        f = (b & c) | (~b & d);
        g = i;
      } else if (round == 1) {
        f = (d & b) | (~d & c);
        g = (5 * i + 1) & 15;
      } else if (round == 2) {
        f = b ^ c ^ d;
        g = (3 * i + 5) & 15;
      } else {
        f = c ^ (b | ~d);
        g = (7 * i) & 15;
      }
      const t = d;
      d = c;
      c = b;
      b += rotl<u32>(a + f + load<u32>(k + i * 4) + load<u32>(m + g * 4), md5Shift(round, i));
      a = t;
    }
    a0 += a;
    b0 += b;
    c0 += c;
    d0 += d;
  }
  store<u32>(k, a0);
  store<u32>(k, b0, 4);
  store<u32>(k, c0, 8);
  store<u32>(k, d0, 12);
  return hexText(out, k, 16);
}
export function hash_sha1(ctx: i32, s: i64): i64 {
  const out = alloc_scratch(ctx, 40);
  const m = mark(ctx);
  const digest = sha1(ctx, s, out);
  release(ctx, m);
  return digest;
}
function sha1(ctx: i32, s: i64, out: i32): i64 {
  const p = padded(ctx, s, 64, true);
  const w = alloc_scratch(ctx, 340);
  if (out == 0 || p == 0 || w == 0) return 0;
  let h0: u32 = 0x67452301;
  let h1: u32 = 0xefcdab89;
  let h2: u32 = 0x98badcfe;
  let h3: u32 = 0x10325476;
  let h4: u32 = 0xc3d2e1f0;
  for (let m = p; m < p + PADDED; m += 64) {
    for (let i = 0; i < 16; i++) store<u32>(w + i * 4, bswap<u32>(load<u32>(m + i * 4)));
    for (let i = 16; i < 80; i++) {
      const x = w + i * 4;
      store<u32>(x, rotl<u32>(load<u32>(x - 12) ^ load<u32>(x - 32) ^ load<u32>(x - 56) ^ load<u32>(x - 64), 1));
    }
    let a = h0;
    let b = h1;
    let c = h2;
    let d = h3;
    let e = h4;
    for (let i = 0; i < 80; i++) {
      let f: u32;
      let k: u32;
      if (i < 20) {
        f = (b & c) | (~b & d);
        k = 0x5a827999;
      } else if (i < 40) {
        f = b ^ c ^ d;
        k = 0x6ed9eba1;
      } else if (i < 60) {
        f = (b & c) | (b & d) | (c & d);
        k = 0x8f1bbcdc;
      } else {
        f = b ^ c ^ d;
        k = 0xca62c1d6;
      }
      const t = rotl<u32>(a, 5) + f + e + k + load<u32>(w + i * 4);
      e = d;
      d = c;
      c = rotl<u32>(b, 30);
      b = a;
      a = t;
    }
    h0 += a;
    h1 += b;
    h2 += c;
    h3 += d;
    h4 += e;
  }
  store<u32>(w, bswap<u32>(h0));
  store<u32>(w, bswap<u32>(h1), 4);
  store<u32>(w, bswap<u32>(h2), 8);
  store<u32>(w, bswap<u32>(h3), 12);
  store<u32>(w, bswap<u32>(h4), 16);
  return hexText(out, w, 20);
}
/** CRC-32C as lower-case hex without padding to eight digits beyond what the value needs. */
export function hash_crc32(ctx: i32, s: i64): i64 {
  const p = strPtr(s);
  const n = strLen(s);
  let c: u32 = 0xffffffff;
  for (let i = 0; i < n; i++) {
    c ^= load<u8>(p + i);
    for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (0x82f63b78 & (0 - (c & 1)));
  }
  const out = alloc_scratch(ctx, 16);
  if (out == 0) return 0;
  store<u32>(out, bswap<u32>(~c), 8);
  return hexText(out, out + 8, 4);
}
const FNV_PRIME: u64 = 0x100000001b3;
const FNV_BASIS: i64 = <i64>0xcbf29ce484222325;
function fnvBytes(p: i32, n: i32, h: u64): u64 {
  for (let i = 0; i < n; i++) h = (h ^ load<u8>(p + i)) * FNV_PRIME;
  return h;
}
function fnvWord(v: u64, bytes: i32, h: u64): u64 {
  for (let i = 0; i < bytes; i++) {
    h = (h ^ (v & 0xff)) * FNV_PRIME;
    v >>>= 8;
  }
  return h;
}
export function fnv_str(ctx: i32, s: i64): i64 {
  return <i64>fnvBytes(strPtr(s), strLen(s), <u64>FNV_BASIS);
}
export function fnv_str_seed(ctx: i32, s: i64, seed: i64): i64 {
  return <i64>fnvBytes(strPtr(s), strLen(s), <u64>seed);
}
export function fnv_int2(ctx: i32, v: i32): i64 {
  return <i64>fnvWord(<u64>v, 2, <u64>FNV_BASIS);
}
export function fnv_int4(ctx: i32, v: i32): i64 {
  return <i64>fnvWord(<u64>v, 4, <u64>FNV_BASIS);
}
export function fnv_int8(ctx: i32, v: i64): i64 {
  return <i64>fnvWord(<u64>v, 8, <u64>FNV_BASIS);
}
export function fnv_int2_seed(ctx: i32, v: i32, seed: i64): i64 {
  return <i64>fnvWord(<u64>v, 2, <u64>seed);
}
export function fnv_int4_seed(ctx: i32, v: i32, seed: i64): i64 {
  return <i64>fnvWord(<u64>v, 4, <u64>seed);
}
export function fnv_int8_seed(ctx: i32, v: i64, seed: i64): i64 {
  return <i64>fnvWord(<u64>v, 8, <u64>seed);
}
export function fnv_bool(ctx: i32, v: i32): i64 {
  return fnv_bool_seed(ctx, v, FNV_BASIS);
}
export function fnv_bool_seed(ctx: i32, v: i32, seed: i64): i64 {
  return <i64>fnvWord(<u64>v, 1, <u64>seed);
}
export function fnv_float4(ctx: i32, v: f32): i64 {
  return fnv_float4_seed(ctx, v, FNV_BASIS);
}
export function fnv_float4_seed(ctx: i32, v: f32, seed: i64): i64 {
  return <i64>fnvWord(<u64>reinterpret<u32>(v), 4, <u64>seed);
}
export function fnv_float8(ctx: i32, v: f64): i64 {
  return fnv_float8_seed(ctx, v, FNV_BASIS);
}
export function fnv_float8_seed(ctx: i32, v: f64, seed: i64): i64 {
  return <i64>fnvWord(reinterpret<u64>(v), 8, <u64>seed);
}
/** A decimal of up to 19 digits is kept in 8 bytes, a longer one in 16. */
export function fnv_wide(ctx: i32, lo: i64, hi: i64, bytes: i32, seed: i64): i64 {
  const h = fnvWord(<u64>lo, 8, <u64>seed);
  return <i64>(bytes == 8 ? h : fnvWord(<u64>hi, 8, h));
}
function murmur(p: i32, n: i32, seed: u32): i32 {
  let h = seed;
  let i = 0;
  for (; i + 4 <= n; i += 4) h = rotl<u32>(h ^ (rotl<u32>(load<u32>(p + i) * 0xcc9e2d51, 15) * 0x1b873593), 13) * 5 + 0xe6546b64;
  let k: u32 = 0;
  for (let j = n - 1; j >= i; j--) k = (k << 8) | load<u8>(p + j);
  if (i < n) h ^= rotl<u32>(k * 0xcc9e2d51, 15) * 0x1b873593;
  h ^= n;
  h = (h ^ (h >>> 16)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  return <i32>(h ^ (h >>> 16));
}
export function murmur_str(ctx: i32, s: i64): i32 {
  return murmur(strPtr(s), strLen(s), 0);
}
export function murmur_str_seed(ctx: i32, s: i64, seed: i32): i32 {
  return murmur(strPtr(s), strLen(s), seed);
}
export function murmur_int8(ctx: i32, v: i64): i32 {
  return murmur_int8_seed(ctx, v, 0);
}
export function murmur_int8_seed(ctx: i32, v: i64, seed: i32): i32 {
  const m = mark(ctx);
  const p = alloc_scratch(ctx, 8);
  if (p == 0) return 0;
  store<i64>(p, v);
  const h = murmur(p, 8, seed);
  release(ctx, m);
  return h;
}
export function checksum_wide(ctx: i32, lo: i64, hi: i64): i32 {
  return <i32>lo;
}

// ---- FarmHash Fingerprint64 ----
const K0: u64 = 0xc3a5c85c97cb3127;
const K1: u64 = 0xb492b66fbe98f273;
const K2: u64 = 0x9ae16a3b2f90404f;
function mix(v: u64): u64 {
  return v ^ (v >>> 47);
}
function len16(u: u64, v: u64, mul: u64): u64 {
  let a = (u ^ v) * mul;
  a ^= a >>> 47;
  let b = (v ^ a) * mul;
  b ^= b >>> 47;
  return b * mul;
}
function farmShort(p: i32, n: i32): u64 {
  if (n >= 8) {
    const mul = K2 + <u64>n * 2;
    const a = load<u64>(p) + K2;
    const b = load<u64>(p + n - 8);
    return len16(rotr<u64>(b, 37) * mul + a, (rotr<u64>(a, 25) + b) * mul, mul);
  }
  if (n >= 4) return len16(<u64>n + (<u64>load<u32>(p) << 3), load<u32>(p + n - 4), K2 + <u64>n * 2);
  if (n == 0) return K2;
  const y = <u32>load<u8>(p) + (<u32>load<u8>(p + (n >> 1)) << 8);
  const z = <u32>n + (<u32>load<u8>(p + n - 1) << 2);
  return mix(<u64>y * K2 ^ <u64>z * K0) * K2;
}
function farmMiddle(p: i32, n: i32): u64 {
  const mul = K2 + <u64>n * 2;
  if (n <= 32) {
    const a = load<u64>(p) * K1;
    const b = load<u64>(p + 8);
    const c = load<u64>(p + n - 8) * mul;
    const d = load<u64>(p + n - 16) * K2;
    return len16(rotr<u64>(a + b, 43) + rotr<u64>(c, 30) + d, a + rotr<u64>(b + K2, 18) + c, mul);
  }
  const a = load<u64>(p) * K2;
  const b = load<u64>(p + 8);
  const c = load<u64>(p + n - 8) * mul;
  const d = load<u64>(p + n - 16) * K2;
  const y = rotr<u64>(a + b, 43) + rotr<u64>(c, 30) + d;
  const z = len16(y, a + rotr<u64>(b + K2, 18) + c, mul);
  const e = load<u64>(p + 16) * mul;
  const f = load<u64>(p + 24);
  const g = (y + load<u64>(p + n - 32)) * mul;
  const h = (z + load<u64>(p + n - 24)) * mul;
  return len16(rotr<u64>(e + f, 43) + rotr<u64>(g, 30) + h, e + rotr<u64>(f + a, 18) + g, mul);
}
let weakFirst: u64 = 0;
let weakSecond: u64 = 0;
function weak(p: i32, a: u64, b: u64): void {
  const w = load<u64>(p);
  const z = load<u64>(p + 24);
  a += w;
  b = rotr<u64>(b + a + z, 21);
  const c = a;
  a += load<u64>(p + 8);
  a += load<u64>(p + 16);
  b += rotr<u64>(a, 44);
  weakFirst = a + z;
  weakSecond = b + c;
}
export function farm_fingerprint64(ctx: i32, s: i64): i64 {
  let p = strPtr(s);
  const n = strLen(s);
  if (n <= 16) return <i64>farmShort(p, n);
  if (n <= 64) return <i64>farmMiddle(p, n);
  let x: u64 = 81;
  let y: u64 = 81 * K1 + 113;
  let z: u64 = mix(y * K2 + 113) * K2;
  let v1: u64 = 0;
  let v2: u64 = 0;
  let w1: u64 = 0;
  let w2: u64 = 0;
  x = x * K2 + load<u64>(p);
  const endAt = p + ((n - 1) >> 6 << 6);
  const last64 = endAt + ((n - 1) & 63) - 63;
  do {
    x = rotr<u64>(x + y + v1 + load<u64>(p + 8), 37) * K1;
    y = rotr<u64>(y + v2 + load<u64>(p + 48), 42) * K1;
    x ^= w2;
    y += v1 + load<u64>(p + 40);
    z = rotr<u64>(z + w1, 33) * K1;
    weak(p, v2 * K1, x + w1);
    v1 = weakFirst;
    v2 = weakSecond;
    weak(p + 32, z + w2, y + load<u64>(p + 16));
    w1 = weakFirst;
    w2 = weakSecond;
    const t = z;
    z = x;
    x = t;
    p += 64;
  } while (p != endAt);
  const mul = K1 + ((z & 0xff) << 1);
  p = last64;
  w1 += (n - 1) & 63;
  v1 += w1;
  w1 += v1;
  x = rotr<u64>(x + y + v1 + load<u64>(p + 8), 37) * mul;
  y = rotr<u64>(y + v2 + load<u64>(p + 48), 42) * mul;
  x ^= w2 * 9;
  y += v1 * 9 + load<u64>(p + 40);
  z = rotr<u64>(z + w1, 33) * mul;
  weak(p, v2 * mul, x + w1);
  v1 = weakFirst;
  v2 = weakSecond;
  weak(p + 32, z + w2, y + load<u64>(p + 16));
  w1 = weakFirst;
  w2 = weakSecond;
  const t = z;
  z = x;
  x = t;
  return <i64>len16(len16(v1, w1, mul) + mix(y) * K0 + z, len16(v2, w2, mul) + x, mul);
}
