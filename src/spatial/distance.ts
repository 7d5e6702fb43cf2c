/**
 * Least distance of two geometries in the plane: between their points and edges, found through an index of the larger one's, and
 * 0 where one lies in an area of the other.
 */
import Flatbush from 'flatbush';
import { spend, bounded } from './jts.ts';
import {
  boxOf,
  commonSrid,
  isEmpty,
  leaves,
  POLYGON,
  refuseCollection,
  stride,
  type Geometry,
  type Spatial,
} from './geometry.ts';
import { locate } from './locate.ts';
import { orientation } from './orientation.ts';

/** Edges, four numbers each; a point is an edge of no length. */
export function edgesOf(g: Geometry): number[] {
  const out: number[] = [];
  for (const leaf of leaves(g)) {
    const step = stride(leaf);
    for (const run of leaf.kind === POLYGON ? leaf.rings : [leaf.points]) {
      if (run.length === step) out.push(run[0]!, run[1]!, run[0]!, run[1]!);
      for (let i = 0; i + step < run.length; i += step)
        out.push(run[i]!, run[i + 1]!, run[i + step]!, run[i + step + 1]!);
    }
  }
  return out;
}

/** Square of the distance of a point from an edge. */
function toEdge2(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length2 = dx * dx + dy * dy;
  const share = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length2));
  const [ex, ey] = [x - (x1 + share * dx), y - (y1 + share * dy)];
  return ex * ex + ey * ey;
}
export const distanceToEdge = (...args: Parameters<typeof toEdge2>): number => Math.sqrt(toEdge2(...args));

type Edge = readonly [number, number, number, number];
function edgesCross([ax, ay, bx, by]: Edge, [cx, cy, dx, dy]: Edge): boolean {
  const [o1, o2] = [orientation(ax, ay, bx, by, cx, cy), orientation(ax, ay, bx, by, dx, dy)];
  const [o3, o4] = [orientation(cx, cy, dx, dy, ax, ay), orientation(cx, cy, dx, dy, bx, by)];
  return o1 * o2 < 0 && o3 * o4 < 0;
}
function betweenEdges2(e: Edge, f: Edge): number {
  if (edgesCross(e, f)) return 0;
  const [ax, ay, bx, by] = e;
  const [cx, cy, dx, dy] = f;
  return Math.min(toEdge2(ax, ay, ...f), toEdge2(bx, by, ...f), toEdge2(cx, cy, ...e), toEdge2(dx, dy, ...e));
}
const edgeAt = (edges: readonly number[], i: number): Edge => edges.slice(4 * i, 4 * i + 4) as never;
/** Square of the least distance between two sets of edges; no more than `most`. */
function betweenSets2(a: readonly number[], b: readonly number[], most: number): number {
  const [small, large] = a.length <= b.length ? [a, b] : [b, a];
  let best = most;
  if (small.length * large.length <= 16 * 1024) {
    for (let i = 0; i < small.length / 4; i++)
      for (let j = 0; j < large.length / 4; j++)
        best = Math.min(best, betweenEdges2(edgeAt(small, i), edgeAt(large, j)));
    return best;
  }
  const index = new Flatbush(large.length / 4);
  for (let j = 0; j < large.length / 4; j++) {
    const [x1, y1, x2, y2] = edgeAt(large, j);
    index.add(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
  }
  index.finish();
  for (let i = 0; i < small.length / 4 && best > 0; i++) {
    const edge = edgeAt(small, i);
    const [x1, y1, x2, y2] = edge;
    // The first few near one end narrow the search down to the edge's surroundings.
    for (const j of index.neighbors(x1, y1, 2)) best = Math.min(best, betweenEdges2(edge, edgeAt(large, j)));
    const reach = Math.sqrt(best);
    const found = index.search(
      Math.min(x1, x2) - reach,
      Math.min(y1, y2) - reach,
      Math.max(x1, x2) + reach,
      Math.max(y1, y2) + reach,
    );
    spend(found.length + 1);
    for (const j of found) best = Math.min(best, betweenEdges2(edge, edgeAt(large, j)));
  }
  return best;
}

/** Whether two edges have a point in common, exactly. */
function edgesMeet([ax, ay, bx, by]: Edge, [cx, cy, dx, dy]: Edge): boolean {
  if (Math.max(ax, bx) < Math.min(cx, dx) || Math.max(cx, dx) < Math.min(ax, bx)) return false;
  if (Math.max(ay, by) < Math.min(cy, dy) || Math.max(cy, dy) < Math.min(ay, by)) return false;
  const [o1, o2] = [orientation(ax, ay, bx, by, cx, cy), orientation(ax, ay, bx, by, dx, dy)];
  const [o3, o4] = [orientation(cx, cy, dx, dy, ax, ay), orientation(cx, cy, dx, dy, bx, by)];
  return o1 * o2 <= 0 && o3 * o4 <= 0;
}
function anyEdgesMeet(a: readonly number[], b: readonly number[]): boolean {
  const [small, large] = a.length <= b.length ? [a, b] : [b, a];
  const index = new Flatbush(large.length / 4);
  for (let j = 0; j < large.length / 4; j++) {
    const [x1, y1, x2, y2] = edgeAt(large, j);
    index.add(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
  }
  index.finish();
  for (let i = 0; i < small.length / 4; i++) {
    const edge = edgeAt(small, i);
    const [x1, y1, x2, y2] = edge;
    const found = index.search(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
    spend(found.length + 1);
    if (found.some((j) => edgesMeet(edge, edgeAt(large, j)))) return true;
  }
  return false;
}
/** Whether they have a point in common, exactly: edges that meet, or a part of one in an area of the other. */
export const shareAPoint = (g: Geometry, h: Geometry): boolean =>
  liesIn(g, h) || liesIn(h, g) || anyEdgesMeet(edgesOf(g), edgesOf(h));

/** A point of some part of the one lies in an area of the other. */
function liesIn(what: Geometry, areas: Geometry): boolean {
  const inside = [...leaves(areas)].filter((g) => g.kind === POLYGON && g.rings.length > 0);
  if (inside.length === 0) return false;
  for (const leaf of leaves(what)) {
    const run = leaf.kind === POLYGON ? leaf.rings[0] : leaf.points;
    if (run === undefined || run.length === 0) continue;
    spend(inside.length);
    if (inside.some((area) => locate(area, run[0]!, run[1]!) !== 'outside')) return true;
  }
  return false;
}

/** NULL where one is empty. Beyond `enough` only that it is farther away is told. */
export function distance(name: string, a: Spatial, b: Spatial, enough = Infinity): number | null {
  commonSrid(name, [a, b]);
  refuseCollection(name, [a, b]);
  const [g, h] = [a.geometry, b.geometry];
  if (isEmpty(g) || isEmpty(h)) return null;
  const [p, q] = [boxOf(g)!, boxOf(h)!];
  const [dx, dy] = [Math.max(0, p.xmin - q.xmax, q.xmin - p.xmax), Math.max(0, p.ymin - q.ymax, q.ymin - p.ymax)];
  if (Math.hypot(dx, dy) > enough) return Infinity;
  return bounded(name, () =>
    liesIn(g, h) || liesIn(h, g) ? 0 : Math.sqrt(betweenSets2(edgesOf(g), edgesOf(h), Infinity)),
  );
}
