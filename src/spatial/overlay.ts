/**
 * Geometries computed from the point sets of others: intersection, union, buffer. Polygons come out clockwise from their least
 * point, with holes in the other direction, without points in the middle of an edge; parts in the order of their first points.
 */
import BufferOp from 'jsts/org/locationtech/jts/operation/buffer/BufferOp.js';
import BufferParameters from 'jsts/org/locationtech/jts/operation/buffer/BufferParameters.js';
import LineMerger from 'jsts/org/locationtech/jts/operation/linemerge/LineMerger.js';
import OverlayOp from 'jsts/org/locationtech/jts/operation/overlay/OverlayOp.js';
import SnapIfNeededOverlayOp from 'jsts/org/locationtech/jts/operation/overlay/snap/SnapIfNeededOverlayOp.js';
import { SPATIAL_SEGMENTS_MAX } from '../common/limits.ts';
import { boundary } from './boundary.ts';
import type { SpatialCall } from './call.ts';
import {
  commonSrid,
  dimension,
  emptyOf,
  FLAT,
  isEmpty,
  LINESTRING,
  MULTILINESTRING,
  POINT,
  pointCount,
  POLYGON,
  polygon,
  refuseCollection,
  stride,
  withGeometry,
  type Geometry,
  type Kind,
  type Spatial,
} from './geometry.ts';
import { convexHull } from './hull.ts';
import { bounded, gathered, leavesOfJts, spend, toJts, type Jts } from './jts.ts';
import { orientation, signedArea2 } from './orientation.ts';
import { simplify } from './simplify.ts';
import { invalidArgument } from './spatial-error.ts';

/** The corners of a closed ring, from the least one, in a direction. */
function canonicalRing(ring: Float64Array, clockwise: boolean): Float64Array {
  const n = ring.length / 2 - 1;
  const at = (i: number): readonly [number, number] => {
    const k = ((i % n) + n) % n;
    return [ring[2 * k]!, ring[2 * k + 1]!];
  };
  const corners: (readonly [number, number])[] = [];
  for (let i = 0; i < n; i++) {
    const before = corners.at(-1) ?? at(-1);
    if (orientation(...before, ...at(i), ...at(i + 1)) !== 0) corners.push(at(i));
  }
  if (signedArea2(ring, 2) > 0 === clockwise) corners.reverse();
  let least = 0;
  for (const [i, [x, y]] of corners.entries()) {
    const [lx, ly] = corners[least]!;
    if (x < lx || (x === lx && y < ly)) least = i;
  }
  const turned = [...corners.slice(least), ...corners.slice(0, least + 1)];
  return Float64Array.from(turned.flat());
}
const firstOf = (g: Geometry): Float64Array => (g.kind === POLYGON ? g.rings[0]! : g.points);
function canonical(g: Geometry): Geometry {
  if (g.kind !== POLYGON) return g;
  const [shell, ...holes] = g.rings.map((r, i) => canonicalRing(r, i === 0));
  holes.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
  return polygon(FLAT, [shell!, ...holes]);
}
/** Lines that follow each other become one. */
function merged(parts: readonly Geometry[]): Geometry[] {
  const lines = parts.filter((p) => p.kind === LINESTRING);
  if (lines.length < 2) return [...parts];
  const merger: Jts = new LineMerger();
  for (const l of lines) merger.add(toJts(l));
  const out: Geometry[] = [];
  for (let i = merger.getMergedLineStrings().iterator(); i.hasNext();) out.push(...leavesOfJts(i.next()));
  return [...parts.filter((p) => p.kind !== LINESTRING), ...out];
}
function assembled(result: Jts, empty: Kind): Geometry {
  const parts = merged(leavesOfJts(result)).map(canonical);
  const order = (a: Geometry, b: Geometry): number => {
    const [p, q] = [firstOf(a), firstOf(b)];
    return a.kind - b.kind || p[0]! - q[0]! || p[1]! - q[1]!;
  };
  return gathered(parts.sort(order), empty);
}

const KIND_OF_DIMENSION: readonly Kind[] = [POINT, LINESTRING, POLYGON];
function requireFlat(name: string, values: readonly Spatial[]): void {
  if (values.some((v) => stride(v.geometry) !== 2))
    throw invalidArgument(`${name}: geometries must be two-dimensional`);
}
function overlay(name: string, operation: Jts, a: Spatial, b: Spatial, empty: number): Spatial {
  const kind = KIND_OF_DIMENSION[empty]!;
  if (isEmpty(a.geometry) || isEmpty(b.geometry)) return withGeometry(a, emptyOf(kind));
  const compute = (): Geometry =>
    assembled(SnapIfNeededOverlayOp.overlayOp(toJts(a.geometry), toJts(b.geometry), operation), kind);
  return withGeometry(a, bounded(name, compute));
}
function check(name: string, a: Spatial, b: Spatial): void {
  commonSrid(name, [a, b]);
  refuseCollection(name, [a, b]);
  requireFlat(name, [a, b]);
}
function intersection(a: Spatial, b: Spatial): Spatial {
  const name = 'ST_Intersection';
  check(name, a, b);
  const least = Math.min(dimension(a.geometry), dimension(b.geometry));
  return overlay(name, OverlayOp.INTERSECTION, a, b, least);
}
function union(a: Spatial, b: Spatial): Spatial {
  const name = 'ST_Union';
  check(name, a, b);
  const isLinear = ({ geometry: { kind } }: Spatial): boolean => kind === LINESTRING || kind === MULTILINESTRING;
  if (isLinear(a) || isLinear(b)) throw invalidArgument(`${name}: linestrings are not supported`);
  return overlay(name, OverlayOp.UNION, a, b, Math.max(dimension(a.geometry), dimension(b.geometry)));
}
/** What a point of a circle costs before it meets others. */
const CIRCLE_STEPS = 8;
function buffer(value: Spatial, distance: number, segments = 8): Spatial {
  const name = 'ST_Buffer';
  refuseCollection(name, [value]);
  if (segments > SPATIAL_SEGMENTS_MAX)
    throw invalidArgument(`${name}: at most ${SPATIAL_SEGMENTS_MAX} segments make a quarter of a circle`);
  if (!Number.isFinite(distance)) throw invalidArgument(`${name}: the distance is not finite`);
  if (isEmpty(value.geometry)) return withGeometry(value, emptyOf(POLYGON));
  const compute = (): Geometry => {
    spend(pointCount(value.geometry) * Math.max(1, segments) * CIRCLE_STEPS);
    const parameters: Jts = new BufferParameters();
    parameters.setQuadrantSegments(Math.max(0, segments));
    parameters.setSimplifyFactor(0);
    return assembled(BufferOp.bufferOp(toJts(value.geometry), distance, parameters), POLYGON);
  };
  return withGeometry(value, bounded(name, compute));
}

export const OVERLAY = {
  st_intersection: intersection,
  st_union: union,
  st_buffer: buffer,
  st_convexhull: convexHull,
  st_boundary: boundary,
  st_simplify: simplify,
} satisfies Record<string, SpatialCall>;
