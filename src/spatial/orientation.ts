/**
 * On which side of a line a point lies, exactly: the determinant in doubles where its error cannot change the sign, else in
 * rational numbers.
 */

/** Above this share of its parts the determinant's sign is certain (Shewchuk's bound for three points). */
const CERTAIN = (3 + 16 * 2 ** -53) * 2 ** -53;

/** 1: c lies to the left of the line from a to b, -1: to the right, 0: on it. */
export function orientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): -1 | 0 | 1 {
  const left = (ax - cx) * (by - cy);
  const right = (ay - cy) * (bx - cx);
  const det = left - right;
  if (Math.abs(det) > CERTAIN * (Math.abs(left) + Math.abs(right))) return det > 0 ? 1 : -1;
  if (![ax, ay, bx, by, cx, cy].every(Number.isFinite)) return 0;
  return exact([ax, ay, bx, by, cx, cy]);
}

const BITS = new DataView(new ArrayBuffer(8));
/** A double as an integer times a power of two. */
function parts(v: number): readonly [bigint, number] {
  BITS.setFloat64(0, v);
  const bits = BITS.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const whole = exponent === 0 ? fraction : fraction | (1n << 52n);
  return [bits >> 63n === 1n ? -whole : whole, Math.max(exponent, 1) - 1075];
}
function exact(numbers: readonly number[]): -1 | 0 | 1 {
  const split = numbers.map(parts);
  const least = Math.min(...split.filter(([m]) => m !== 0n).map(([, e]) => e), 971);
  const [ax, ay, bx, by, cx, cy] = split.map(([m, e]) => (m === 0n ? 0n : m << BigInt(e - least))) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const det = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx);
  return det > 0n ? 1 : det < 0n ? -1 : 0;
}

/** Twice the area of a ring, positive where it goes counterclockwise; around its first point, which keeps the numbers small. */
export function signedArea2(points: Float64Array, step: number): number {
  const [ox, oy] = [points[0]!, points[1]!];
  let sum = 0;
  for (let i = step; i + step < points.length; i += step) {
    const [x1, y1] = [points[i]! - ox, points[i + 1]! - oy];
    const [x2, y2] = [points[i + step]! - ox, points[i + step + 1]! - oy];
    sum += x1 * y2 - x2 * y1;
  }
  return sum;
}
