/**
 * The bridge to JSTS, the JavaScript edition of the JTS topology suite: geometries there and back, and some changes to it that
 * keep a call's work within bounds. Pairs of monotone chains are found in an index over both axes (its own sweep over one axis
 * meets every pair where chains lie above each other), and intersections of segments are counted: a computation that asks for
 * more than SPATIAL_WORK_MAX is refused.
 *
 * What has no place in its model becomes what it is as a set of points: a linestring of one place a point, a ring that is not
 * closed a closed one, a ring without area a linestring.
 */
import Flatbush from 'flatbush';
import PointLocator from 'jsts/org/locationtech/jts/algorithm/PointLocator.js';
import IndexedPointInAreaLocator from 'jsts/org/locationtech/jts/algorithm/locate/IndexedPointInAreaLocator.js';
import SimplePointInAreaLocator from 'jsts/org/locationtech/jts/algorithm/locate/SimplePointInAreaLocator.js';
import LineIntersector from 'jsts/org/locationtech/jts/algorithm/LineIntersector.js';
import Coordinate from 'jsts/org/locationtech/jts/geom/Coordinate.js';
import GeometryFactory from 'jsts/org/locationtech/jts/geom/GeometryFactory.js';
import GeometryGraph from 'jsts/org/locationtech/jts/geomgraph/GeometryGraph.js';
import EdgeSetIntersector from 'jsts/org/locationtech/jts/geomgraph/index/EdgeSetIntersector.js';
import MonotoneChain from 'jsts/org/locationtech/jts/geomgraph/index/MonotoneChain.js';
import IntArrayList from 'jsts/org/locationtech/jts/util/IntArrayList.js';
import { SPATIAL_WORK_MAX } from '../common/limits.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import {
  COLLECTION,
  emptyOf,
  FLAT,
  isClosedRun,
  isEmpty,
  leaves,
  line,
  LINESTRING,
  multi,
  MULTILINESTRING,
  MULTIPOINT,
  MULTIPOLYGON,
  point,
  POINT,
  polygon,
  stride,
  type Geometry,
  type Kind,
} from './geometry.ts';
import { tooComplex } from './spatial-error.ts';

/** A geometry of JSTS, whose types are not described. */
export type Jts = any;

const factory: Jts = new GeometryFactory();
/** What becomes of an intersection costs as much as looking at so many pairs. */
const INTERSECTION_STEPS = 64;
const INDEXED_POINTS_MIN = 64;
let work = 0;
/** Counts a step of work; too many of them end the call. */
export function spend(steps: number): void {
  if ((work += steps) > SPATIAL_WORK_MAX) throw tooComplex();
}

const { computeIntersection } = LineIntersector.prototype as Jts;
(LineIntersector.prototype as Jts).computeIntersection = function counted(this: Jts, ...args: unknown[]): unknown {
  spend(1);
  const found: unknown = computeIntersection.apply(this, args);
  if (this.hasIntersection()) spend(INTERSECTION_STEPS);
  return found;
};

interface Chain {
  readonly chain: Jts;
  /** Chains of one set are not compared; undefined: of none. */
  readonly set: Jts | undefined;
}
/** Finds the pairs of chains whose boxes meet through an index. */
class IndexedEdgeSetIntersector extends EdgeSetIntersector {
  computeIntersections(edges: Jts, second: Jts, third: Jts): void {
    if (typeof third === 'boolean') {
      const chains = chainsOf(edges, third ? () => undefined : (edge) => edge);
      meet(chains, chains, second);
    } else {
      meet(
        chainsOf(edges, () => 0),
        chainsOf(second, () => 1),
        third,
      );
    }
  }
}
function chainsOf(edges: Jts, setOf: (edge: Jts) => Jts | undefined): Chain[] {
  const out: Chain[] = [];
  for (let i = edges.iterator(); i.hasNext();) {
    const edge = i.next();
    const mce = edge.getMonotoneChainEdge();
    const count: number = mce.getStartIndexes().length - 1;
    for (let c = 0; c < count; c++) out.push({ chain: new (MonotoneChain as Jts)(mce, c), set: setOf(edge) });
  }
  return out;
}
type Corners = readonly [number, number, number, number];
function cornersOf({ mce, chainIndex }: Jts): Corners {
  const [a, b] = [mce.pts[mce.startIndex[chainIndex]], mce.pts[mce.startIndex[chainIndex + 1]]];
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];
}
function meet(left: readonly Chain[], right: readonly Chain[], intersector: Jts): void {
  if (left.length === 0 || right.length === 0) return;
  const index = new Flatbush(right.length);
  for (const { chain } of right) index.add(...cornersOf(chain));
  index.finish();
  for (const [i, one] of left.entries()) {
    const found = index.search(...cornersOf(one.chain), (j) => left !== right || j >= i);
    spend(found.length);
    for (const j of found) {
      const other = right[j]!;
      if (one.set === undefined || one.set !== other.set) one.chain.computeIntersections(other.chain, intersector);
      if (intersector.isDone()) return;
    }
  }
}
/** Geometries of many points, with what finds a point in them: it is asked for every line that crosses nothing. */
const locators = new WeakMap<object, { readonly size: number; index: Jts }>();
function located(place: Jts, g: Jts, otherwise: () => unknown): unknown {
  let known = locators.get(g);
  if (known === undefined) locators.set(g, (known = { size: g.getNumPoints(), index: undefined }));
  if (known.size < INDEXED_POINTS_MIN || !/Polygon$/.test(g.getGeometryType())) {
    spend(1 + known.size / 16);
    return otherwise();
  }
  known.index ??= new (IndexedPointInAreaLocator as Jts)(g);
  spend(1);
  return known.index.locate(place);
}
const { locate } = PointLocator.prototype as Jts;
(PointLocator.prototype as Jts).locate = function indexed(this: Jts, place: Jts, g: Jts): unknown {
  return located(place, g, () => locate.call(this, place, g));
};
const inArea: Jts = SimplePointInAreaLocator.locate;
(SimplePointInAreaLocator as Jts).locate = (place: Jts, g: Jts): unknown =>
  located(place, g, () => inArea.call(SimplePointInAreaLocator, place, g));

// Arrays grow by themselves; its own way copies all of a long one at every step.
(IntArrayList.prototype as Jts).ensureCapacity = () => undefined;
(GeometryGraph.prototype as Jts).createEdgeSetIntersector = () => new (IndexedEdgeSetIntersector as Jts)();

/** Runs a computation with a budget of its own; what JSTS refuses is the user's geometry. */
export function bounded<T>(name: string, compute: () => T): T {
  work = 0;
  try {
    return compute();
  } catch (error) {
    if (error instanceof SqlError) throw error;
    const why = (error as { readonly message?: unknown } | undefined)?.message ?? error;
    throw new SqlError({
      sqlstate: '22023',
      message: `${name}: the geometry is not valid`,
      detail: String(why).slice(0, 200),
    });
  }
}

function coordinates(points: Float64Array, step: number): Jts[] {
  const out: Jts[] = [];
  for (let i = 0; i < points.length; i += step) {
    const [x, y] = [points[i]!, points[i + 1]!];
    const before = out.at(-1);
    if (before?.x !== x || before?.y !== y) out.push(new (Coordinate as Jts)(x, y));
  }
  return out;
}
const runToJts = (run: Jts[]): Jts =>
  run.length === 1 ? factory.createPoint(run[0]) : factory.createLineString(run);
function ring(points: Float64Array, step: number): Jts[] {
  const run = coordinates(points, step);
  if (!isClosedRun(points, step) && run.length > 0) run.push(run[0].copy());
  return run;
}
function leafToJts(g: Geometry): Jts {
  const step = stride(g);
  if (g.kind === POINT) return factory.createPoint(new (Coordinate as Jts)(g.points[0], g.points[1]));
  if (g.kind === LINESTRING) return runToJts(coordinates(g.points, step));
  const [shell, ...holes] = g.rings.filter((r) => r.length > 0).map((r) => ring(r, step));
  if (shell!.length < 4) return runToJts(shell!.length === 3 ? shell!.slice(0, 2) : shell!);
  return factory.createPolygon(
    factory.createLinearRing(shell),
    holes.filter((h) => h.length >= 4).map((h) => factory.createLinearRing(h)),
  );
}
const dimensionOf = (g: Jts): number => g.getDimension();
/** One of JSTS's geometries; a multi geometry where there are several of one dimension. */
export function toJts(g: Geometry): Jts {
  const parts = [...leaves(g)].filter((p) => !isEmpty(p)).map(leafToJts);
  if (parts.length === 0) return factory.createGeometryCollection([]);
  if (parts.length === 1) return parts[0];
  const first = dimensionOf(parts[0]);
  if (parts.some((p) => dimensionOf(p) !== first)) return factory.createGeometryCollection(parts);
  if (first === 0) return factory.createMultiPoint(parts);
  return first === 1 ? factory.createMultiLineString(parts) : factory.createMultiPolygon(parts);
}

function flatRun(sequence: Jts): Float64Array {
  const list: Jts[] = sequence.getCoordinates?.() ?? sequence;
  const out = new Float64Array(list.length * 2);
  for (const [i, c] of list.entries()) {
    out[2 * i] = c.x;
    out[2 * i + 1] = c.y;
  }
  return out;
}
/** The parts of one of JSTS's geometries: points, linestrings and polygons. */
export function leavesOfJts(g: Jts): Geometry[] {
  if (g.isEmpty()) return [];
  const type: string = g.getGeometryType();
  if (type === 'Point') return [point(FLAT, flatRun([g.getCoordinate()]))];
  if (type === 'LineString' || type === 'LinearRing') return [line(FLAT, flatRun(g))];
  if (type === 'Polygon') {
    const rings = [flatRun(g.getExteriorRing())];
    for (let i = 0; i < g.getNumInteriorRing(); i++) rings.push(flatRun(g.getInteriorRingN(i)));
    return [polygon(FLAT, rings)];
  }
  const out: Geometry[] = [];
  for (let i = 0; i < g.getNumGeometries(); i++) out.push(...leavesOfJts(g.getGeometryN(i)));
  return out;
}
/** Of its parts the narrowest geometry; without any, an empty one of that kind. */
export function gathered(parts: readonly Geometry[], empty: Kind): Geometry {
  const [first] = parts;
  if (first === undefined) return emptyOf(empty);
  if (parts.length === 1) return first;
  if (parts.some((p) => p.kind !== first.kind)) return multi(COLLECTION, FLAT, parts);
  const kinds: Readonly<Record<number, Kind>> = { 1: MULTIPOINT, 2: MULTILINESTRING, 3: MULTIPOLYGON };
  return multi(kinds[first.kind]!, FLAT, parts);
}
