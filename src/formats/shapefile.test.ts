/**
 * Shapefiles as a load format: files of others against their GeoJSON, shapes with z and m, holes, encodings, projections, pieces of any size; files that are
 * damaged.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { trials } from '../common/test-trials.ts';
import { readWkb } from '../spatial/ewkb.ts';
import { GEOMETRY, varchar } from '../types/sql-type.ts';
import { delimitedFormat } from './delimited.ts';
import { isShapefile, shapefile } from './shapefile.ts';
import type { LoadSource, ShapefileHost } from './load-format.ts';
import { decoderOf, dbfText } from './shapefile/dbf.ts';
import { shapeToEwkb, ShapeDamage } from './shapefile/shapes.ts';
import { sridOf } from './shapefile/srid.ts';
import { testLoad, type TestLoaded } from './test-load.ts';
import { loadReason } from './text/load-reason.ts';

const folder = join(import.meta.dirname, '../../fixtures/copy/shapefile');
const OPTIONS = {
  text: { ...delimitedFormat({}), kind: 'shapefile' as const, nullText: undefined },
  dateFormat: undefined,
  timeFormat: undefined,
};
type Files = Readonly<Record<string, Uint8Array>>;
const filesOf = (name: string): Files =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((f) => f.startsWith(`${name}.`))
      .map((f) => [f, readFileSync(join(folder, f))]),
  );
const sourceOf = (key: string, bytes: Uint8Array): LoadSource => ({
  bucket: 'b',
  key,
  state: { size: bytes.length, modifiedMs: 0 },
});
function hostOf(files: Files, shape: string, readsSrid = true): ShapefileHost {
  return {
    sources: [sourceOf(shape, files[shape]!)],
    readsSrid,
    find: (_bucket, key) => Promise.resolve(files[key] && sourceOf(key, files[key])),
    begin: ({ key }, bytes) => Promise.resolve(files[key]!.subarray(0, bytes)),
  };
}
async function load(
  files: Files,
  name: string,
  columns: number,
  most: () => number = () => Infinity,
): Promise<TestLoaded> {
  const shape = `${name}.shp`;
  const all = Array.from({ length: columns }, (_, i) => ({
    name: `c${i}`,
    type: i === 0 ? GEOMETRY : varchar(1000),
    nullable: true,
  }));
  const host = { object: () => Promise.reject(new TypeError('none')), shapefiles: hostOf(files, shape) };
  const { plan } = await shapefile.schema(all, OPTIONS, undefined, host);
  return testLoad(shapefile, plan, columns, files[shape]!, most, { key: shape }, [], files);
}

/** Coordinates as GeoJSON has them. */
function coordinates(hex: string | null): unknown {
  if (hex === null) return null;
  const { geometry, srid } = readWkb(Buffer.from(hex, 'hex'));
  expect([0, 4326]).toContain(srid ?? 0);
  const pairs = (points: Float64Array, step: number): number[][] =>
    Array.from({ length: points.length / step }, (_, i) => [points[i * step]!, points[i * step + 1]!]);
  const of = (g: typeof geometry): unknown => {
    const step = 2 + (g.hasZ ? 1 : 0) + (g.hasM ? 1 : 0);
    switch (g.kind) {
      case 1:
        return pairs(g.points, step)[0];
      case 2:
        return pairs(g.points, step);
      case 3:
        return g.rings.map((r) => pairs(r, step));
      default:
        return g.parts.map(of);
    }
  };
  return of(geometry);
}
const whole = readdirSync(folder)
  .filter((f) => f.endsWith('.shx') && existsSync(join(folder, f.replace(/x$/, 'p'))))
  .map((f) => f.replace(/\.shx$/, ''));
test.each(whole)('%s', async (name) => {
  const files = filesOf(name);
  const { features } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as {
    features: { geometry: { coordinates: unknown } | null; properties: Record<string, unknown> }[];
  };
  const fields = Buffer.from(files[`${name}.dbf`]!);
  const names: string[] = [];
  for (let at = 32; fields[at] !== 13; at += 32)
    names.push(fields.toString('utf8', at, at + 11).replace(/\0.*$/s, ''));
  const prng = new Prng(1);
  const { rows, refused } = await load(files, name, names.length + 1, () => prng.int(0, 60));
  expect(refused).toEqual([]);
  expect(rows.map(([shape]) => coordinates(shape!))).toEqual(features.map((f) => f.geometry?.coordinates ?? null));
  for (const [i, row] of rows.entries())
    for (const [k, field] of names.entries()) {
      if (field === 'FID') continue;
      const value = features[i]!.properties[field] ?? null;
      const text = field === 'date' ? row[k + 1]!.replaceAll('-', '') : row[k + 1]!;
      if (typeof value === 'number') expect(Number(text)).toBe(value);
      else expect(text).toBe(value === null ? null : String(value));
    }
});
test('measures and heights', () => {
  for (const name of ['pointm', 'multipointm', 'polylinem', 'polygonm']) {
    const bytes = Buffer.from(filesOf(name)[`${name}.shp`]!);
    const ewkb = shapeToEwkb(bytes.subarray(108, 108 + bytes.readInt32BE(104) * 2), 0)!;
    expect(readWkb(ewkb).geometry.hasM, name).toBe(true);
  }
  const point = Buffer.alloc(36);
  point.writeInt32LE(11, 0);
  [1, 2, 3, -2e38].forEach((v, i) => point.writeDoubleLE(v, 4 + i * 8));
  expect(readWkb(shapeToEwkb(point, 4326)!)).toMatchObject({ srid: 4326, geometry: { hasZ: true, hasM: false } });
});

/** A polygon shape of rings. */
function polygonOf(rings: readonly (readonly (readonly [number, number])[])[]): Buffer {
  const points = rings.flat();
  const out = Buffer.alloc(44 + rings.length * 4 + points.length * 16);
  out.writeInt32LE(5, 0);
  out.writeInt32LE(rings.length, 36);
  out.writeInt32LE(points.length, 40);
  let start = 0;
  rings.forEach((ring, i) => {
    out.writeInt32LE(start, 44 + i * 4);
    start += ring.length;
  });
  points.forEach(([x, y], i) => {
    out.writeDoubleLE(x, 44 + rings.length * 4 + i * 16);
    out.writeDoubleLE(y, 52 + rings.length * 4 + i * 16);
  });
  return out;
}
/** Clockwise, or the other way round. */
const square = (x: number, y: number, size: number, clockwise: boolean): readonly (readonly [number, number])[] => {
  const ring = [
    [x, y],
    [x, y + size],
    [x + size, y + size],
    [x + size, y],
    [x, y],
  ] as const;
  return clockwise ? ring : [...ring].reverse();
};
test('holes go to the smallest polygon around them', () => {
  const rings = [
    square(0, 0, 20, true),
    square(1, 1, 15, false),
    square(2, 2, 8, true),
    square(3, 3, 2, false),
    square(30, 0, 5, true),
  ];
  const { geometry } = readWkb(shapeToEwkb(polygonOf(rings), 0)!);
  expect(geometry.parts.map((p) => p.rings.map((r) => r[0]))).toEqual([[0, 1], [2, 3], [30]]);
  expect(readWkb(shapeToEwkb(polygonOf([square(0, 0, 1, false)]), 0)!).geometry).toMatchObject({ kind: 3 });
});
test('projections', () => {
  expect(sridOf('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]]]')).toBe(4326);
  expect(sridOf('PROJCS["WGS_1984_UTM_Zone_33N",GEOGCS["GCS_WGS_1984"]]')).toBe(32633);
  expect(
    sridOf('PROJCS["WGS 84 / UTM zone 33S",GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32733"]]'),
  ).toBe(32733);
  expect(sridOf('PROJCS["something",GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]]]')).toBe(0);
  expect(sridOf('no projection')).toBe(0);
});
test('fields of attributes', () => {
  const decode = decoderOf(undefined);
  const of = (type: string, bytes: Buffer): string | undefined =>
    dbfText({ name: 'f', type, start: 1, bytes: bytes.length }, Buffer.concat([Buffer.from(' '), bytes]), decode);
  expect(of('N', Buffer.from('   -12.50'))).toBe('-12.50');
  expect(of('N', Buffer.from('*****'))).toBeUndefined();
  expect(of('L', Buffer.from('?'))).toBeUndefined();
  expect(of('L', Buffer.from('y'))).toBe('true');
  expect(of('D', Buffer.from('20240229'))).toBe('2024-02-29');
  expect(of('C', Buffer.from('  a  '))).toBe('  a');
  expect(of('C', Buffer.from([0x4d, 0xe9]))).toBe('M\u00e9');
  const number = Buffer.alloc(8);
  number.writeDoubleLE(0.1);
  expect(of('O', number)).toBe('0.1');
  number.writeBigInt64LE(-5n);
  expect(of('Y', number)).toBe('-0.0005');
  expect(decoderOf('ISO-8859-15')(Buffer.from([0xa4]))).toBe('\u20ac');
  expect(decoderOf('1251')(Buffer.from([0xc0]))).toBe('\u0410');
  expect([isShapefile('a/b.shp', false), isShapefile('b.SHP', false), isShapefile('b.shp.gz', true)]).toEqual([
    true,
    true,
    true,
  ]);
  expect([isShapefile('b.shp.gz', false), isShapefile('b.shx', false), isShapefile('b.shp.xml', false)]).toEqual([
    false,
    false,
    false,
  ]);
});
test('what is missing or does not fit', async () => {
  const files = filesOf('polygons');
  const { 'polygons.shx': _index, ...rest } = files;
  await expect(load(rest, 'polygons', 2)).rejects.toThrow('has no .shx file');
  await expect(load(files, 'polygons', 5)).rejects.toThrow('Shapefile: 2, table: 5');
  const reasons = async (more: Files): Promise<readonly string[]> =>
    (await load({ ...files, ...more }, 'polygons', 2)).refused.map(
      (r) => `${r.line} ${r.code} ${loadReason({ ...r, value: r.rawValue })}`,
    );
  const shp = Buffer.from(files['polygons.shp']!);
  expect(await reasons({ 'polygons.shp': shp.subarray(0, shp.length - 3) })).toEqual([
    '3 1216 Invalid shapefile. Unexpected end of file.',
  ]);
  expect(await reasons({ 'polygons.shp': Buffer.from('no shapes here'.repeat(20)) })).toEqual([
    '1 1216 Invalid shapefile.',
  ]);
  const patch = Buffer.from(shp);
  patch.writeInt32LE(31, 108);
  expect(await reasons({ 'polygons.shp': patch })).toEqual([
    '1 1216 Invalid shapefile. Shapes of type 31 are not supported.',
  ]);
  const dbf = Buffer.from(files['polygons.dbf']!);
  dbf.writeUInt32LE(1, 4);
  expect(await reasons({ 'polygons.dbf': dbf })).toEqual([
    '2 1216 Invalid shapefile. The .dbf file does not fit the .shp file.',
  ]);
});
test('bytes at random never end the reader', async () => {
  const prng = new Prng(4);
  for (let round = 0; round < trials(200); round++) {
    const name = prng.pick(['polygons', 'polylines', 'multipoints', 'points', 'null']);
    const files = { ...filesOf(name) };
    for (const ending of ['shp', 'dbf']) {
      const bytes = Buffer.from(files[`${name}.${ending}`]!);
      for (let i = prng.int(0, 4); i > 0; i--) bytes[prng.int(0, bytes.length - 1)] = prng.int(0, 255);
      files[`${name}.${ending}`] = bytes.subarray(0, prng.pick([bytes.length, prng.int(0, bytes.length)]));
    }
    try {
      await load(files, name, 2);
    } catch (error) {
      expect((error as { sqlstate?: string }).sqlstate).toBe('XX000');
    }
  }
  for (let round = 0; round < trials(500); round++) {
    const shape = polygonOf([square(0, 0, 20, true), square(1, 1, 15, false), square(2, 2, 8, true)]);
    for (let i = prng.int(1, 4); i > 0; i--) shape[prng.int(0, 60)] = prng.int(0, 255);
    try {
      shapeToEwkb(shape, 0);
    } catch (error) {
      expect(error).toBeInstanceOf(ShapeDamage);
    }
  }
});
