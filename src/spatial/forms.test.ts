/**
 * Texts and bytes of geometries, both ways: forms that are read, what is refused, numbers, cells with names, geodesics.
 */
import { describe, expect, it } from 'vitest';
import { geodesicDistance, geodesicRingArea, spheroidOf } from './geodesy.ts';
import { geohash, geosquare } from './geohash.ts';
import { hexText, readWkb, hexBytes, writeWkb, decode, encode } from './ewkb.ts';
import { MEASURES } from './measures.ts';
import { READING } from './reading.ts';
import { WRITING } from './writing.ts';
import { EDITORS } from './editors.ts';
import { OVERLAY } from './overlay.ts';

const ewkt = (text: string, precision?: number): string =>
  WRITING.st_asewkt(READING.st_geomfromewkt(text), precision);
const SAME = [
  'POINT(1 2)',
  'POINT Z (1 2 3)',
  'POINT M (1 2 3)',
  'SRID=4326;POINT ZM (1 2 3 4)',
  'POINT EMPTY',
  'POINT ZM EMPTY',
  'LINESTRING(0 0,1.5 -1.5,1e+20 1e-07)',
  'POLYGON((0 0,4 0,4 4,0 0),(1 0.5,2 0.5,2 1,1 0.5))',
  'MULTIPOINT((0 0),EMPTY,(1 1))',
  'MULTILINESTRING((0 0,1 1),EMPTY)',
  'MULTIPOLYGON(((0 0,1 0,0 1,0 0)),EMPTY)',
  'GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION(LINESTRING(0 0,1 1),POLYGON EMPTY))',
  'GEOMETRYCOLLECTION Z (POINT Z (1 2 3))',
  'GEOMETRYCOLLECTION EMPTY',
];

describe('well-known text and bytes', () => {
  it.each(SAME)('%s comes back', (text) => {
    expect(ewkt(text)).toBe(text);
    const value = READING.st_geomfromewkt(text);
    for (const form of ['ogc', 'extended'] as const) {
      const { geometry, srid } = readWkb(writeWkb(value.geometry, form, value.srid));
      expect(WRITING.st_asewkt({ ...value, geometry, srid: srid ?? 0 })).toBe(text);
    }
    expect(WRITING.st_asewkt(decode(encode(value)))).toBe(text);
    expect(decode(encode({ ...value, boxed: false }))).toEqual({ ...value, boxed: false });
  });
  it('is read with any blanks, in any case, with and without parentheses of points', () => {
    expect(ewkt(' multipoint ( 1 2 , 3 4 ) ')).toBe('MULTIPOINT((1 2),(3 4))');
    expect(ewkt('srid = 4326 ; pointz(1 2 3)')).toBe('SRID=4326;POINT Z (1 2 3)');
    expect(ewkt('LineString(.5 1., +1 -2e1)')).toBe('LINESTRING(0.5 1,1 -20)');
  });
  it.each([
    '',
    'POINT',
    'POINT()',
    'POINT(1)',
    'POINT(1 2 3)',
    'POINT Z (1 2)',
    'POINT(1 2',
    'POINT(1 2))',
    'POINT(1,2)',
    'POINT(a b)',
    'CIRCLE(1 2)',
    'LINESTRING((0 0,1 1))',
    'POLYGON(0 0,1 1)',
    'POINT(1 2) POINT(1 2)',
    'POINT(1e999 0)',
    'GEOMETRYCOLLECTION(POINT Z (1 2 3))',
  ])('%s is refused', (text) => {
    expect(() => ewkt(text)).toThrow('Compass I/O exception: Invalid WKT');
  });
  it('deep nesting is refused', () => {
    const deep = 'GEOMETRYCOLLECTION('.repeat(5000) + 'POINT(1 2)' + ')'.repeat(5000);
    expect(() => ewkt(deep)).toThrow('nested too deeply');
  });
  it('big-endian bytes and every truncation', () => {
    const big = '00000000020000000200000000000000000000000000000000' + '3FF00000000000004000000000000000';
    expect(hexText(writeWkb(readWkb(hexBytes(big)).geometry, 'ogc'))).toBe(
      '010200000002000000' + '0'.repeat(32) + '000000000000F03F0000000000000040',
    );
    const bytes = encode(READING.st_geomfromewkt(SAME[11]!)).subarray(33);
    for (let n = 0; n < bytes.length; n++)
      expect(() => readWkb(bytes.subarray(0, n)), `${n} bytes`).toThrow('Compass');
    expect(() => readWkb(hexBytes('0102000000FFFFFFFF'))).toThrow('unexpected end');
    expect(() => readWkb(hexBytes('0108000000'))).toThrow('unknown type');
  });
  it('numbers have so many digits', () => {
    expect(ewkt('POINT(3.141592653589793 0.1)', 3)).toBe('POINT(3.14 0.1)');
    expect(ewkt('POINT(0.1 123456789)', 20)).toBe('POINT(0.10000000000000000555 123456789)');
    expect(() => ewkt('POINT(1 2)', 0)).toThrow('precision');
  });
});

describe('GeoJSON', () => {
  const json = (text: string): string => WRITING.st_asewkt(READING.st_geomfromgeojson(text));
  it('gives z to all when one has it', () => {
    expect(json('{"type":"LineString","coordinates":[[1,2],[3,4,5]]}')).toBe('SRID=4326;LINESTRING Z (1 2 0,3 4 5)');
    expect(json('{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[]}]}')).toBe(
      'SRID=4326;GEOMETRYCOLLECTION(POINT EMPTY)',
    );
  });
  it.each(['', '[]', '{"type":"Point"}', '{"type":"Point","coordinates":[1]}', '{"type":"Feature","geometry":null}'])(
    '%s is refused',
    (text) => expect(() => json(text)).toThrow('Compass I/O exception: Invalid GeoJSON'),
  );
});

describe('cells with names', () => {
  it('contain their points', () => {
    for (const [x, y] of [
      [13.5, 52.5],
      [-180, -90],
      [180, 90],
      [0, 0],
      [-122.3, 47.6],
    ] as const) {
      for (const depth of [1, 2, 3, 17, 32]) {
        const square = READING.st_geomfromgeosquare(geosquare(x, y, depth));
        expect(MEASURES.st_distance(square, READING.st_point(x, y)), `${x} ${y} ${depth}`).toBe(0);
      }
      const cell = READING.st_geomfromgeohash(geohash(x, y, 9));
      expect(MEASURES.st_distance(cell, READING.st_point(x, y))).toBe(0);
    }
    expect(() => geosquare(181, 0, 3)).toThrow('longitude');
  });
});

describe('geodesics', () => {
  const wgs84 = spheroidOf(4326);
  it('distances agree with published ones to the order of the flattening squared', () => {
    // Flinders Peak to Buninyong, on GRS 80: 54,972.271 m.
    const grs80 = spheroidOf(4283);
    const [lon1, lat1] = [144 + 25 / 60 + 29.5244 / 3600, -(37 + 57 / 60 + 3.7203 / 3600)];
    const [lon2, lat2] = [143 + 55 / 60 + 35.3839 / 3600, -(37 + 39 / 60 + 10.1561 / 3600)];
    expect(Math.abs(geodesicDistance(lon1, lat1, lon2, lat2, grs80) - 54972.271)).toBeLessThan(0.5);
  });
  it('an octant of the earth is an eighth of it', () => {
    const ring = Float64Array.of(0, 0, 0, 90, 90, 0, 0, 0);
    expect(Math.abs(geodesicRingArea(ring, 2, wgs84)) / (510065621724088.4 / 8)).toBeCloseTo(1, 4);
  });
  it('a ring and its reverse have one size', () => {
    const ring = Float64Array.of(10, 10, 10, 20, 25, 22, 20, 10, 10, 10);
    const back = Float64Array.of(10, 10, 20, 10, 25, 22, 10, 20, 10, 10);
    expect(geodesicRingArea(ring, 2, wgs84) / -geodesicRingArea(back, 2, wgs84)).toBeCloseTo(1, 7);
    expect(geodesicRingArea(ring, 2, wgs84)).toBeGreaterThan(0);
  });
});

describe('changes', () => {
  const at = READING.st_geomfromewkt;
  it('points of another dimension are projected', () => {
    const line = at('LINESTRING Z (0 0 1,1 1 2)');
    expect(WRITING.st_astext(EDITORS.st_addpoint(line, at('POINT(5 5)')))).toBe('LINESTRING Z (0 0 1,1 1 2,5 5 0)');
    expect(WRITING.st_astext(EDITORS.st_setpoint(line, -2, at('POINT ZM (7 8 9 10)')))).toBe(
      'LINESTRING Z (7 8 9,1 1 2)',
    );
    expect(WRITING.st_astext(EDITORS.st_addpoint(line, at('POINT EMPTY')))).toBe('LINESTRING Z (0 0 1,1 1 2)');
  });
  it('hulls keep z, boundaries average it', () => {
    expect(WRITING.st_astext(OVERLAY.st_convexhull(at('MULTIPOINT ZM (0 0 1 9,2 0 2 9,0 2 3 9,0.5 0.5 4 9)')))).toBe(
      'POLYGON Z ((0 0 1,0 2 3,2 0 2,0 0 1))',
    );
    expect(
      WRITING.st_astext(OVERLAY.st_boundary(at('MULTILINESTRING Z ((0 0 1,1 1 2),(1 1 4,2 2 5),(1 1 6,3 3 7))'))),
    ).toBe('MULTIPOINT Z ((0 0 1),(1 1 4),(2 2 5),(3 3 7))');
  });
  it('simplification keeps closed lines closed and drops rings without area', () => {
    expect(WRITING.st_astext(OVERLAY.st_simplify(at('LINESTRING(0 0,5 0.1,10 0,5 10,0 0)'), 1))).toBe(
      'LINESTRING(0 0,10 0,5 10,0 0)',
    );
    expect(
      WRITING.st_astext(OVERLAY.st_simplify(at('POLYGON((0 0,20 0,20 20,0 20,0 0),(5 5,6 5,6 6,5 6,5 5))'), 2)),
    ).toBe('POLYGON((0 0,20 0,20 20,0 20,0 0))');
  });
});
