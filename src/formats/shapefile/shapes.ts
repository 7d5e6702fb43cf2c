/**
 * Esri shapes as EWKB: points, multipoints, lines and polygons, with z and m. A line of one part is a LINESTRING, of several a MULTILINESTRING; rings
 * that run clockwise are polygons, the others holes of the smallest polygon around them.
 */
export class ShapeDamage {
  constructor(
    /** Of text/load-reason.ts. */
    readonly reason: number,
    readonly about = '',
  ) {}
}
export const SHAPE_REASON = { damaged: 61, end: 62, type: 63, attributes: 64, tooComplex: 65 } as const;

const BASE = { point: 1, line: 3, polygon: 5, multipoint: 8 } as const;
/** What stands for no measure. */
const NO_MEASURE = -1e38;
const KIND = { point: 1, line: 2, polygon: 3, multipoint: 4, multiline: 5, multipolygon: 6 } as const;
const Z_FLAG = 0x80000000;
const M_FLAG = 0x40000000;
const SRID_FLAG = 0x20000000;
/** Points looked at to find the polygons of one shape's holes. */
const HOLE_STEPS_MAX = 50_000_000;

interface Points {
  readonly xy: Float64Array;
  readonly z: Float64Array | undefined;
  readonly m: Float64Array | undefined;
}
/** Points [from, to) of a shape. */
type Run = readonly [from: number, to: number];

const bad = (): never => {
  throw new ShapeDamage(SHAPE_REASON.damaged);
};

class Cursor {
  at = 4;
  private readonly view: DataView;
  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  get left(): number {
    return this.view.byteLength - this.at;
  }
  skip(bytes: number): void {
    if (bytes > this.left) bad();
    this.at += bytes;
  }
  /** A number of things of so many bytes, which have to be there. */
  count(bytes: number): number {
    this.skip(4);
    const n = this.view.getInt32(this.at - 4, true);
    return n < 0 || n * bytes > this.left ? bad() : n;
  }
  ints(n: number): readonly number[] {
    const at = this.at;
    this.skip(n * 4);
    return Array.from({ length: n }, (_, i) => this.view.getInt32(at + i * 4, true));
  }
  doubles(n: number): Float64Array {
    const at = this.at;
    this.skip(n * 8);
    return Float64Array.from({ length: n }, (_, i) => this.view.getFloat64(at + i * 8, true));
  }
}

class Writer {
  private bytes: Buffer;
  private at = 0;
  constructor(size: number) {
    this.bytes = Buffer.alloc(size);
  }
  private room(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    this.bytes = Buffer.concat([this.bytes, Buffer.alloc(Math.max(bytes, this.bytes.length))]);
  }
  u32(value: number): void {
    this.room(4);
    this.at = this.bytes.writeUInt32LE(value >>> 0, this.at);
  }
  f64(value: number): void {
    this.room(8);
    this.at = this.bytes.writeDoubleLE(value, this.at);
  }
  head(kind: number, points: Points, srid: number): void {
    this.room(1);
    this.at = this.bytes.writeUInt8(1, this.at);
    const flags = (points.z === undefined ? 0 : Z_FLAG) + (points.m === undefined ? 0 : M_FLAG);
    this.u32(kind + flags + (srid === 0 ? 0 : SRID_FLAG));
    if (srid !== 0) this.u32(srid);
  }
  run({ xy, z, m }: Points, [from, to]: Run, counted = true): void {
    if (counted) this.u32(to - from);
    for (let i = from; i < to; i++) {
      this.f64(xy[i * 2]!);
      this.f64(xy[i * 2 + 1]!);
      if (z !== undefined) this.f64(z[i]!);
      if (m !== undefined) this.f64(m[i]!);
    }
  }
  done(): Buffer {
    return this.bytes.subarray(0, this.at);
  }
}

/** z and m behind the points of a shape of several; a shape with z may leave m out. */
function measures(cursor: Cursor, type: number, n: number): Pick<Points, 'z' | 'm'> {
  const hasZ = type > 10 && type < 20;
  if (type < 10) return { z: undefined, m: undefined };
  const part = (): Float64Array => {
    cursor.skip(16);
    return cursor.doubles(n);
  };
  const z = hasZ ? part() : undefined;
  const m = cursor.left >= 16 + n * 8 ? part() : undefined;
  const isMeasured = m?.some((v) => v > NO_MEASURE) === true;
  return { z, m: isMeasured ? m.map((v) => (v > NO_MEASURE ? v : Number.NaN)) : undefined };
}

const BOX_BYTES = 32;
function pointsOf(cursor: Cursor, type: number): { points: Points; runs: readonly Run[] } {
  cursor.skip(BOX_BYTES);
  const hasParts = type % 10 !== BASE.multipoint;
  const parts = hasParts ? cursor.count(4) : 0;
  const n = cursor.count(16);
  const starts = cursor.ints(parts);
  const xy = cursor.doubles(n * 2);
  const points = { xy, ...measures(cursor, type, n) };
  if (!hasParts) return { points, runs: [[0, n]] };
  const runs = starts.map((from, i): Run => [from, starts[i + 1] ?? n]);
  for (const [from, to] of runs) if (from < 0 || to > n || from > to) bad();
  return { points, runs: runs.filter(([from, to]) => to > from) };
}

// ---- rings ----

/** Twice its area, below 0 for a clockwise ring. */
function area(xy: Float64Array, [from, to]: Run): number {
  let sum = 0;
  const [x0, y0] = [xy[from * 2]!, xy[from * 2 + 1]!];
  for (let i = from; i < to - 1; i++)
    sum += (xy[i * 2]! - x0) * (xy[i * 2 + 3]! - y0) - (xy[i * 2 + 2]! - x0) * (xy[i * 2 + 1]! - y0);
  return sum;
}
function boxOf(xy: Float64Array, [from, to]: Run): readonly [number, number, number, number] {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = from; i < to; i++) {
    const [x, y] = [xy[i * 2]!, xy[i * 2 + 1]!];
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
  }
  return [x0, y0, x1, y1];
}
function isInside(xy: Float64Array, [from, to]: Run, x: number, y: number): boolean {
  let inside = false;
  for (let i = from; i < to - 1; i++) {
    const [ax, ay, bx, by] = [xy[i * 2]!, xy[i * 2 + 1]!, xy[i * 2 + 2]!, xy[i * 2 + 3]!];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
/** Outer rings, each with its holes. */
function polygons(xy: Float64Array, runs: readonly Run[]): readonly (readonly Run[])[] {
  const rings = runs.map((run) => ({ run, area: area(xy, run), box: boxOf(xy, run), holes: [] as Run[] }));
  const outer = rings.filter((r) => r.area < 0);
  if (outer.length === 0) outer.push(...rings.slice(0, 1));
  if (outer.length === 1) return [[outer[0]!.run, ...rings.filter((r) => r !== outer[0]).map((r) => r.run)]];
  // The smallest around a hole comes first.
  const bySize = [...outer].sort((a, b) => b.area - a.area);
  const alone: Run[] = [];
  let steps = 0;
  for (const hole of rings) {
    if (hole.area < 0) continue;
    const [x0, y0, x1, y1] = hole.box;
    const [x, y] = [xy[hole.run[0] * 2]!, xy[hole.run[0] * 2 + 1]!];
    const around = bySize.find(({ run, box }) => {
      steps++;
      if (box[0] > x0 || box[1] > y0 || box[2] < x1 || box[3] < y1) return false;
      steps += run[1] - run[0];
      if (steps > HOLE_STEPS_MAX) throw new ShapeDamage(SHAPE_REASON.tooComplex);
      return isInside(xy, run, x, y);
    });
    if (around === undefined) alone.push(hole.run);
    else around.holes.push(hole.run);
  }
  return [...outer.map(({ run, holes }) => [run, ...holes]), ...alone.map((run) => [run])];
}

// ---- shapes ----

function onePoint(cursor: Cursor, type: number, srid: number): Buffer {
  const xy = cursor.doubles(2);
  const z = type === 11 ? cursor.doubles(1) : undefined;
  const measured = type > 10 && cursor.left >= 8 ? cursor.doubles(1) : undefined;
  const m = measured !== undefined && measured[0]! > NO_MEASURE ? measured : undefined;
  const out = new Writer(64);
  const points = { xy, z, m };
  out.head(KIND.point, points, srid);
  out.run(points, [0, 1], false);
  return out.done();
}
function lines(points: Points, runs: readonly Run[], srid: number): Buffer {
  const out = new Writer(points.xy.length * 16 + runs.length * 9 + 64);
  if (runs.length !== 1) {
    out.head(KIND.multiline, points, srid);
    out.u32(runs.length);
  }
  for (const run of runs) {
    out.head(KIND.line, points, runs.length === 1 ? srid : 0);
    out.run(points, run);
  }
  return out.done();
}
function areas(points: Points, runs: readonly Run[], srid: number): Buffer {
  const all = polygons(points.xy, runs);
  const out = new Writer(points.xy.length * 16 + runs.length * 16 + 64);
  if (all.length !== 1) {
    out.head(KIND.multipolygon, points, srid);
    out.u32(all.length);
  }
  for (const rings of all) {
    out.head(KIND.polygon, points, all.length === 1 ? srid : 0);
    out.u32(rings.length);
    for (const run of rings) out.run(points, run);
  }
  return out.done();
}

/** EWKB of a record's content; undefined: there is no shape. Throws ShapeDamage. */
export function shapeToEwkb(content: Uint8Array, srid: number): Buffer | undefined {
  if (content.length < 4) bad();
  const type = new DataView(content.buffer, content.byteOffset, 4).getInt32(0, true);
  if (type === 0) return undefined;
  const base = type % 10;
  const isKnown = type > 0 && type < 30 && (Object.values(BASE) as readonly number[]).includes(base);
  if (!isKnown) throw new ShapeDamage(SHAPE_REASON.type, String(type));
  const cursor = new Cursor(content);
  if (base === BASE.point) return onePoint(cursor, type, srid);
  const { points, runs } = pointsOf(cursor, type);
  if (base === BASE.line) return lines(points, runs, srid);
  if (base === BASE.polygon) return areas(points, runs, srid);
  const n = points.xy.length / 2;
  const out = new Writer(n * 41 + 64);
  out.head(KIND.multipoint, points, srid);
  out.u32(n);
  for (let i = 0; i < n; i++) {
    out.head(KIND.point, points, 0);
    out.run(points, [i, i + 1], false);
  }
  return out.done();
}
