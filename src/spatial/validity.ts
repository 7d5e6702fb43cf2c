/**
 * Whether a geometry is valid and simple, by the documentation's definitions: rings are closed, have an area and do not cross
 * themselves or each other, the interior is connected; lines are longer than a point; what is simple has no point twice in
 * a row and meets itself at its ends only.
 */
import IsSimpleOp from 'jsts/org/locationtech/jts/operation/IsSimpleOp.js';
import IsValidOp from 'jsts/org/locationtech/jts/operation/valid/IsValidOp.js';
import type { SpatialCall } from './call.ts';
import {
  COLLECTION,
  eachRun,
  isClosedRun,
  isEmpty,
  leaves,
  LINESTRING,
  MULTILINESTRING,
  MULTIPOINT,
  POLYGON,
  requireKind,
  stride,
  type Geometry,
  type Spatial,
} from './geometry.ts';
import { bounded, toJts } from './jts.ts';
import { signedArea2 } from './orientation.ts';

function isFiniteEverywhere(g: Geometry): boolean {
  let finite = true;
  eachRun(g, (run) => (finite &&= run.every(Number.isFinite)));
  return finite;
}
/** Of a ring or line: not all in one place. */
function hasExtent(points: Float64Array, step: number): boolean {
  for (let i = step; i < points.length; i += step)
    if (points[i] !== points[0] || points[i + 1] !== points[1]) return true;
  return false;
}
function isValid(g: Geometry): boolean {
  if (g.kind === COLLECTION) return g.parts.every(isValid);
  if (!isFiniteEverywhere(g)) return false;
  if (g.kind === LINESTRING || g.kind === MULTILINESTRING)
    return [...leaves(g)].every(({ points }) => points.length === 0 || hasExtent(points, stride(g)));
  if (isEmpty(g) || g.kind < POLYGON || g.kind === MULTIPOINT) return true;
  const step = stride(g);
  const rings = [...leaves(g)].flatMap((p) => p.rings);
  const hasShell = [...leaves(g)].every((p) => p.rings.every((r) => r.length > 0) || p.rings.length === 0);
  const isRing = (r: Float64Array): boolean =>
    r.length >= 4 * step && isClosedRun(r, step) && signedArea2(r, step) !== 0;
  return hasShell && rings.every(isRing) && new IsValidOp(toJts(g)).isValid();
}

function repeats(points: Float64Array, step: number): boolean {
  for (let i = step; i < points.length; i += step)
    if (points[i] === points[i - step] && points[i + 1] === points[i - step + 1]) return true;
  return false;
}
function isSimple(g: Geometry): boolean {
  if (g.kind === COLLECTION) return g.parts.every(isSimple);
  if (isEmpty(g)) return true;
  const step = stride(g);
  if (g.kind === MULTIPOINT) {
    const places = g.parts.filter((p) => p.points.length > 0).map((p) => `${p.points[0]} ${p.points[1]}`);
    return new Set(places).size === places.length;
  }
  let clean = true;
  eachRun(g, (run) => (clean &&= !repeats(run, step)));
  const isLinear = g.kind === LINESTRING || g.kind === MULTILINESTRING;
  return clean && (!isLinear || new IsSimpleOp(toJts(g)).isSimple());
}
function isRing(value: Spatial): boolean {
  const g = requireKind('ST_IsRing', value, [LINESTRING]);
  return isClosedRun(g.points, stride(g)) && bounded('ST_IsRing', () => isSimple(g));
}

export const VALIDITY = {
  st_isvalid: ({ geometry }: Spatial) => bounded('ST_IsValid', () => isValid(geometry)),
  st_issimple: ({ geometry }: Spatial) => bounded('ST_IsSimple', () => isSimple(geometry)),
  st_isring: isRing,
} satisfies Record<string, SpatialCall>;
