/**
 * The boundary of a geometry: nothing of points, the ends of lines that an odd number of them share, the rings of areas.
 */
import {
  COLLECTION,
  emptyOf,
  isClosedRun,
  isEmpty,
  leaves,
  line,
  LINESTRING,
  multi,
  MULTILINESTRING,
  MULTIPOINT,
  point,
  POINT,
  POLYGON,
  projected,
  refuseCollection,
  stride,
  withGeometry,
  type Dims,
  type Geometry,
  type Spatial,
} from './geometry.ts';

interface End {
  readonly x: number;
  readonly y: number;
  readonly z: Set<number>;
  count: number;
}
function lineEnds(g: Geometry): End[] {
  const ends = new Map<string, End>();
  const step = stride(g);
  for (const { points } of leaves(g)) {
    if (points.length === 0 || isClosedRun(points, step)) continue;
    for (const at of [0, points.length - step]) {
      const [x, y] = [points[at]!, points[at + 1]!];
      const key = `${x} ${y}`;
      const end = ends.get(key) ?? { x, y, z: new Set(), count: 0 };
      ends.set(key, end);
      end.count++;
      if (g.hasZ) end.z.add(points[at + 2]!);
    }
  }
  return [...ends.values()].filter((e) => e.count % 2 === 1);
}
function boundaryOf(g: Geometry): Geometry {
  const d: Dims = { hasZ: g.hasZ, hasM: false };
  if (g.kind === POINT || g.kind === MULTIPOINT) return emptyOf(COLLECTION);
  if (g.kind === LINESTRING || g.kind === MULTILINESTRING) {
    const ends = lineEnds(g);
    if (g.kind === MULTILINESTRING) ends.sort((a, b) => a.x - b.x || a.y - b.y);
    const height = ({ z }: End): number => [...z].reduce((sum, v) => sum + v, 0) / z.size;
    const places = ends.map((e) => point(d, Float64Array.of(e.x, e.y, ...(d.hasZ ? [height(e)] : []))));
    return multi(MULTIPOINT, d, places);
  }
  const lines = [...leaves(g)].flatMap((p) => p.rings.map((r) => line(d, projected(r, g, d))));
  return g.kind === POLYGON && lines.length === 1 ? lines[0]! : multi(MULTILINESTRING, d, lines);
}
export function boundary(value: Spatial): Spatial {
  refuseCollection('ST_Boundary', [value]);
  return isEmpty(value.geometry) ? value : withGeometry(value, boundaryOf(value.geometry));
}
