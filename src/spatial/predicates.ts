/**
 * How two geometries lie to each other in the plane: patterns of the matrix of their interiors, boundaries and exteriors
 * (DE-9IM). Whether boxes meet, and where points lie in areas, settles most without the matrix.
 */
import RelateOp from 'jsts/org/locationtech/jts/operation/relate/RelateOp.js';
import type { SpatialCall } from './call.ts';
import { distance, shareAPoint } from './distance.ts';
import {
  boxesMeet,
  boxOf,
  commonSrid,
  dimension,
  eachRun,
  MULTIPOINT,
  MULTIPOLYGON,
  POINT,
  POLYGON,
  refuseCollection,
  stride,
  type Geometry,
  type Spatial,
} from './geometry.ts';
import { bounded, toJts } from './jts.ts';
import { locate } from './locate.ts';
import { invalidArgument } from './spatial-error.ts';

/** Dimensions of the intersections, -1 for none, row by row: interior, boundary, exterior of the first with those of the other. */
type Matrix = readonly number[];
const [II, IB, IE, BI, BB, BE, EI, EB] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const meets = (m: Matrix, ...cells: readonly number[]): boolean => cells.some((c) => m[c]! >= 0);

interface Pair {
  readonly a: Geometry;
  readonly b: Geometry;
}
const isPoints = (g: Geometry): boolean => g.kind === POINT || g.kind === MULTIPOINT;
const isArea = (g: Geometry): boolean => g.kind === POLYGON || g.kind === MULTIPOLYGON;

/** Where points lie in an area; its interior and boundary always reach beyond them. */
function pointsInArea(points: Geometry, area: Geometry): Matrix {
  const m = [-1, -1, -1, -1, -1, -1, 2, 1, 2];
  const step = stride(points);
  eachRun(points, (run) => {
    for (let i = 0; i < run.length; i += step) {
      const where = locate(area, run[i]!, run[i + 1]!);
      m[where === 'inside' ? II : where === 'boundary' ? IB : IE] = 0;
    }
  });
  return m;
}
const transposed = (m: Matrix): Matrix => [0, 3, 6, 1, 4, 7, 2, 5, 8].map((i) => m[i]!);

function matrix({ a, b }: Pair): Matrix {
  if (isPoints(a) && isArea(b)) return pointsInArea(a, b);
  if (isArea(a) && isPoints(b)) return transposed(pointsInArea(b, a));
  const im = RelateOp.relate(toJts(a), toJts(b));
  return Array.from({ length: 9 }, (_, i) => im.get(Math.floor(i / 3), i % 3) as number);
}

const intersects = (m: Matrix): boolean => meets(m, II, IB, BI, BB);
const covers = (m: Matrix): boolean => intersects(m) && !meets(m, EI, EB);
const within = (m: Matrix): boolean => meets(m, II) && !meets(m, IE, BE);
const equals = (m: Matrix): boolean => meets(m, II) && !meets(m, IE, BE, EI, EB);
const touches = (m: Matrix): boolean => !meets(m, II) && meets(m, IB, BI, BB);
function crosses(m: Matrix, { a, b }: Pair): boolean {
  const [da, db] = [dimension(a), dimension(b)];
  if (da < db) return meets(m, II) && meets(m, IE);
  if (da > db) return meets(m, II) && meets(m, EI);
  return da === 1 && m[II] === 0;
}

/** Whether a corner or end of the one lies in the area of the other as `where` says. */
function hasCorner(of: Geometry, area: Geometry, where: 'inside' | 'outside'): boolean {
  if (!isArea(area)) return false;
  const step = stride(of);
  let found = false;
  eachRun(of, (run) => {
    for (let i = 0; i < run.length && !found; i += step) found = locate(area, run[i]!, run[i + 1]!) === where;
  });
  return found;
}
/** What settles a predicate without the matrix: false, or undefined where it does not. */
type Shortcut = (pair: Pair) => false | undefined;
const secondInFirst: Shortcut = ({ a, b }) => (hasCorner(b, a, 'outside') ? false : undefined);
const firstInSecond: Shortcut = ({ a, b }) => (hasCorner(a, b, 'outside') ? false : undefined);
/** A corner of an area inside of another one: interiors meet. */
const interiorsApart: Shortcut = ({ a, b }) =>
  (isArea(a) && hasCorner(a, b, 'inside')) || (isArea(b) && hasCorner(b, a, 'inside')) ? false : undefined;
const sameBox: Shortcut = ({ a, b }) => {
  const [p, q] = [boxOf(a)!, boxOf(b)!];
  const same = p.xmin === q.xmin && p.ymin === q.ymin && p.xmax === q.xmax && p.ymax === q.ymax;
  return same ? undefined : false;
};

/** A predicate of two geometries, false where they have no point in common. */
const predicate =
  (name: string, holds: (m: Matrix, pair: Pair) => boolean, shortcut?: Shortcut) =>
  (first: Spatial, second: Spatial): boolean => {
    commonSrid(name, [first, second]);
    refuseCollection(name, [first, second]);
    const pair = { a: first.geometry, b: second.geometry };
    const [boxA, boxB] = [boxOf(pair.a), boxOf(pair.b)];
    if (boxA === undefined || boxB === undefined || !boxesMeet(boxA, boxB)) return false;
    return bounded(name, () => shortcut?.(pair) ?? holds(matrix(pair), pair));
  };
/** Whether they have a point in common, without a matrix. */
const meeting =
  (name: string, wanted: boolean) =>
  (first: Spatial, second: Spatial): boolean => {
    commonSrid(name, [first, second]);
    refuseCollection(name, [first, second]);
    const { geometry: a } = first;
    const { geometry: b } = second;
    const [boxA, boxB] = [boxOf(a), boxOf(b)];
    if (boxA === undefined || boxB === undefined || !boxesMeet(boxA, boxB)) return !wanted;
    return bounded(name, () => shareAPoint(a, b)) === wanted;
  };
/** NULL is refused, as documented. */
const withoutNull =
  (name: string, holds: (a: Spatial, b: Spatial) => boolean) =>
  (a: Spatial | null, b: Spatial | null): boolean => {
    if (a === null || b === null) throw invalidArgument(`${name}: NULL is not a geometry`);
    return holds(a, b);
  };

function isWithinDistance(a: Spatial, b: Spatial, threshold: number): boolean {
  if (threshold < 0) throw invalidArgument('ST_DWithin: the threshold is negative');
  const found = distance('ST_DWithin', a, b, threshold);
  return found !== null && found <= threshold;
}

export const PREDICATES = {
  st_contains: predicate('ST_Contains', (m) => within(transposed(m)), secondInFirst),
  st_containsproperly: predicate(
    'ST_ContainsProperly',
    (m) => meets(m, II) && !meets(m, BI, BB, EI, EB),
    secondInFirst,
  ),
  st_covers: predicate('ST_Covers', covers, secondInFirst),
  st_coveredby: predicate('ST_CoveredBy', (m) => covers(transposed(m)), firstInSecond),
  st_crosses: withoutNull('ST_Crosses', predicate('ST_Crosses', crosses)),
  st_disjoint: meeting('ST_Disjoint', false),
  st_dwithin: isWithinDistance,
  st_equals: withoutNull('ST_Equals', predicate('ST_Equals', equals, sameBox)),
  st_intersects: meeting('ST_Intersects', true),
  st_touches: predicate('ST_Touches', touches, interiorsApart),
  st_within: predicate('ST_Within', within, firstInSecond),
} satisfies Record<string, SpatialCall>;
