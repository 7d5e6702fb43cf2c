/**
 * Geometries as values: a kind, the coordinates that points have besides x and y, and what the kind is made of. Points and
 * linestrings hold numbers, `stride` of them a point, in the order x y z m; polygons hold rings, the others hold parts. An
 * empty point has no numbers. Nothing here is changed once it is made.
 */
import { invalidArgument } from './spatial-error.ts';

/** The codes of WKB. */
export const POINT = 1;
export const LINESTRING = 2;
export const POLYGON = 3;
export const MULTIPOINT = 4;
export const MULTILINESTRING = 5;
export const MULTIPOLYGON = 6;
export const COLLECTION = 7;
export type Kind = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  1: 'Point',
  2: 'LineString',
  3: 'Polygon',
  4: 'MultiPoint',
  5: 'MultiLineString',
  6: 'MultiPolygon',
  7: 'GeometryCollection',
};
export const kindName = (kind: Kind): string => KIND_NAMES[kind].toUpperCase();

export interface Dims {
  readonly hasZ: boolean;
  readonly hasM: boolean;
}
export interface Geometry extends Dims {
  readonly kind: Kind;
  readonly points: Float64Array;
  readonly rings: readonly Float64Array[];
  readonly parts: readonly Geometry[];
}
/** A value of type GEOMETRY or GEOGRAPHY. */
export interface Spatial {
  readonly geometry: Geometry;
  readonly srid: number;
  /** It is kept with its bounding box. */
  readonly boxed: boolean;
}
/** Least and greatest x and y. */
export interface Box {
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

export const FLAT: Dims = { hasZ: false, hasM: false };
const NO_POINTS = new Float64Array(0);
export const stride = (d: Dims): number => 2 + (d.hasZ ? 1 : 0) + (d.hasM ? 1 : 0);
export const sameDims = (a: Dims, b: Dims): boolean => a.hasZ === b.hasZ && a.hasM === b.hasM;
const dimsOf = ({ hasZ, hasM }: Dims): Dims => ({ hasZ, hasM });

export const point = (d: Dims, points: Float64Array): Geometry => ({
  kind: POINT,
  ...dimsOf(d),
  points,
  rings: [],
  parts: [],
});
export const line = (d: Dims, points: Float64Array): Geometry => ({
  kind: LINESTRING,
  ...dimsOf(d),
  points,
  rings: [],
  parts: [],
});
export const polygon = (d: Dims, rings: readonly Float64Array[]): Geometry => ({
  kind: POLYGON,
  ...dimsOf(d),
  points: NO_POINTS,
  rings,
  parts: [],
});
export const multi = (kind: Kind, d: Dims, parts: readonly Geometry[]): Geometry => ({
  kind,
  ...dimsOf(d),
  points: NO_POINTS,
  rings: [],
  parts,
});
export const emptyPoint = (d: Dims = FLAT): Geometry => point(d, NO_POINTS);
/** A geometry of this kind without any point. */
export function emptyOf(kind: Kind, d: Dims = FLAT): Geometry {
  return { kind, ...dimsOf(d), points: NO_POINTS, rings: [], parts: [] };
}
/** Of the same SRID and encoding. */
export const withGeometry = (of: Spatial, geometry: Geometry): Spatial => ({ ...of, geometry, boxed: true });
export const spatial = (geometry: Geometry, srid = 0): Spatial => ({ geometry, srid, boxed: true });

/** Every array of coordinates in it, with the kind of what it belongs to. */
export function eachRun(g: Geometry, visit: (points: Float64Array, of: Geometry) => void): void {
  if (g.points.length > 0) visit(g.points, g);
  for (const ring of g.rings) if (ring.length > 0) visit(ring, g);
  for (const part of g.parts) eachRun(part, visit);
}
/** Its points, linestrings and polygons, from collections of any depth. */
export function* leaves(g: Geometry): Generator<Geometry> {
  if (g.kind < MULTIPOINT) yield g;
  else for (const part of g.parts) yield* leaves(part);
}
/** The same structure over other coordinates. */
export function mapRuns(g: Geometry, to: Dims, change: (points: Float64Array) => Float64Array): Geometry {
  return {
    kind: g.kind,
    ...dimsOf(to),
    points: g.points.length === 0 ? NO_POINTS : change(g.points),
    rings: g.rings.map(change),
    parts: g.parts.map((p) => mapRuns(p, to, change)),
  };
}

export function pointCount(g: Geometry): number {
  let n = 0;
  const step = stride(g);
  eachRun(g, (points) => (n += points.length / step));
  return n;
}
export const isEmpty = (g: Geometry): boolean => pointCount(g) === 0;
/** Of the largest thing in it: 0 points, 1 lines, 2 areas. */
export function dimension(g: Geometry): number {
  if (g.kind === COLLECTION) return g.parts.reduce((most, p) => Math.max(most, dimension(p)), 0);
  return (g.kind - 1) % 3;
}
export const isCollection = (g: Geometry): boolean => g.kind === COLLECTION;

export function boxOf(g: Geometry): Box | undefined {
  let [xmin, ymin, xmax, ymax] = [Infinity, Infinity, -Infinity, -Infinity];
  const step = stride(g);
  eachRun(g, (points) => {
    for (let i = 0; i < points.length; i += step) {
      const [x, y] = [points[i]!, points[i + 1]!];
      if (x < xmin) xmin = x;
      if (x > xmax) xmax = x;
      if (y < ymin) ymin = y;
      if (y > ymax) ymax = y;
    }
  });
  return xmin > xmax ? undefined : { xmin, ymin, xmax, ymax };
}
export const boxesMeet = (a: Box, b: Box): boolean =>
  a.xmin <= b.xmax && b.xmin <= a.xmax && a.ymin <= b.ymax && b.ymin <= a.ymax;

/** Points of coordinates d as points of coordinates `to`; what is missing is 0. */
export function projected(points: Float64Array, d: Dims, to: Dims): Float64Array {
  if (sameDims(d, to)) return points;
  const [from, into] = [stride(d), stride(to)];
  const out = new Float64Array((points.length / from) * into);
  for (let i = 0, o = 0; i < points.length; i += from) {
    out[o++] = points[i]!;
    out[o++] = points[i + 1]!;
    if (to.hasZ) out[o++] = d.hasZ ? points[i + 2]! : 0;
    if (to.hasM) out[o++] = d.hasM ? points[i + from - 1]! : 0;
  }
  return out;
}
export const force = (g: Geometry, to: Dims): Geometry =>
  sameDims(g, to) ? g : mapRuns(g, to, (points) => projected(points, g, to));

/** x and y of the first and the last point agree; nothing is closed that has no point. */
export function isClosedRun(points: Float64Array, step: number): boolean {
  const last = points.length - step;
  return last >= 0 && points[0] === points[last] && points[1] === points[last + 1];
}
export function joinRuns(runs: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(runs.reduce((n, r) => n + r.length, 0));
  let at = 0;
  for (const run of runs) {
    out.set(run, at);
    at += run.length;
  }
  return out;
}

/** Both have one SRID, which is the result's. */
export function commonSrid(name: string, values: readonly Spatial[]): number {
  const { srid } = values[0]!;
  const other = values.find((v) => v.srid !== srid);
  if (other !== undefined)
    throw invalidArgument(`${name}: geometries have different SRIDs: ${srid} and ${other.srid}`);
  return srid;
}
export function requireKind(name: string, { geometry }: Spatial, kinds: readonly Kind[]): Geometry {
  if (!kinds.includes(geometry.kind)) {
    const wanted = kinds.map(kindName).join(' or ');
    throw invalidArgument(`${name}: a ${wanted} is expected, not a ${kindName(geometry.kind)}`);
  }
  return geometry;
}
export function refuseCollection(name: string, values: readonly Spatial[]): void {
  if (values.some((v) => isCollection(v.geometry)))
    throw invalidArgument(`${name}: GEOMETRYCOLLECTION is not supported`);
}
