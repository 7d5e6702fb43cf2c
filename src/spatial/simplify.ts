/**
 * Lines and rings with fewer points: Ramer, Douglas and Peucker. A point stays when it lies farther than the tolerance from
 * the edge that would be there without it. A closed run begins at its first point and is cut at the point farthest from it; a
 * ring of fewer than four points goes, and a polygon with its outer one.
 */
import { distanceToEdge } from './distance.ts';
import { spend, bounded } from './jts.ts';
import {
  emptyOf,
  isClosedRun,
  joinRuns,
  line,
  LINESTRING,
  multi,
  MULTIPOINT,
  POINT,
  polygon,
  POLYGON,
  stride,
  withGeometry,
  type Geometry,
  type Spatial,
} from './geometry.ts';

function thinned(points: Float64Array, step: number, tolerance: number): Float64Array {
  const count = points.length / step;
  const kept = new Uint8Array(count);
  kept[0] = kept[count - 1] = 1;
  const spans: [number, number][] = [[0, count - 1]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    const [a, b] = [from * step, to * step];
    let [most, at] = [-1, -1];
    spend((to - from) / 8);
    for (let i = from + 1; i < to; i++) {
      const d = distanceToEdge(
        points[i * step]!,
        points[i * step + 1]!,
        points[a]!,
        points[a + 1]!,
        points[b]!,
        points[b + 1]!,
      );
      if (d > most) [most, at] = [d, i];
    }
    if (at < 0 || !(most > tolerance)) continue;
    kept[at] = 1;
    spans.push([from, at], [at, to]);
  }
  const runs: Float64Array[] = [];
  for (let i = 0; i < count; i++) if (kept[i] === 1) runs.push(points.subarray(i * step, (i + 1) * step));
  return joinRuns(runs);
}

function simplified(g: Geometry, tolerance: number): Geometry {
  const step = stride(g);
  if (g.kind === POINT || g.kind === MULTIPOINT) return g;
  if (g.kind === LINESTRING) return g.points.length <= 2 * step ? g : line(g, thinned(g.points, step, tolerance));
  if (g.kind === POLYGON) {
    const rings = g.rings.map((r) => (r.length <= 4 * step ? r : thinned(r, step, tolerance)));
    const isWhole = (r: Float64Array): boolean => r.length >= (isClosedRun(r, step) ? 4 : 3) * step;
    if (rings.length === 0 || !isWhole(rings[0]!)) return emptyOf(POLYGON, g);
    return polygon(g, rings.filter(isWhole));
  }
  const parts = g.parts.map((p) => simplified(p, tolerance));
  return multi(
    g.kind,
    g,
    parts.filter((p, i) => p.rings.length > 0 || p.kind !== POLYGON || g.parts[i]!.rings.length === 0),
  );
}
export const simplify = (value: Spatial, tolerance: number): Spatial =>
  withGeometry(
    value,
    bounded('ST_Simplify', () => simplified(value.geometry, Math.max(0, tolerance))),
  );
