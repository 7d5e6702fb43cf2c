/**
 * Relations of geometries against what must hold of every pair (symmetries, and that all predicates tell of one matrix), over
 * random valid geometries on a coarse grid, where they touch, overlap along edges and coincide all the time; and against a
 * count of sample points.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../common/prng.ts';
import { decode, encode } from './ewkb.ts';
import type { Spatial } from './geometry.ts';
import { locate } from './locate.ts';
import { OVERLAY } from './overlay.ts';
import { MEASURES } from './measures.ts';
import { PREDICATES } from './predicates.ts';
import { READING } from './reading.ts';
import { VALIDITY } from './validity.ts';
import { writeWkt } from './wkt.ts';

const p = PREDICATES;
const read = (wkt: string): Spatial => READING.st_geomfromewkt(wkt);
const text = (s: Spatial): string => writeWkt(s.geometry, String);

/** Rings around an inner point by angle: never crossing, on a grid of integers. */
function randomPolygon(next: (n: number) => number, size: number): string | undefined {
  const [cx, cy] = [next(size), next(size)];
  const corners = Array.from({ length: 3 + next(5) }, () => [next(size), next(size)] as const)
    .filter(([x, y]) => x !== cx || y !== cy)
    .map(([x, y]) => ({ x, y, angle: Math.atan2(y - cy, x - cx) }))
    .sort((a, b) => a.angle - b.angle);
  if (corners.length < 3) return undefined;
  const ring = [...corners, corners[0]!].map(({ x, y }) => `${x} ${y}`).join(',');
  const wkt = `POLYGON((${ring}))`;
  return VALIDITY.st_isvalid(read(wkt)) ? wkt : undefined;
}
function randomGeometry(next: (n: number) => number): Spatial {
  const size = 6;
  const place = (): string => `${next(size)} ${next(size)}`;
  for (;;) {
    const kind = next(4);
    if (kind === 0) return read(`POINT(${place()})`);
    if (kind === 1) return read(`MULTIPOINT(${Array.from({ length: 1 + next(4) }, place).join(',')})`);
    if (kind === 2) {
      const line = read(`LINESTRING(${Array.from({ length: 2 + next(3) }, place).join(',')})`);
      if (VALIDITY.st_isvalid(line)) return line;
      continue;
    }
    const polygon = randomPolygon(next, size);
    if (polygon !== undefined) return read(polygon);
  }
}

describe('relations of random geometries', () => {
  const prng = new Prng(7);
  const next = (n: number): number => prng.int(0, n - 1);
  const pairs = Array.from({ length: 1500 }, () => [randomGeometry(next), randomGeometry(next)] as const);
  const all = (holds: (a: Spatial, b: Spatial) => boolean): void => {
    const wrong = pairs.filter(([a, b]) => !holds(a, b)).map(([a, b]) => `${text(a)} and ${text(b)}`);
    expect(wrong.slice(0, 3)).toEqual([]);
  };
  it('are symmetric where they should be', () => {
    all((a, b) => p.st_intersects(a, b) === p.st_intersects(b, a));
    all((a, b) => p.st_touches(a, b) === p.st_touches(b, a));
    all((a, b) => p.st_equals(a, b) === p.st_equals(b, a));
    all((a, b) => p.st_crosses(a, b) === p.st_crosses(b, a));
    all((a, b) => MEASURES.st_distance(a, b) === MEASURES.st_distance(b, a));
  });
  it('are each other turned round', () => {
    all((a, b) => p.st_contains(a, b) === p.st_within(b, a));
    all((a, b) => p.st_covers(a, b) === p.st_coveredby(b, a));
    all((a, b) => p.st_disjoint(a, b) !== p.st_intersects(a, b));
  });
  it('imply each other', () => {
    all((a, b) => !p.st_contains(a, b) || p.st_covers(a, b));
    all((a, b) => !p.st_containsproperly(a, b) || p.st_contains(a, b));
    all((a, b) => !p.st_covers(a, b) || p.st_intersects(a, b));
    all((a, b) => !p.st_touches(a, b) || (p.st_intersects(a, b) && !p.st_contains(a, b) && !p.st_crosses(a, b)));
    all((a, b) => p.st_equals(a, b) === (p.st_within(a, b) && p.st_contains(a, b)));
    all((a, b) => p.st_intersects(a, b) === (MEASURES.st_distance(a, b) === 0));
    all((a, b) => p.st_dwithin(a, b, 1.5) === MEASURES.st_distance(a, b)! <= 1.5);
    all((a) => p.st_equals(a, a) && p.st_covers(a, a));
  });
  it('agree with areas of intersections and unions', () => {
    const area = (s: Spatial): number => MEASURES.st_area(s);
    const areas = pairs.filter(([a, b]) => area(a) > 0 && area(b) > 0);
    expect(areas.length).toBeGreaterThan(60);
    for (const [a, b] of areas) {
      const common = area(OVERLAY.st_intersection(a, b));
      const what = `${text(a)} and ${text(b)}`;
      expect(area(OVERLAY.st_union(a, b)), what).toBeCloseTo(area(a) + area(b) - common, 9);
      expect(p.st_covers(a, b), what).toBe(Math.abs(common - area(b)) < 1e-9);
      expect(common > 1e-9, what).toBe(p.st_intersects(a, b) && !p.st_touches(a, b));
      expect(VALIDITY.st_isvalid(OVERLAY.st_union(a, b)), what).toBe(true);
    }
  });
  it('keep their bytes', () => {
    for (const [a] of pairs) expect(text(decode(encode(a)))).toBe(text(a));
  });
});

describe('points in areas', () => {
  it('count a ray through corners and along edges once', () => {
    const { geometry } = read('POLYGON((0 0,4 0,4 4,2 2,0 4,0 0),(1 1,2 1,1.5 1.5,1 1))');
    const where = (x: number, y: number): string => locate(geometry, x, y);
    expect([
      where(2, 2),
      where(2, 1),
      where(1.5, 1),
      where(1.5, 1.2),
      where(2, 3),
      where(3, 2),
      where(-1, 0),
      where(5, 4),
    ]).toEqual(['boundary', 'boundary', 'boundary', 'outside', 'outside', 'inside', 'outside', 'outside']);
  });
  it('are exact next to an edge', () => {
    const { geometry } = read('POLYGON((0 0,1e9 1,0 2,0 0))');
    expect(locate(geometry, 5e8, 0.5)).toBe('boundary');
    expect(locate(geometry, 5e8, 0.5 + 2 ** -53)).toBe('inside');
    expect(locate(geometry, 5e8, 0.5 - 2 ** -53)).toBe('outside');
  });
});

describe('degenerate input', () => {
  const t = (name: keyof typeof p, a: string, b: string): boolean =>
    (p[name] as (...x: Spatial[]) => boolean)(read(a), read(b));
  it('a linestring of one place is a point', () => {
    expect(t('st_intersects', 'LINESTRING(1 1,1 1)', 'POLYGON((0 0,2 0,2 2,0 2,0 0))')).toBe(true);
    expect(t('st_within', 'LINESTRING(1 1,1 1)', 'LINESTRING(0 0,2 2)')).toBe(true);
    expect(t('st_equals', 'LINESTRING(1 1,1 1)', 'POINT(1 1)')).toBe(true);
  });
  it('empty geometries meet nothing', () => {
    for (const empty of ['POINT EMPTY', 'LINESTRING EMPTY', 'POLYGON EMPTY', 'MULTIPOINT(EMPTY)']) {
      expect(t('st_disjoint', empty, 'POINT(1 1)')).toBe(true);
      for (const name of [
        'st_intersects',
        'st_contains',
        'st_within',
        'st_covers',
        'st_equals',
        'st_touches',
      ] as const)
        expect(t(name, empty, empty)).toBe(false);
    }
  });
  it('points twice in a row, and holes that touch', () => {
    expect(t('st_equals', 'POLYGON((0 0,0 0,2 0,2 2,2 2,0 2,0 0))', 'POLYGON((0 0,0 2,2 2,2 0,0 0))')).toBe(true);
    expect(t('st_contains', 'POLYGON((0 0,4 0,4 4,0 4,0 0),(0 0,2 1,1 2,0 0))', 'POINT(1 1)')).toBe(false);
    expect(t('st_touches', 'POLYGON((0 0,4 0,4 4,0 4,0 0),(0 0,2 1,1 2,0 0))', 'POLYGON((0 0,2 1,1 2,0 0))')).toBe(
      true,
    );
  });
  it('many lines in a polygon of many corners are found fast, and numbers that are none end', () => {
    const corner = (i: number): string => `${1000 * Math.cos(i / 3000)} ${1000 * Math.sin(i / 3000)}`;
    const ring = Array.from({ length: 18000 }, (_, i) => corner(i));
    const disc = read(`POLYGON((${[...ring, ring[0]].join(',')}))`);
    const lines = Array.from({ length: 15000 }, (_, i) => {
      const [x, y] = [(i % 150) * 2, Math.floor(i / 150) * 3];
      return `(${x} ${y},${x + 1} ${y})`;
    });
    expect(p.st_contains(disc, read(`MULTILINESTRING(${lines.join(',')})`))).toBe(true);
    expect(() => OVERLAY.st_buffer(disc, 1, 1000)).toThrow('too complex');
    const nowhere = READING.st_makepoint(NaN, 1);
    const far = READING.st_makepoint(Infinity, -Infinity);
    for (const odd of [nowhere, far]) {
      expect(typeof p.st_intersects(odd, disc)).toBe('boolean');
      expect(VALIDITY.st_isvalid(odd)).toBe(false);
    }
  });
  it('work has an end', () => {
    const comb = (n: number, upright: boolean): Spatial => {
      const corners = Array.from({ length: n }, (_, i) => [
        [2 * i, 0],
        [2 * i, 2 * n],
        [2 * i + 1, 2 * n],
        [2 * i + 1, 0],
      ]).flat();
      const ring = [...corners, [2 * n, -1], [0, -1], [0, 0]].map(([x, y]) => (upright ? `${x} ${y}` : `${y} ${x}`));
      return read(`POLYGON((${ring.join(',')}))`);
    };
    const [a, b] = [comb(600, true), comb(600, false)];
    expect(() => OVERLAY.st_intersection(a, b)).toThrow('too complex');
    expect(p.st_intersects(a, b)).toBe(true);
    expect(p.st_contains(a, b)).toBe(false);
  });
});
