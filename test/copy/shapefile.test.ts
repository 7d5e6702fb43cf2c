/**
 * COPY of shapefiles with shapes that are larger than a geometry may be: refused with their size, simplified all or where they are too large, up to a tolerance;
 * compressed files.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUTH, Lake } from './cluster.ts';

/** A line of so many points along a wave. */
function wave(points: number): Buffer {
  const out = Buffer.alloc(48 + points * 16);
  out.writeInt32LE(3, 0);
  out.writeInt32LE(1, 36);
  out.writeInt32LE(points, 40);
  for (let i = 0; i < points; i++) {
    out.writeDoubleLE(i / 1000, 48 + i * 16);
    out.writeDoubleLE(Math.sin(i / 500), 56 + i * 16);
  }
  return out;
}
function shapesOf(shapes: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(100);
  head.writeInt32BE(9994, 0);
  head.writeInt32LE(1000, 28);
  head.writeInt32LE(3, 32);
  return Buffer.concat([
    head,
    ...shapes.flatMap((shape, i) => {
      const of = Buffer.alloc(8);
      of.writeInt32BE(i + 1, 0);
      of.writeInt32BE(shape.length / 2, 4);
      return [of, shape];
    }),
  ]);
}
/** One field NAME of 10 characters. */
function tableOf(names: readonly string[]): Buffer {
  const head = Buffer.alloc(65);
  head[0] = 3;
  head.writeUInt32LE(names.length, 4);
  head.writeUInt16LE(65, 8);
  head.writeUInt16LE(11, 10);
  head.write('NAME', 32);
  head.write('C', 43);
  head[48] = 10;
  head[64] = 13;
  return Buffer.concat([head, ...names.map((name) => Buffer.from(` ${name.padEnd(10)}`))]);
}

let lake: Lake;
beforeAll(async () => {
  lake = await Lake.open();
  const shapes = shapesOf([wave(10), wave(100_000), wave(20)]);
  const table = tableOf(['small', 'large', 'tiny']);
  lake.put('waves/w.shp', shapes);
  lake.put('waves/w.shx', Buffer.alloc(100));
  lake.put('waves/w.dbf', table);
  lake.put('waves/w.shp.xml', Buffer.from('<metadata/>'));
  for (const [ending, bytes] of [
    ['shp', shapes],
    ['dbf', table],
    ['shx', Buffer.alloc(100)],
  ] as const)
    lake.put(`packed/w.${ending}.gz`, gzipSync(bytes));
  await lake.run('create table waves (shape geometry, name varchar(10))');
}, 120_000);
afterAll(() => lake.close());
const load = (more = '', from = 'waves/'): Promise<string> =>
  lake.run(`copy waves from 's3://lake/${from}' ${AUTH} format shapefile ${more}`);
/** What the views say of the last COPY: the older one, and whether the newer says the same. */
async function simplified(): Promise<(string | null)[][]> {
  const of = (view: string, id: string): Promise<(string | null)[][]> =>
    lake.rows(
      `select line_number, maximum_tolerance, initial_size, simplified, final_size, final_tolerance from ${view} where ${id} = pg_last_copy_id()`,
    );
  const rows = await of('svl_spatial_simplify', 'query');
  expect(await of('sys_spatial_simplify', 'query_id')).toEqual(rows);
  return rows;
}
const points = (): Promise<(string | null)[][]> =>
  lake.rows('select name, st_npoints(shape) from waves order by name');

test('a shape that is too large is refused', async () => {
  await load('maxerror 2');
  expect(await points()).toEqual([
    ['small', '10'],
    ['tiny', '20'],
  ]);
  expect(
    await lake.rows(
      'select line_number, err_code, err_reason, colname from stl_load_errors where query = pg_last_copy_id()',
    ),
  ).toEqual([['2', '1204', 'Geometry size: 1600009 is larger than maximum supported size: 1048447', 'shape']]);
  await lake.run('truncate waves');
});
test('SIMPLIFY AUTO keeps as many points as fit, within its tolerance', async () => {
  await load('simplify auto');
  const [large, small, tiny] = await points();
  expect([small, tiny]).toEqual([
    ['small', '10'],
    ['tiny', '20'],
  ]);
  expect(Number(large![1])).toBeGreaterThan(60_000);
  expect(Number(large![1])).toBeLessThanOrEqual(65_527);
  const [[line, maximum, initial, fits, final, tolerance] = [], ...others] = await simplified();
  expect([line, maximum, initial, fits, others]).toEqual(['2', '-1', '1600009', 't', []]);
  expect(Number(final)).toBe(9 + 16 * Number(large![1]));
  expect(Number(tolerance)).toBeGreaterThan(0);
  expect(
    await lake.value(
      `select st_npoints(st_simplify(shape, ${tolerance})) = st_npoints(shape) from waves where name = 'large'`,
    ),
  ).toBe('t');
  await lake.run('truncate waves');
  await load('simplify auto 1e-30 maxerror 2');
  expect(await simplified()).toEqual([['2', '1e-30', '1600009', 'f', '1600009', '1e-30']]);
  expect(await points()).toEqual([
    ['small', '10'],
    ['tiny', '20'],
  ]);
  await lake.run('truncate waves');
});
test('SIMPLIFY with a tolerance takes points of all shapes', async () => {
  await load('simplify 0.01');
  const counts = (await points()).map(([, n]) => Number(n));
  expect(counts[1]).toBe(2);
  expect(counts[0]).toBeLessThan(5000);
  expect(await simplified()).toEqual([[null, '0.01', null, null, null, '0.01']]);
  await lake.run('truncate waves');
});
test('compressed files', async () => {
  await load('gzip simplify auto', 'packed/w');
  expect(await lake.value('select count(*) from waves')).toBe('3');
  expect((await lake.fails(`copy waves from 's3://lake/packed/w' ${AUTH} format shapefile`)).message).toContain(
    'There is no shapefile',
  );
  await lake.run('truncate waves');
});
test('the files of others, by SQL', async () => {
  const folder = join(import.meta.dirname, '../../fixtures/copy/shapefile');
  for (const ending of ['shp', 'shx', 'dbf', 'prj'])
    lake.put(`polygons/p.${ending}`, readFileSync(join(folder, `polygons.${ending}`)));
  await lake.run('create table areas (id int identity(1, 1), shape geometry, attribute varchar(20))');
  await lake.run(`copy areas from 's3://lake/polygons/p.shp' ${AUTH} format shapefile`);
  expect(await lake.rows('select st_srid(shape), st_area(shape) from areas order by id')).toEqual([
    ['4326', '1'],
    ['4326', '12'],
    ['4326', '2'],
  ]);
});
