/**
 * Unsigned wide arithmetic below the numeric kernels: 64x64->128, 128/64, 128/128, 256/128. Second results are left in
 * the module variables R1 (and R2, R3), which are return registers only: read them right after the call.
 */
export let R1: u64 = 0;
export let R2: u64 = 0;
export let R3: u64 = 0;

/** Low word of a*b; R1 = high word. */
// @ts-ignore: decorator
@inline
export function mulWide(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >>> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >>> 32;
  const p00 = a0 * b0;
  const p01 = a0 * b1;
  const p10 = a1 * b0;
  const mid = (p00 >>> 32) + (p01 & 0xffffffff) + (p10 & 0xffffffff);
  R1 = a1 * b1 + (p01 >>> 32) + (p10 >>> 32) + (mid >>> 32);
  return a * b;
}
/** (hi:lo) / d for hi < d; returns the quotient, R1 = remainder. */
export function divWide(hi: u64, lo: u64, d: u64): u64 {
  if (hi == 0) {
    const q0 = lo / d;
    R1 = lo - q0 * d;
    return q0;
  }
  const s = clz<u64>(d);
  d <<= s;
  const d1 = d >>> 32;
  const d0 = d & 0xffffffff;
  const n32 = s == 0 ? hi : (hi << s) | (lo >>> (64 - s));
  const n10 = lo << s;
  const n1 = n10 >>> 32;
  const n0 = n10 & 0xffffffff;
  let q1 = n32 / d1;
  let r = n32 - q1 * d1;
  while (q1 > 0xffffffff || q1 * d0 > ((r << 32) | n1)) {
    q1--;
    r += d1;
    if (r > 0xffffffff) break;
  }
  const n21 = ((n32 << 32) | n1) - q1 * d;
  let q0 = n21 / d1;
  r = n21 - q0 * d1;
  while (q0 > 0xffffffff || q0 * d0 > ((r << 32) | n0)) {
    q0--;
    r += d1;
    if (r > 0xffffffff) break;
  }
  R1 = (((n21 << 32) | n0) - q0 * d) >>> s;
  return (q1 << 32) + q0;
}
/** (n2:n1:n0) / (d1:d0), d normalised (top bit set), (n2:n1) < d. Returns the digit; R1:R2 = remainder low, high. */
function div3by2(n2: u64, n1: u64, n0: u64, d1: u64, d0: u64): u64 {
  let q: u64;
  let r: u64;
  let over = false;
  if (n2 >= d1) {
    q = ~(<u64>0);
    r = n1 + d1;
    over = r < d1;
    if (n2 > d1) over = true;
  } else {
    q = divWide(n2, n1, d1);
    r = R1;
  }
  while (!over) {
    const pl = mulWide(q, d0);
    const ph = R1;
    if (ph > r || (ph == r && pl > n0)) {
      q--;
      const before = r;
      r += d1;
      if (r < before) over = true;
    } else break;
  }
  // remainder = n - q*d (mod 2^128)
  const l = mulWide(q, d0);
  const h = R1 + q * d1;
  const r0 = n0 - l;
  R2 = n1 - h - (n0 < l ? 1 : 0);
  R1 = r0;
  return q;
}
/**
 * (n3:n2:n1:n0) / (d1:d0). Quotient low word returned, R1 = quotient high word; R2:R3 = remainder low, high. The
 * quotient must fit 128 bits: the caller checks (n3:n2) < (d1:d0).
 */
export function div256(n3: u64, n2: u64, n1: u64, n0: u64, d1: u64, d0: u64): u64 {
  if (d1 == 0) {
    const qh = divWide(n2, n1, d0);
    const ql = divWide(R1, n0, d0);
    R2 = R1;
    R3 = 0;
    R1 = qh;
    return ql;
  }
  const s = clz<u64>(d1);
  if (s != 0) {
    const t = 64 - s;
    d1 = (d1 << s) | (d0 >>> t);
    d0 <<= s;
    n3 = (n3 << s) | (n2 >>> t);
    n2 = (n2 << s) | (n1 >>> t);
    n1 = (n1 << s) | (n0 >>> t);
    n0 <<= s;
  }
  const qh = div3by2(n3, n2, n1, d1, d0);
  const m1 = R1;
  const m2 = R2;
  const ql = div3by2(m2, m1, n0, d1, d0);
  let rl = R1;
  let rh = R2;
  if (s != 0) {
    rl = (rl >>> s) | (rh << (64 - s));
    rh >>>= s;
  }
  R1 = qh;
  R2 = rl;
  R3 = rh;
  return ql;
}
/** (nhi:nlo) / (dhi:dlo): quotient low returned, R1 = quotient high, R2:R3 = remainder low, high. */
export function udiv128(nlo: u64, nhi: u64, dlo: u64, dhi: u64): u64 {
  if (dhi != 0) return div256(0, 0, nhi, nlo, dhi, dlo);
  const qh = nhi / dlo;
  const ql = divWide(nhi - qh * dlo, nlo, dlo);
  R2 = R1;
  R3 = 0;
  R1 = qh;
  return ql;
}
/** 10^n for 0 <= n <= 19. */
export function pow10(n: i32): u64 {
  switch (n) {
    case 0: return 1;
    case 1: return 10;
    case 2: return 100;
    case 3: return 1000;
    case 4: return 10000;
    case 5: return 100000;
    case 6: return 1000000;
    case 7: return 10000000;
    case 8: return 100000000;
    case 9: return 1000000000;
    case 10: return 10000000000;
    case 11: return 100000000000;
    case 12: return 1000000000000;
    case 13: return 10000000000000;
    case 14: return 100000000000000;
    case 15: return 1000000000000000;
    case 16: return 10000000000000000;
    case 17: return 100000000000000000;
    case 18: return 1000000000000000000;
    default: return 10000000000000000000;
  }
}
/** 10^n for 0 <= n <= 38; R1 = high word. */
export function pow10Wide(n: i32): u64 {
  if (n <= 19) {
    R1 = 0;
    return pow10(n);
  }
  return mulWide(pow10(19), pow10(n - 19));
}
/** (hi:lo) / 10^by, rounding half away or truncating: low word returned, R1 = high word. */
export function scaleDown(lo: u64, hi: u64, by: i32, truncate: bool): u64 {
  if (by > 38) {
    R1 = 0;
    return 0;
  }
  const dlo = pow10Wide(by);
  const dhi = R1;
  let q = udiv128(lo, hi, dlo, dhi);
  if (truncate) return q;
  const t1 = (R3 << 1) | (R2 >>> 63);
  const t0 = R2 << 1;
  if (t1 > dhi || (t1 == dhi && t0 >= dlo)) {
    q++;
    if (q == 0) R1++;
  }
  return q;
}
/** Result words of mul128. */
export let W0: u64 = 0;
export let W1: u64 = 0;
export let W2: u64 = 0;
export let W3: u64 = 0;
/** (ahi:alo) * (bhi:blo) -> W3:W2:W1:W0. */
export function mul128(alo: u64, ahi: u64, blo: u64, bhi: u64): void {
  W0 = mulWide(alo, blo);
  const c0 = R1;
  const l1 = mulWide(alo, bhi);
  const h1 = R1;
  const l2 = mulWide(ahi, blo);
  const h2 = R1;
  const l3 = mulWide(ahi, bhi);
  const h3 = R1;
  let carry: u64 = 0;
  let t = c0 + l1;
  if (t < l1) carry++;
  const t2 = t + l2;
  if (t2 < l2) carry++;
  W1 = t2;
  let c2: u64 = 0;
  t = h1 + h2;
  if (t < h2) c2++;
  const u = t + l3;
  if (u < l3) c2++;
  const v = u + carry;
  if (v < carry) c2++;
  W2 = v;
  W3 = h3 + c2;
}
