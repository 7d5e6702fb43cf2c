/**
 * Geometries made of other geometries, point by point.
 */
import type { SpatialCall } from './call.ts';
import {
  COLLECTION,
  commonSrid,
  emptyOf,
  emptyPoint,
  force,
  isClosedRun,
  isEmpty,
  joinRuns,
  line,
  LINESTRING,
  mapRuns,
  multi,
  MULTILINESTRING,
  MULTIPOINT,
  point,
  POINT,
  POLYGON,
  polygon,
  projected,
  requireKind,
  sameDims,
  stride,
  withGeometry,
  type Dims,
  type Geometry,
  type Kind,
  type Spatial,
} from './geometry.ts';
import { checkSrid, GEOGRAPHY_SRID } from './reading.ts';
import { invalidArgument } from './spatial-error.ts';

const outOfRange = (name: string, index: number) => invalidArgument(`${name}: index ${index} is out of range`);
const requireSameDims = (name: string, a: Dims, b: Dims): void => {
  if (!sameDims(a, b)) throw invalidArgument(`${name}: geometries have different dimensions`);
};

function addPoint(to: Spatial, what: Spatial, index = -1): Spatial {
  const name = 'ST_AddPoint';
  const g = requireKind(name, to, [LINESTRING]);
  const added = requireKind(name, what, [POINT]);
  const count = g.points.length / stride(g);
  if (index < -1 || index > count) throw outOfRange(name, index);
  commonSrid(name, [to, what]);
  if (isEmpty(added)) return to;
  const at = (index < 0 ? count : index) * stride(g);
  const run = projected(added.points, added, g);
  return withGeometry(to, line(g, joinRuns([g.points.subarray(0, at), run, g.points.subarray(at)])));
}
function removePoint(value: Spatial, index: number): Spatial {
  const name = 'ST_RemovePoint';
  const g = requireKind(name, value, [LINESTRING]);
  const step = stride(g);
  if (index < 0 || index >= g.points.length / step) throw outOfRange(name, index);
  const at = index * step;
  return withGeometry(value, line(g, joinRuns([g.points.subarray(0, at), g.points.subarray(at + step)])));
}
function setPoint(to: Spatial, index: number, what: Spatial): Spatial {
  const name = 'ST_SetPoint';
  const g = requireKind(name, to, [LINESTRING]);
  const placed = requireKind(name, what, [POINT]);
  commonSrid(name, [to, what]);
  const count = g.points.length / stride(g);
  const at = index < 0 ? count + index : index;
  if (at < 0 || at >= count) throw outOfRange(name, index);
  if (isEmpty(placed)) return to;
  const points = g.points.slice();
  points.set(projected(placed.points, placed, g), at * stride(g));
  return withGeometry(to, line(g, points));
}

function reversed(points: Float64Array, step: number): Float64Array {
  const out = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += step) out.set(points.subarray(i, i + step), points.length - step - i);
  return out;
}
function reverse(g: Geometry): Geometry {
  if (g.kind === POINT || g.kind === MULTIPOINT) return g;
  if (g.kind === COLLECTION) return multi(COLLECTION, g, g.parts.map(reverse));
  return mapRuns(g, g, (points) => reversed(points, stride(g)));
}

/** The run of a closed linestring that becomes a ring. */
function ringOf(name: string, g: Geometry): Float64Array {
  const step = stride(g);
  if (g.points.length === step) throw invalidArgument(`${name}: the linestring is a single point`);
  if (g.points.length > 0 && !isClosedRun(g.points, step))
    throw invalidArgument(`${name}: the linestring is not closed`);
  return g.points;
}
function makePolygon(shell: Spatial, holes?: Spatial): Spatial {
  const name = 'ST_MakePolygon';
  const outer = requireKind(name, shell, [LINESTRING]);
  const ring = ringOf(name, outer);
  if (holes === undefined)
    return withGeometry(shell, ring.length === 0 ? emptyOf(POLYGON, outer) : polygon(outer, [ring]));
  const inner = requireKind(name, holes, [MULTILINESTRING]);
  commonSrid(name, [shell, holes]);
  requireSameDims(name, outer, inner);
  const rings = inner.parts.map((p) => ringOf(name, p)).filter((r) => r.length > 0);
  return withGeometry(shell, ring.length === 0 ? emptyOf(POLYGON, outer) : polygon(outer, [ring, ...rings]));
}
function polygonOf(value: Spatial, srid: number): Spatial {
  const name = 'ST_Polygon';
  const g = requireKind(name, value, [LINESTRING]);
  const ring = ringOf(name, g);
  const geometry = ring.length === 0 ? emptyOf(POLYGON, g) : polygon(g, [ring]);
  return { ...withGeometry(value, geometry), srid: checkSrid(name, srid) };
}

const LINE_PARTS: readonly Kind[] = [POINT, LINESTRING, MULTIPOINT];
const runsOf = (g: Geometry): readonly Float64Array[] =>
  g.kind === MULTIPOINT ? g.parts.map((p) => p.points) : [g.points];
export function makeLine(values: readonly Spatial[]): Spatial {
  const name = 'ST_MakeLine';
  const geometries = values.map((v) => requireKind(name, v, LINE_PARTS));
  commonSrid(name, values);
  for (const g of geometries) requireSameDims(name, geometries[0]!, g);
  return withGeometry(values[0]!, line(geometries[0]!, joinRuns(geometries.flatMap(runsOf))));
}
function lineFromMultiPoint(value: Spatial): Spatial {
  const g = requireKind('ST_LineFromMultiPoint', value, [MULTIPOINT]);
  return withGeometry(value, line(g, joinRuns(runsOf(g))));
}
export function collect(values: readonly Spatial[]): Spatial {
  const name = 'ST_Collect';
  const [first] = values;
  const { kind } = first!.geometry;
  const srid = commonSrid(name, values);
  for (const v of values) requireSameDims(name, first!.geometry, v.geometry);
  const same = kind <= POLYGON && values.every((v) => v.geometry.kind === kind);
  const parts = values.map((v) => v.geometry);
  const geometry = multi(same ? ((kind + 3) as Kind) : COLLECTION, first!.geometry, parts);
  return { geometry, srid, boxed: true };
}

function lineInterpolatePoint(value: Spatial, fraction: number): Spatial {
  const name = 'ST_LineInterpolatePoint';
  const { points, ...g } = requireKind(name, value, [LINESTRING]);
  if (!(fraction >= 0 && fraction <= 1)) throw invalidArgument(`${name}: the fraction must be between 0 and 1`);
  const step = stride(g);
  if (points.length === 0) return withGeometry(value, emptyPoint(g));
  const length = (i: number): number =>
    Math.hypot(points[i + step]! - points[i]!, points[i + step + 1]! - points[i + 1]!);
  const last = points.length - step;
  let total = 0;
  for (let i = 0; i < last; i += step) total += length(i);
  let left = fraction * total;
  let at = 0;
  while (at < last - step && left > length(at)) {
    left -= length(at);
    at += step;
  }
  if (fraction === 1 || last === 0) return withGeometry(value, point(g, points.slice(last)));
  const share = length(at) === 0 ? 0 : Math.min(1, left / length(at));
  const found = points.slice(at, at + step).map((v, k) => v + (points[at + step + k]! - v) * share);
  return withGeometry(value, point(g, found));
}

const forced =
  (hasZ: boolean, hasM: boolean) =>
  (value: Spatial): Spatial => ({ ...value, geometry: force(value.geometry, { hasZ, hasM }) });

export const EDITORS = {
  addbbox: (value: Spatial) => ({ ...value, boxed: true }),
  dropbbox: (value: Spatial) => ({ ...value, boxed: false }),
  geography_of_geometry: (value: Spatial) => {
    if (value.srid !== 0 && value.srid !== GEOGRAPHY_SRID)
      throw invalidArgument(`a geometry of SRID ${value.srid} is not geographic`);
    return { ...value, srid: GEOGRAPHY_SRID };
  },
  st_setsrid: (value: Spatial, srid: number) => ({ ...value, srid: checkSrid('ST_SetSRID', srid) }),
  st_force2d: forced(false, false),
  st_force3dz: forced(true, false),
  st_force3dm: forced(false, true),
  st_force4d: forced(true, true),
  st_addpoint: addPoint,
  st_removepoint: removePoint,
  st_setpoint: setPoint,
  st_reverse: (value: Spatial) => ({ ...value, geometry: reverse(value.geometry) }),
  st_makepolygon: makePolygon,
  st_polygon: polygonOf,
  st_makeline: (a: Spatial, b: Spatial) => makeLine([a, b]),
  st_linefrommultipoint: lineFromMultiPoint,
  st_collect: (a: Spatial | null, b: Spatial | null) => (a === null || b === null ? (a ?? b) : collect([a, b])),
  st_lineinterpolatepoint: lineInterpolatePoint,
} satisfies Record<string, SpatialCall>;
