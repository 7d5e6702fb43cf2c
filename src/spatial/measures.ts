/**
 * Lengths, areas, angles and centres. Geometries are measured in the plane, geographies (`geo_`) on the spheroid of their
 * reference system.
 */
import type { SpatialCall } from './call.ts';
import { distance } from './distance.ts';
import { EARTH_RADIUS, geodesicDistance, geodesicRingArea, sphereDistance, spheroidOf } from './geodesy.ts';
import {
  commonSrid,
  dimension,
  eachRun,
  FLAT,
  isEmpty,
  leaves,
  LINESTRING,
  point,
  POINT,
  POLYGON,
  requireKind,
  stride,
  withGeometry,
  type Geometry,
  type Spatial,
} from './geometry.ts';
import { signedArea2 } from './orientation.ts';
import { invalidArgument } from './spatial-error.ts';

type Between = (x1: number, y1: number, x2: number, y2: number) => number;
const PLANE: Between = (x1, y1, x2, y2) => Math.hypot(x2 - x1, y2 - y1);
const SPHERE: Between = (x1, y1, x2, y2) => sphereDistance(x1, y1, x2, y2, EARTH_RADIUS);
function geodesic({ srid }: Spatial): Between {
  const spheroid = spheroidOf(srid);
  return (x1, y1, x2, y2) => geodesicDistance(x1, y1, x2, y2, spheroid);
}

function runLength(points: Float64Array, step: number, between: Between): number {
  let sum = 0;
  for (let i = 0; i + step < points.length; i += step)
    sum += between(points[i]!, points[i + 1]!, points[i + step]!, points[i + step + 1]!);
  return sum;
}
/** Of its linestrings, or of the rings of its polygons. */
function length(g: Geometry, of: typeof LINESTRING | typeof POLYGON, between: Between): number {
  let sum = 0;
  for (const leaf of leaves(g)) {
    if (leaf.kind !== of) continue;
    for (const run of of === POLYGON ? leaf.rings : [leaf.points]) sum += runLength(run, stride(leaf), between);
  }
  return sum;
}

/** Of its polygons: the outer ring's less the others'. */
function area(g: Geometry, ringArea: (ring: Float64Array, step: number) => number): number {
  let sum = 0;
  for (const leaf of leaves(g)) {
    for (const [i, ring] of leaf.rings.entries()) {
      if (ring.length === 0) continue;
      const size = Math.abs(ringArea(ring, stride(leaf)));
      sum += i === 0 ? size : -size;
    }
  }
  return sum;
}
function geographyArea(value: Spatial): number {
  if (dimension(value.geometry) < 2) return 0;
  const spheroid = spheroidOf(value.srid);
  return area(value.geometry, (ring, step) => geodesicRingArea(ring, step, spheroid));
}

function twoPoints(name: string, a: Spatial, b: Spatial): readonly [number, number, number, number] | undefined {
  const [p, q] = [requireKind(name, a, [POINT]), requireKind(name, b, [POINT])];
  commonSrid(name, [a, b]);
  if (isEmpty(p) || isEmpty(q)) return undefined;
  return [p.points[0]!, p.points[1]!, q.points[0]!, q.points[1]!];
}
function geographyDistance(a: Spatial, b: Spatial): number | null {
  const between = geodesic(a);
  const points = twoPoints('ST_Distance', a, b);
  return points === undefined ? null : between(...points);
}
function distanceSphere(a: Spatial, b: Spatial, radius = EARTH_RADIUS): number | null {
  if (radius < 0) throw invalidArgument('ST_DistanceSphere: the radius is negative');
  const points = twoPoints('ST_DistanceSphere', a, b);
  return points === undefined ? null : sphereDistance(...points, radius);
}

const turn = (angle: number): number => {
  const whole = angle % (2 * Math.PI);
  return whole < 0 ? whole + 2 * Math.PI : whole;
};
/** From the north, clockwise; undefined between equal points. */
function azimuth(x1: number, y1: number, x2: number, y2: number): number | undefined {
  return x1 === x2 && y1 === y2 ? undefined : turn(Math.atan2(x2 - x1, y2 - y1));
}
function azimuthOf(a: Spatial, b: Spatial): number | null {
  const name = 'ST_Azimuth';
  const points = twoPoints(name, a, b);
  if (points === undefined) throw invalidArgument(`${name}: a point is empty`);
  return azimuth(...points) ?? null;
}
function angle(...values: readonly Spatial[]): number | null {
  const name = 'ST_Angle';
  commonSrid(name, values);
  const isLines = values.length === 2;
  const places = values.flatMap((v): (readonly [number, number])[] => {
    const g = requireKind(name, v, [isLines ? LINESTRING : POINT]);
    if (isEmpty(g)) throw invalidArgument(`${name}: a geometry is empty`);
    const last = g.points.length - stride(g);
    const first = [g.points[0]!, g.points[1]!] as const;
    return isLines ? [first, [g.points[last]!, g.points[last + 1]!]] : [first];
  });
  // Around the second of three points, else between two lines.
  const [p, q, r, s] = places.length === 3 ? [places[1]!, places[0]!, places[1]!, places[2]!] : places;
  const [from, to] = [azimuth(...p!, ...q!), azimuth(...r!, ...s!)];
  return from === undefined || to === undefined ? null : turn(to - from);
}

/** Sums of places, each with its weight. */
class Centre {
  private x = 0;
  private y = 0;
  weight = 0;
  add(x: number, y: number, weight: number): void {
    this.x += x * weight;
    this.y += y * weight;
    this.weight += weight;
  }
  get place(): Float64Array {
    return Float64Array.of(this.x / this.weight, this.y / this.weight);
  }
}
function addRing(centre: Centre, ring: Float64Array, step: number, isHole: boolean): void {
  const sign = signedArea2(ring, step) > 0 === isHole ? -1 : 1;
  const [ox, oy] = [ring[0]!, ring[1]!];
  for (let i = step; i + step < ring.length; i += step) {
    const [x1, y1, x2, y2] = [ring[i]!, ring[i + 1]!, ring[i + step]!, ring[i + step + 1]!];
    const double = (x1 - ox) * (y2 - oy) - (x2 - ox) * (y1 - oy);
    centre.add((ox + x1 + x2) / 3, (oy + y1 + y2) / 3, sign * double);
  }
}
function addRun(centre: Centre, run: Float64Array, step: number): void {
  for (let i = 0; i + step < run.length; i += step) {
    const [x1, y1, x2, y2] = [run[i]!, run[i + 1]!, run[i + step]!, run[i + step + 1]!];
    centre.add((x1 + x2) / 2, (y1 + y2) / 2, PLANE(x1, y1, x2, y2));
  }
}
/** Of its parts of the greatest dimension; of a lower one where those have no size. */
function centroid(value: Spatial): Spatial | null {
  const { geometry: g } = value;
  if (isEmpty(g)) return null;
  const full = [...leaves(g)].filter((leaf) => !isEmpty(leaf));
  for (let d = Math.max(...full.map(dimension)); d >= 0; d--) {
    const centre = new Centre();
    for (const leaf of full) {
      const step = stride(leaf);
      if (dimension(leaf) < d) continue;
      if (d === 2)
        for (const [i, ring] of leaf.rings.entries()) if (ring.length > 0) addRing(centre, ring, step, i > 0);
      if (d === 1) eachRun(leaf, (run) => addRun(centre, run, step));
      if (d === 0)
        eachRun(leaf, (run) => {
          for (let i = 0; i < run.length; i += step) centre.add(run[i]!, run[i + 1]!, 1);
        });
    }
    if (centre.weight !== 0) return withGeometry(value, point(FLAT, centre.place));
  }
  return null;
}

/** All polygons' outer rings go in the direction, their inner ones in the other. */
const isDirected =
  (counterclockwise: boolean) =>
  ({ geometry }: Spatial): boolean => {
    for (const leaf of leaves(geometry)) {
      for (const [i, ring] of leaf.rings.entries()) {
        const size = ring.length === 0 ? 0 : signedArea2(ring, stride(leaf));
        if (size !== 0 && size > 0 !== (counterclockwise === (i === 0))) return false;
      }
    }
    return true;
  };

export const MEASURES = {
  st_area: ({ geometry }: Spatial) => area(geometry, (ring, step) => signedArea2(ring, step) / 2),
  geo_area: geographyArea,
  st_length: ({ geometry }: Spatial) => length(geometry, LINESTRING, PLANE),
  geo_length: (value: Spatial) => length(value.geometry, LINESTRING, geodesic(value)),
  st_perimeter: ({ geometry }: Spatial) => length(geometry, POLYGON, PLANE),
  geo_perimeter: (value: Spatial) => length(value.geometry, POLYGON, geodesic(value)),
  st_lengthsphere: ({ geometry }: Spatial) => length(geometry, LINESTRING, SPHERE),
  st_distance: (a: Spatial, b: Spatial) => distance('ST_Distance', a, b),
  geo_distance: geographyDistance,
  st_distancesphere: distanceSphere,
  st_azimuth: azimuthOf,
  st_angle: angle,
  st_centroid: centroid,
  st_ispolygonccw: isDirected(true),
  st_ispolygoncw: isDirected(false),
} satisfies Record<string, SpatialCall>;
