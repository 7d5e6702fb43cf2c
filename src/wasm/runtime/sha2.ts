/**
 * SHA-2: one round function for the 32-bit family (224, 256) and one for the 64-bit family (384, 512). The constants are
 * the fractional bits of the roots of the first primes, given by switch because there is no static data; SHA-256 uses
 * the upper halves.
 */
import { alloc_scratch, mark, release } from './alloc.ts';
import { padded, PADDED } from './hash-functions.ts';
import { hexText } from './hex.ts';
import { makeStr, strPtr } from './layout.ts';

function roundConstant(i: i32): u64 {
  switch (i) {
    case 0: return 0x428a2f98d728ae22;
    case 1: return 0x7137449123ef65cd;
    case 2: return 0xb5c0fbcfec4d3b2f;
    case 3: return 0xe9b5dba58189dbbc;
    case 4: return 0x3956c25bf348b538;
    case 5: return 0x59f111f1b605d019;
    case 6: return 0x923f82a4af194f9b;
    case 7: return 0xab1c5ed5da6d8118;
    case 8: return 0xd807aa98a3030242;
    case 9: return 0x12835b0145706fbe;
    case 10: return 0x243185be4ee4b28c;
    case 11: return 0x550c7dc3d5ffb4e2;
    case 12: return 0x72be5d74f27b896f;
    case 13: return 0x80deb1fe3b1696b1;
    case 14: return 0x9bdc06a725c71235;
    case 15: return 0xc19bf174cf692694;
    case 16: return 0xe49b69c19ef14ad2;
    case 17: return 0xefbe4786384f25e3;
    case 18: return 0x0fc19dc68b8cd5b5;
    case 19: return 0x240ca1cc77ac9c65;
    case 20: return 0x2de92c6f592b0275;
    case 21: return 0x4a7484aa6ea6e483;
    case 22: return 0x5cb0a9dcbd41fbd4;
    case 23: return 0x76f988da831153b5;
    case 24: return 0x983e5152ee66dfab;
    case 25: return 0xa831c66d2db43210;
    case 26: return 0xb00327c898fb213f;
    case 27: return 0xbf597fc7beef0ee4;
    case 28: return 0xc6e00bf33da88fc2;
    case 29: return 0xd5a79147930aa725;
    case 30: return 0x06ca6351e003826f;
    case 31: return 0x142929670a0e6e70;
    case 32: return 0x27b70a8546d22ffc;
    case 33: return 0x2e1b21385c26c926;
    case 34: return 0x4d2c6dfc5ac42aed;
    case 35: return 0x53380d139d95b3df;
    case 36: return 0x650a73548baf63de;
    case 37: return 0x766a0abb3c77b2a8;
    case 38: return 0x81c2c92e47edaee6;
    case 39: return 0x92722c851482353b;
    case 40: return 0xa2bfe8a14cf10364;
    case 41: return 0xa81a664bbc423001;
    case 42: return 0xc24b8b70d0f89791;
    case 43: return 0xc76c51a30654be30;
    case 44: return 0xd192e819d6ef5218;
    case 45: return 0xd69906245565a910;
    case 46: return 0xf40e35855771202a;
    case 47: return 0x106aa07032bbd1b8;
    case 48: return 0x19a4c116b8d2d0c8;
    case 49: return 0x1e376c085141ab53;
    case 50: return 0x2748774cdf8eeb99;
    case 51: return 0x34b0bcb5e19b48a8;
    case 52: return 0x391c0cb3c5c95a63;
    case 53: return 0x4ed8aa4ae3418acb;
    case 54: return 0x5b9cca4f7763e373;
    case 55: return 0x682e6ff3d6b2b8a3;
    case 56: return 0x748f82ee5defb2fc;
    case 57: return 0x78a5636f43172f60;
    case 58: return 0x84c87814a1f0ab72;
    case 59: return 0x8cc702081a6439ec;
    case 60: return 0x90befffa23631e28;
    case 61: return 0xa4506cebde82bde9;
    case 62: return 0xbef9a3f7b2c67915;
    case 63: return 0xc67178f2e372532b;
    case 64: return 0xca273eceea26619c;
    case 65: return 0xd186b8c721c0c207;
    case 66: return 0xeada7dd6cde0eb1e;
    case 67: return 0xf57d4f7fee6ed178;
    case 68: return 0x06f067aa72176fba;
    case 69: return 0x0a637dc5a2c898a6;
    case 70: return 0x113f9804bef90dae;
    case 71: return 0x1b710b35131c471b;
    case 72: return 0x28db77f523047d84;
    case 73: return 0x32caab7b40c72493;
    case 74: return 0x3c9ebe0a15c9bebc;
    case 75: return 0x431d67c49c100d4c;
    case 76: return 0x4cc5d4becb3e42b6;
    case 77: return 0x597f299cfc657e2a;
    case 78: return 0x5fcb6fab3ad6faec;
    default: return 0x6c44198c4a475817;
  }
}
function rootStart(i: i32): u64 {
  switch (i) {
    case 0: return 0x6a09e667f3bcc908;
    case 1: return 0xbb67ae8584caa73b;
    case 2: return 0x3c6ef372fe94f82b;
    case 3: return 0xa54ff53a5f1d36f1;
    case 4: return 0x510e527fade682d1;
    case 5: return 0x9b05688c2b3e6c1f;
    case 6: return 0x1f83d9abfb41bd6b;
    default: return 0x5be0cd19137e2179;
  }
}
function rootStart384(i: i32): u64 {
  switch (i) {
    case 0: return 0xcbbb9d5dc1059ed8;
    case 1: return 0x629a292a367cd507;
    case 2: return 0x9159015a3070dd17;
    case 3: return 0x152fecd8f70e5939;
    case 4: return 0x67332667ffc00b31;
    case 5: return 0x8eb44a8768581511;
    case 6: return 0xdb0c2e0d64f98fa7;
    default: return 0x47b5481dbefa4fa4;
  }
}
/** Initial words of SHA-224: the second 32 bits of the roots that SHA-384 starts from. */
function start32(bits: i32, i: i32): u32 {
  return bits == 224 ? <u32>rootStart384(i) : <u32>(rootStart(i) >>> 32);
}
function sha32(ctx: i32, s: i64, bits: i32, out: i32): i64 {
  const p = padded(ctx, s, 64, true);
  const w = alloc_scratch(ctx, 64 * 4 + 64);
  if (p == 0 || w == 0) return 0;
  const h = w + 256;
  const v = h + 32;
  for (let i = 0; i < 8; i++) store<u32>(h + i * 4, start32(bits, i));
  for (let m = p; m < p + PADDED; m += 64) {
    for (let i = 0; i < 16; i++) store<u32>(w + i * 4, bswap<u32>(load<u32>(m + i * 4)));
    for (let i = 16; i < 64; i++) {
      const a = load<u32>(w + i * 4 - 60);
      const b = load<u32>(w + i * 4 - 8);
      const s0 = rotr<u32>(a, 7) ^ rotr<u32>(a, 18) ^ (a >>> 3);
      const s1 = rotr<u32>(b, 17) ^ rotr<u32>(b, 19) ^ (b >>> 10);
      store<u32>(w + i * 4, load<u32>(w + i * 4 - 64) + s0 + load<u32>(w + i * 4 - 28) + s1);
    }
    memory.copy(v, h, 32);
    for (let i = 0; i < 64; i++) {
      const e = load<u32>(v, 16);
      const a = load<u32>(v);
      const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
      const ch = (e & load<u32>(v, 20)) ^ (~e & load<u32>(v, 24));
      const t1 = load<u32>(v, 28) + s1 + ch + <u32>(roundConstant(i) >>> 32) + load<u32>(w + i * 4);
      const s0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
      const b = load<u32>(v, 4);
      const c = load<u32>(v, 8);
      const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      memory.copy(v + 4, v, 28);
      store<u32>(v, load<u32>(v, 16) + t1, 16);
      store<u32>(v, t1 + t2);
    }
    for (let i = 0; i < 8; i++) store<u32>(h + i * 4, load<u32>(h + i * 4) + load<u32>(v + i * 4));
  }
  for (let i = 0; i < 8; i++) store<u32>(h + i * 4, bswap<u32>(load<u32>(h + i * 4)));
  return hexText(out, h, bits >> 3);
}
function sha64(ctx: i32, s: i64, bits: i32, out: i32): i64 {
  const p = padded(ctx, s, 128, true);
  const w = alloc_scratch(ctx, 80 * 8 + 128);
  if (p == 0 || w == 0) return 0;
  const h = w + 640;
  const v = h + 64;
  for (let i = 0; i < 8; i++) store<u64>(h + i * 8, bits == 384 ? rootStart384(i) : rootStart(i));
  for (let m = p; m < p + PADDED; m += 128) {
    for (let i = 0; i < 16; i++) store<u64>(w + i * 8, bswap<u64>(load<u64>(m + i * 8)));
    for (let i = 16; i < 80; i++) {
      const a = load<u64>(w + i * 8 - 120);
      const b = load<u64>(w + i * 8 - 16);
      const s0 = rotr<u64>(a, 1) ^ rotr<u64>(a, 8) ^ (a >>> 7);
      const s1 = rotr<u64>(b, 19) ^ rotr<u64>(b, 61) ^ (b >>> 6);
      store<u64>(w + i * 8, load<u64>(w + i * 8 - 128) + s0 + load<u64>(w + i * 8 - 56) + s1);
    }
    memory.copy(v, h, 64);
    for (let i = 0; i < 80; i++) {
      const e = load<u64>(v, 32);
      const a = load<u64>(v);
      const s1 = rotr<u64>(e, 14) ^ rotr<u64>(e, 18) ^ rotr<u64>(e, 41);
      const ch = (e & load<u64>(v, 40)) ^ (~e & load<u64>(v, 48));
      const t1 = load<u64>(v, 56) + s1 + ch + roundConstant(i) + load<u64>(w + i * 8);
      const s0 = rotr<u64>(a, 28) ^ rotr<u64>(a, 34) ^ rotr<u64>(a, 39);
      const b = load<u64>(v, 8);
      const c = load<u64>(v, 16);
      const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      memory.copy(v + 8, v, 56);
      store<u64>(v, load<u64>(v, 32) + t1, 32);
      store<u64>(v, t1 + t2);
    }
    for (let i = 0; i < 8; i++) store<u64>(h + i * 8, load<u64>(h + i * 8) + load<u64>(v + i * 8));
  }
  for (let i = 0; i < 8; i++) store<u64>(h + i * 8, bswap<u64>(load<u64>(h + i * 8)));
  return hexText(out, h, bits >> 3);
}
export function hash_sha2(ctx: i32, s: i64, bits: i32): i64 {
  if (bits == 0) bits = 256;
  if (bits != 224 && bits != 256 && bits != 384 && bits != 512) return makeStr(strPtr(s), 0);
  const out = alloc_scratch(ctx, bits >> 2);
  if (out == 0) return 0;
  const m = mark(ctx);
  const digest = bits <= 256 ? sha32(ctx, s, bits, out) : sha64(ctx, s, bits, out);
  release(ctx, m);
  return digest;
}
