/**
 * What a geometry is and what it is made of.
 */
import { envelope } from './boxes.ts';
import type { SpatialCall } from './call.ts';
import { memorySize } from './ewkb.ts';
import {
  boxOf,
  dimension,
  eachRun,
  emptyOf,
  isClosedRun,
  isEmpty,
  KIND_NAMES,
  kindName,
  line,
  LINESTRING,
  MULTIPOINT,
  multi,
  point,
  POINT,
  pointCount,
  POLYGON,
  requireKind,
  stride,
  withGeometry,
  type Geometry,
  type Kind,
  type Spatial,
} from './geometry.ts';
import { invalidArgument } from './spatial-error.ts';

/** Where a coordinate stands in a point of the geometry; undefined where there is none. */
function place(g: Geometry, axis: 'x' | 'y' | 'z' | 'm'): number | undefined {
  if (axis === 'x') return 0;
  if (axis === 'y') return 1;
  if (axis === 'z') return g.hasZ ? 2 : undefined;
  return g.hasM ? stride(g) - 1 : undefined;
}
type Axis = Parameters<typeof place>[1];
const coordinate =
  (axis: Axis) =>
  (value: Spatial): number | null => {
    const g = requireKind(`ST_${axis.toUpperCase()}`, value, [POINT]);
    const at = place(g, axis);
    return at === undefined ? null : (g.points[at] ?? null);
  };
const extreme =
  (axis: Axis, most: boolean) =>
  ({ geometry }: Spatial): number | null => {
    const at = place(geometry, axis);
    if (at === undefined) return null;
    const step = stride(geometry);
    let found = most ? -Infinity : Infinity;
    eachRun(geometry, (points) => {
      for (let i = at; i < points.length; i += step)
        found = most ? Math.max(found, points[i]!) : Math.min(found, points[i]!);
    });
    return isEmpty(geometry) ? null : found;
  };

const pointAt = (value: Spatial, index: number): Spatial => {
  const { geometry: g } = value;
  const step = stride(g);
  return withGeometry(value, point(g, g.points.slice(index * step, (index + 1) * step)));
};
function pointN(value: Spatial, n: number): Spatial | null {
  const { geometry: g } = value;
  const count = g.points.length / stride(g);
  const index = n < 0 ? count + n : n - 1;
  return g.kind !== LINESTRING || index < 0 || index >= count ? null : pointAt(value, index);
}
function geometryN(value: Spatial, n: number): Spatial | null {
  const { geometry: g } = value;
  if (g.kind < MULTIPOINT) return n === 1 ? value : null;
  const part = g.parts[n - 1];
  if (part === undefined) throw invalidArgument(`ST_GeometryN: index ${n} is out of range`);
  return withGeometry(value, part);
}
function exteriorRing(value: Spatial): Spatial | null {
  const { geometry: g } = value;
  if (g.kind !== POLYGON) return null;
  return g.rings.length === 0 ? null : withGeometry(value, line(g, g.rings[0]!));
}
function interiorRingN(value: Spatial, n: number): Spatial | null {
  const { geometry: g } = value;
  const ring = g.kind === POLYGON && n >= 1 ? g.rings[n] : undefined;
  return ring === undefined ? null : withGeometry(value, line(g, ring));
}
function isClosed(g: Geometry): boolean {
  if (g.kind === POINT) return g.points.length > 0;
  if (g.kind === MULTIPOINT) return true;
  if (g.kind === LINESTRING) return isClosedRun(g.points, stride(g));
  if (g.kind === POLYGON) return g.rings.length > 0 && g.rings.every((r) => isClosedRun(r, stride(g)));
  return g.parts.length > 0 && g.parts.every(isClosed);
}
const ringCount = (g: Geometry): number => g.rings.length + g.parts.reduce((n, p) => n + ringCount(p), 0);
function geometryCount({ geometry: g }: Spatial): number {
  if (g.kind < MULTIPOINT) return isEmpty(g) ? 0 : 1;
  return g.parts.length;
}
function allPoints(value: Spatial): Spatial {
  const { geometry: g } = value;
  const step = stride(g);
  const points: Geometry[] = [];
  eachRun(g, (run) => {
    for (let i = 0; i < run.length; i += step) points.push(point(g, run.slice(i, i + step)));
  });
  return withGeometry(value, multi(MULTIPOINT, g, points));
}
function boundingBox(value: Spatial): Spatial {
  const box = boxOf(value.geometry);
  return box === undefined ? value : withGeometry(value, envelope(box));
}
function asMulti(value: Spatial): Spatial {
  const { geometry: g } = value;
  if (g.kind >= MULTIPOINT) return value;
  const kind = (g.kind + 3) as Kind;
  return withGeometry(value, isEmpty(g) ? emptyOf(kind, g) : multi(kind, g, [g]));
}

export const ACCESSORS = {
  geometrytype: ({ geometry: g }: Spatial) => kindName(g.kind) + (g.hasM && !g.hasZ ? 'M' : ''),
  st_geometrytype: ({ geometry: g }: Spatial) => `ST_${KIND_NAMES[g.kind]}`,
  st_dimension: ({ geometry }: Spatial) => dimension(geometry),
  st_ndims: ({ geometry }: Spatial) => stride(geometry),
  st_srid: ({ srid }: Spatial) => srid,
  st_memsize: memorySize,
  supportsbbox: ({ boxed }: Spatial) => boxed,
  st_isempty: ({ geometry }: Spatial) => isEmpty(geometry),
  st_iscollection: ({ geometry }: Spatial) => geometry.kind >= MULTIPOINT,
  st_isclosed: ({ geometry }: Spatial) => isClosed(geometry),
  st_npoints: ({ geometry }: Spatial) => pointCount(geometry),
  st_numpoints: ({ geometry: g }: Spatial) =>
    g.kind === LINESTRING && g.points.length > 0 ? g.points.length / stride(g) : null,
  st_nrings: ({ geometry }: Spatial) => ringCount(geometry),
  st_numinteriorrings: ({ geometry: g }: Spatial) =>
    g.kind === POLYGON && g.rings.length > 0 ? g.rings.length - 1 : null,
  st_numgeometries: geometryCount,
  st_x: coordinate('x'),
  st_y: coordinate('y'),
  st_z: coordinate('z'),
  st_m: coordinate('m'),
  st_xmin: extreme('x', false),
  st_xmax: extreme('x', true),
  st_ymin: extreme('y', false),
  st_ymax: extreme('y', true),
  st_zmin: extreme('z', false),
  st_zmax: extreme('z', true),
  st_mmin: extreme('m', false),
  st_mmax: extreme('m', true),
  st_startpoint: (value: Spatial) => pointN(value, 1),
  st_endpoint: (value: Spatial) => pointN(value, -1),
  st_pointn: pointN,
  st_geometryn: geometryN,
  st_exteriorring: exteriorRing,
  st_interiorringn: interiorRingN,
  st_points: allPoints,
  st_envelope: boundingBox,
  st_multi: asMulti,
} satisfies Record<string, SpatialCall>;
