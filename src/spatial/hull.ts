/**
 * The convex hull: Andrew's chains over the sorted points, with exact orientations; clockwise from the least point. z is kept.
 */
import { eachRun, line, point, polygon, stride, withGeometry, type Dims, type Spatial } from './geometry.ts';
import { orientation } from './orientation.ts';

export function convexHull(value: Spatial): Spatial {
  const { geometry: g } = value;
  const step = stride(g);
  const all: Float64Array[] = [];
  eachRun(g, (run) => {
    for (let i = 0; i < run.length; i += step) all.push(run.subarray(i, i + (g.hasZ ? 3 : 2)));
  });
  if (all.length === 0) return value;
  all.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
  const points = all.filter((p, i) => i === 0 || p[0] !== all[i - 1]![0] || p[1] !== all[i - 1]![1]);
  const d: Dims = { hasZ: g.hasZ, hasM: false };
  const flat = (list: readonly Float64Array[]): Float64Array => Float64Array.from(list.flatMap((p) => [...p]));
  if (points.length === 1) return withGeometry(value, point(d, flat(points)));
  const chain = (list: readonly Float64Array[]): Float64Array[] => {
    const out: Float64Array[] = [];
    for (const p of list) {
      while (out.length > 1) {
        const [a, b] = [out.at(-2)!, out.at(-1)!];
        if (orientation(a[0]!, a[1]!, b[0]!, b[1]!, p[0]!, p[1]!) < 0) break;
        out.pop();
      }
      out.push(p);
    }
    return out;
  };
  const upper = chain(points);
  const lower = chain(points.toReversed());
  if (upper.length === 2 && lower.length === 2) return withGeometry(value, line(d, flat(upper)));
  return withGeometry(value, polygon(d, [flat([...upper, ...lower.slice(1)])]));
}
