/**
 * Geometries as bytes. Three forms:
 *
 *   WKB    byte order, type (of the OGC: 1000 is added for z, 2000 for m, 3000 for both), what it is made of
 *   EWKB   the flags z 0x80000000, m 0x40000000 and SRID 0x20000000 in the type; the SRID follows the outermost type
 *   kept   what blocks and batches hold: a byte, 1 with and 0 without a bounding box, then xmin ymin xmax ymax of it (f64,
 *          not numbers when there is no point), then EWKB in little-endian
 *
 * All is read; an empty point is one whose numbers are none.
 */
import { GEOMETRY_BYTES_MAX, GEOMETRY_NESTING_MAX } from '../common/limits.ts';
import {
  boxOf,
  COLLECTION,
  emptyPoint,
  line,
  LINESTRING,
  multi,
  point,
  POINT,
  polygon,
  POLYGON,
  sameDims,
  stride,
  type Dims,
  type Geometry,
  type Kind,
  type Spatial,
} from './geometry.ts';
import { tooLarge, unreadable } from './spatial-error.ts';

const Z_FLAG = 0x80000000;
const M_FLAG = 0x40000000;
const SRID_FLAG = 0x20000000;
const BOX_BYTES = 32;

class Reader {
  private readonly view: DataView;
  private little = true;
  at = 0;
  srid: number | undefined;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  get left(): number {
    return this.bytes.length - this.at;
  }
  private need(bytes: number): void {
    if (this.left < bytes) throw unreadable('Invalid WKB: unexpected end');
  }
  private u32(): number {
    this.need(4);
    const v = this.view.getUint32(this.at, this.little);
    this.at += 4;
    return v;
  }
  private count(least: number): number {
    const n = this.u32();
    if (n * least > this.left) throw unreadable('Invalid WKB: unexpected end');
    return n;
  }
  private run(n: number, d: Dims): Float64Array {
    const out = new Float64Array(n * stride(d));
    this.need(out.length * 8);
    for (let i = 0; i < out.length; i++, this.at += 8) out[i] = this.view.getFloat64(this.at, this.little);
    return out;
  }
  geometry(depth: number, within?: Kind): Geometry {
    if (depth > GEOMETRY_NESTING_MAX) throw unreadable('Invalid WKB: collections are nested too deeply');
    this.need(1);
    const order = this.bytes[this.at++]!;
    if (order > 1) throw unreadable('Invalid WKB: unknown byte order');
    this.little = order === 1;
    const code = this.u32();
    const base = code & 0x1fffffff;
    const [kind, ogc] = [(base % 1000) as Kind, Math.floor(base / 1000)];
    if (kind < POINT || kind > COLLECTION || ogc > 3) throw unreadable(`Invalid WKB: unknown type ${base}`);
    if (within !== undefined && within !== COLLECTION && kind !== within - 3)
      throw unreadable(`Invalid WKB: type ${kind} inside of type ${within}`);
    const d: Dims = {
      hasZ: (code & Z_FLAG) !== 0 || ogc === 1 || ogc === 3,
      hasM: (code & M_FLAG) !== 0 || ogc >= 2,
    };
    if ((code & SRID_FLAG) !== 0) {
      const srid = this.u32();
      if (depth === 0) this.srid = srid;
    }
    return this.body(kind, d, depth);
  }
  private body(kind: Kind, d: Dims, depth: number): Geometry {
    const { little } = this;
    if (kind === POINT) {
      const run = this.run(1, d);
      return run.every(Number.isNaN) ? emptyPoint(d) : point(d, run);
    }
    if (kind === LINESTRING) return line(d, this.run(this.count(8 * stride(d)), d));
    if (kind === POLYGON) {
      const n = this.count(4);
      return polygon(
        d,
        Array.from({ length: n }, () => this.run(this.count(8 * stride(d)), d)),
      );
    }
    const n = this.count(9 - 4);
    const parts: Geometry[] = [];
    for (let i = 0; i < n; i++) {
      const part = this.geometry(depth + 1, kind);
      if (!sameDims(part, d)) throw unreadable('Invalid WKB: parts have different dimensions');
      parts.push(part);
      this.little = little;
    }
    return multi(kind, d, parts);
  }
}

/** A geometry of WKB or EWKB; SRID undefined where there is none. */
export function readWkb(bytes: Uint8Array): { readonly geometry: Geometry; readonly srid: number | undefined } {
  const reader = new Reader(bytes);
  const geometry = reader.geometry(0);
  if (reader.left > 0) throw unreadable('Invalid WKB: bytes behind the end');
  return { geometry, srid: reader.srid };
}

const HEX = /^[0-9a-fA-F]*$/;
/** Bytes of hexadecimal digits. */
export function hexBytes(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !HEX.test(text)) throw unreadable('Invalid hexadecimal character(s) found');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function sizeOf(g: Geometry): number {
  const step = stride(g) * 8;
  if (g.kind === POINT) return 5 + step;
  if (g.kind === LINESTRING) return 9 + g.points.length * 8;
  if (g.kind === POLYGON) return g.rings.reduce((n, r) => n + 4 + r.length * 8, 9);
  return g.parts.reduce((n, p) => n + sizeOf(p), 9);
}

type Form = 'ogc' | 'extended';
function write(view: DataView, at: number, g: Geometry, form: Form, srid: number): number {
  const flags = (g.hasZ ? Z_FLAG : 0) + (g.hasM ? M_FLAG : 0) + (srid === 0 ? 0 : SRID_FLAG);
  const code = form === 'ogc' ? g.kind + (g.hasZ ? 1000 : 0) + (g.hasM ? 2000 : 0) : g.kind;
  view.setUint8(at, 1);
  view.setUint32(at + 1, form === 'ogc' ? code + (srid === 0 ? 0 : SRID_FLAG) : code + flags, true);
  let end = at + 5;
  const u32 = (v: number): void => {
    view.setUint32(end, v, true);
    end += 4;
  };
  const run = (points: Float64Array): void => {
    for (let i = 0; i < points.length; i++, end += 8) view.setFloat64(end, points[i]!, true);
  };
  if (srid !== 0) u32(srid);
  if (g.kind === POINT) run(g.points.length > 0 ? g.points : new Float64Array(stride(g)).fill(NaN));
  else if (g.kind === LINESTRING) {
    u32(g.points.length / stride(g));
    run(g.points);
  } else if (g.kind === POLYGON) {
    u32(g.rings.length);
    for (const ring of g.rings) {
      u32(ring.length / stride(g));
      run(ring);
    }
  } else {
    u32(g.parts.length);
    for (const part of g.parts) end = write(view, end, part, form, 0);
  }
  return end;
}

/** WKB (`srid` 0) or EWKB; `form` says how z and m are shown in the type. */
export function writeWkb(g: Geometry, form: Form, srid = 0): Uint8Array {
  const bytes = new Uint8Array(sizeOf(g) + (srid === 0 ? 0 : 4));
  write(new DataView(bytes.buffer), 0, g, form, srid);
  return bytes;
}
export const hexText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex').toUpperCase();

/** The value of kept bytes. */
export function decode(bytes: Uint8Array): Spatial {
  const boxed = bytes[0] === 1;
  const { geometry, srid } = readWkb(bytes.subarray(boxed ? 1 + BOX_BYTES : 1));
  return { geometry, srid: srid ?? 0, boxed };
}
/** Bytes of a value, without its box. */
export const sizeOfValue = ({ geometry, srid }: Pick<Spatial, 'geometry' | 'srid'>): number =>
  sizeOf(geometry) + (srid === 0 ? 0 : 4);
/** Whether a value is not larger than values may be. */
export const isStorable = (value: Spatial): boolean => sizeOfValue(value) <= GEOMETRY_BYTES_MAX;
/** The kept bytes of a value. */
export function encode({ geometry, srid, boxed }: Spatial): Uint8Array {
  const size = sizeOf(geometry) + (srid === 0 ? 0 : 4);
  if (size > GEOMETRY_BYTES_MAX) throw tooLarge(size);
  const start = boxed ? 1 + BOX_BYTES : 1;
  const bytes = new Uint8Array(start + size);
  const view = new DataView(bytes.buffer);
  if (boxed) {
    const box = boxOf(geometry);
    bytes[0] = 1;
    for (const [i, v] of [box?.xmin, box?.ymin, box?.xmax, box?.ymax].entries())
      view.setFloat64(1 + i * 8, v ?? NaN, true);
  }
  write(view, start, geometry, 'extended', srid);
  return bytes;
}
/** Numbers and lengths in memory, and 32 bytes for the bounding box. */
export function memorySize({ geometry, boxed }: Spatial): number {
  const size = (g: Geometry): number => {
    if (g.kind === POINT) return 4 + stride(g) * 8;
    if (g.kind === LINESTRING) return 8 + g.points.length * 8;
    if (g.kind === POLYGON) return g.rings.reduce((n, r) => n + 4 + r.length * 8, 8);
    return g.parts.reduce((n, p) => n + size(p), 8);
  };
  return size(geometry) + (boxed ? BOX_BYTES : 0);
}
