/**
 * GeoJSON (RFC 7946) geometries, both ways. m has no place in it. A geometry that has a point with three numbers has z, 0 where
 * a point has two.
 */
import { GEOMETRY_NESTING_MAX } from '../common/limits.ts';
import {
  COLLECTION,
  emptyOf,
  force,
  KIND_NAMES,
  line,
  LINESTRING,
  multi,
  MULTILINESTRING,
  MULTIPOINT,
  MULTIPOLYGON,
  point,
  POINT,
  polygon,
  POLYGON,
  stride,
  type Dims,
  type Geometry,
  type Kind,
} from './geometry.ts';
import { unreadable } from './spatial-error.ts';

const KINDS = new Map(
  (Object.entries(KIND_NAMES) as [string, string][]).map(([k, name]) => [name, Number(k) as Kind]),
);
const Z: Dims = { hasZ: true, hasM: false };

const bad = (why: string): never => {
  throw unreadable(`Invalid GeoJSON: ${why}`);
};
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : bad('coordinates are no array');

/** Three numbers a point; the deepest point's length tells whether z was given. */
class Coordinates {
  hasZ = false;
  point(value: unknown): readonly [number, number, number] {
    const numbers = list(value);
    if (numbers.length < 2 || !numbers.every((n) => typeof n === 'number' && Number.isFinite(n)))
      bad('a position needs two numbers');
    if (numbers.length > 2) this.hasZ = true;
    return [numbers[0] as number, numbers[1] as number, (numbers[2] as number | undefined) ?? 0];
  }
  run = (value: unknown): Float64Array => Float64Array.from(list(value).flatMap((p) => this.point(p)));
  onePoint = (value: unknown): Geometry =>
    list(value).length === 0 ? emptyOf(POINT, Z) : point(Z, Float64Array.from(this.point(value)));
  polygon = (value: unknown): Geometry => polygon(Z, list(value).map(this.run));
}

function build(value: unknown, c: Coordinates, depth: number): Geometry {
  if (depth > GEOMETRY_NESTING_MAX) bad('collections are nested too deeply');
  if (value === null || typeof value !== 'object') return bad('an object is expected');
  const { type, coordinates, geometries } = value as Readonly<Record<string, unknown>>;
  const kind = KINDS.get(String(type)) ?? bad(`unknown type ${JSON.stringify(type)}`);
  switch (kind) {
    case POINT:
      return c.onePoint(coordinates);
    case LINESTRING:
      return line(Z, c.run(coordinates));
    case POLYGON:
      return c.polygon(coordinates);
    case MULTIPOINT:
      return multi(kind, Z, list(coordinates).map(c.onePoint));
    case MULTILINESTRING:
      return multi(
        kind,
        Z,
        list(coordinates).map((run) => line(Z, c.run(run))),
      );
    case MULTIPOLYGON:
      return multi(kind, Z, list(coordinates).map(c.polygon));
    case COLLECTION:
      return multi(
        kind,
        Z,
        list(geometries).map((g) => build(g, c, depth + 1)),
      );
  }
}

export function readGeoJson(text: string): Geometry {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    bad('no JSON');
  }
  const c = new Coordinates();
  const g = build(value, c, 0);
  return c.hasZ ? g : force(g, { hasZ: false, hasM: false });
}

export function writeGeoJson(g: Geometry, number: (v: number) => string): string {
  const step = stride(g);
  const shown = g.hasZ ? 3 : 2;
  const position = (points: Float64Array, at: number): string =>
    `[${Array.from(points.subarray(at, at + shown), number).join(',')}]`;
  const run = (points: Float64Array): string => {
    const out: string[] = [];
    for (let i = 0; i < points.length; i += step) out.push(position(points, i));
    return `[${out.join(',')}]`;
  };
  const body = (of: Geometry): string => {
    if (of.kind === POINT) return of.points.length === 0 ? '[]' : position(of.points, 0);
    if (of.kind === LINESTRING) return run(of.points);
    if (of.kind === POLYGON) return `[${of.rings.map(run).join(',')}]`;
    return `[${of.parts.map(body).join(',')}]`;
  };
  const whole = (of: Geometry): string => {
    const name = KIND_NAMES[of.kind];
    return of.kind === COLLECTION
      ? `{"type":"${name}","geometries":[${of.parts.map(whole).join(',')}]}`
      : `{"type":"${name}","coordinates":${body(of)}}`;
  };
  return whole(g);
}
