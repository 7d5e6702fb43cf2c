/**
 * Where a point lies in an area: inside, on its boundary or outside. A ray to the right is counted with exact orientations;
 * areas of many edges that are asked again get an index of their edges, which is kept as long as the geometry is.
 */
import Flatbush from 'flatbush';
import { leaves, stride, type Geometry } from './geometry.ts';
import { orientation } from './orientation.ts';

export type Location = 'inside' | 'boundary' | 'outside';
const INDEXED_EDGES_MIN = 64;

/** Counts crossings of the ray from (x, y). */
class Ray {
  private crossings = 0;
  onBoundary = false;
  constructor(
    private readonly x: number,
    private readonly y: number,
  ) {}
  /** The edge between two places. */
  meet(x1: number, y1: number, x2: number, y2: number): void {
    const { x, y } = this;
    if ((y1 < y && y2 < y) || (y1 > y && y2 > y) || (x1 < x && x2 < x)) return;
    if (y1 === y2) {
      if (x >= Math.min(x1, x2) && x <= Math.max(x1, x2)) this.onBoundary = true;
      return;
    }
    const side = orientation(x1, y1, x2, y2, x, y);
    if (side === 0) {
      this.onBoundary = true;
      return;
    }
    if (y1 > y === y2 > y) return;
    if (side > 0 === y2 > y1) this.crossings++;
  }
  get location(): Location {
    if (this.onBoundary) return 'boundary';
    return this.crossings % 2 === 1 ? 'inside' : 'outside';
  }
}

class Edges {
  readonly numbers: number[] = [];
  private index: Flatbush | undefined;
  private asked = 0;
  constructor(area: Geometry) {
    for (const leaf of leaves(area)) {
      const step = stride(leaf);
      for (const ring of leaf.rings) {
        for (let i = 0, p = ring.length - step; i < ring.length; p = i, i += step) {
          // The closing edge is there only where the ring is not closed.
          if (i === 0 && ring[p] === ring[0] && ring[p + 1] === ring[1]) continue;
          this.numbers.push(ring[p]!, ring[p + 1]!, ring[i]!, ring[i + 1]!);
        }
      }
    }
  }
  private indexed(): Flatbush | undefined {
    const { numbers } = this;
    if (this.index !== undefined || numbers.length / 4 < INDEXED_EDGES_MIN || ++this.asked < 3) return this.index;
    const index = new Flatbush(numbers.length / 4);
    for (let i = 0; i < numbers.length; i += 4) {
      const [x1, y1, x2, y2] = numbers.slice(i, i + 4) as [number, number, number, number];
      index.add(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
    }
    index.finish();
    return (this.index = index);
  }
  locate(x: number, y: number): Location {
    const { numbers: n } = this;
    const ray = new Ray(x, y);
    const found = this.indexed()?.search(x, y, Infinity, y);
    if (found === undefined) for (let i = 0; i < n.length; i += 4) ray.meet(n[i]!, n[i + 1]!, n[i + 2]!, n[i + 3]!);
    else for (const k of found) ray.meet(n[4 * k]!, n[4 * k + 1]!, n[4 * k + 2]!, n[4 * k + 3]!);
    return ray.location;
  }
}
const known = new WeakMap<Geometry, Edges>();
/** Of a point in a polygon or multipolygon. */
export function locate(area: Geometry, x: number, y: number): Location {
  let edges = known.get(area);
  if (edges === undefined) known.set(area, (edges = new Edges(area)));
  return edges.locate(x, y);
}
