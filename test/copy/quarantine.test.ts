/**
 * The commands beside the server: `slicehouse manifest` and `slicehouse load --quarantine`, run as a user does, and the events
 * of loads.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run as runProgram } from '../clients/cluster.ts';
import { AUTH, Lake } from './cluster.ts';

const main = join(import.meta.dirname, '../../dist/main.js');
let lake: Lake;
interface Event {
  readonly 'detail-type': string;
  readonly id: string;
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
}
const events: Event[] = [];
let refuseFirst = true;
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (d) => (body += String(d)));
  request.on('end', () => {
    // The first try is refused: it comes again.
    if (refuseFirst) response.writeHead(503).end();
    else {
      events.push(JSON.parse(body) as Event);
      response.writeHead(204).end();
    }
    refuseFirst = false;
  });
});
const command = (...args: string[]) =>
  runProgram(process.execPath, [main, ...args], '', { SLICEHOUSE_S3_ROOT: lake.cluster.s3Root });
beforeAll(async () => {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', () => resolve()));
  const { port } = receiver.address() as { port: number };
  lake = await Lake.open({ nodes: 1, slices: 2, loadEvents: `http://127.0.0.1:${port}/events` });
}, 300_000);
afterAll(async () => {
  await lake.close();
  receiver.close();
});

test('a manifest of what lies below a prefix, which COPY takes and verifies', async () => {
  lake.put('in/a', '1\n2\n');
  lake.put("in/b's", '3\n');
  const { out, code } = await command('manifest', 's3://lake/in/', '--sha256');
  expect(code).toBe(0);
  const manifest = JSON.parse(out) as { entries: { meta: object }[] };
  expect(manifest).toEqual({
    entries: [
      {
        url: 's3://lake/in/a',
        mandatory: true,
        meta: { content_length: 4, sha256: createHash('sha256').update('1\n2\n').digest('hex') },
      },
      {
        url: "s3://lake/in/b's",
        mandatory: true,
        meta: { content_length: 2, sha256: createHash('sha256').update('3\n').digest('hex') },
      },
    ],
  });
  expect(await command('manifest', 's3://lake/in/', '--sha256', '--output', 's3://lake/m')).toMatchObject({
    code: 0,
    out: '',
  });
  await lake.run('create table m (a int)');
  await lake.run(`copy m from 's3://lake/m' ${AUTH} manifest`);
  expect(await lake.value('select sum(a) from m')).toBe('6');
  lake.put('in/a', '1\n9\n');
  expect((await lake.fails(`copy m from 's3://lake/m' ${AUTH} manifest`)).message).toMatch(
    /SHA-256 of the object does not match/,
  );
  lake.put('in/a', '1\n2\n3\n');
  expect((await lake.fails(`copy m from 's3://lake/m' ${AUTH} manifest`)).message).toMatch(/content_length/);
  expect(await lake.value('select count(*) from m')).toBe('3');
});
test('mistakes are named', async () => {
  expect(await command('manifest')).toMatchObject({ code: 2, err: expect.stringMatching(/takes one s3:/) });
  expect(await command('manifest', '/tmp/x')).toMatchObject({ code: 2, err: expect.stringMatching(/must be s3:/) });
  expect(await command('manifest', 's3://lake/none/')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no object below/),
  });
  expect(await command('manifest', 's3://nowhere/x')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/bucket does not exist/),
  });
  expect(await command('manifest', 's3://lake/in/', '--bogus')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/bogus/),
  });
  expect(await command('load', 't; drop table t', 's3://lake/in/', '--quarantine', 's3://lake/q/')).toMatchObject({
    code: 2,
  });
  expect(await command('load', 't', 's3://lake/in/x', '--quarantine', 's3://lake/in/')).toMatchObject({ code: 2 });
  expect(await command('load', '--help')).toMatchObject({ code: 0, out: expect.stringMatching(/--quarantine/) });
  expect(spawnSync(process.execPath, [main, '--help'], { encoding: 'utf8' }).stdout).toMatch(/slicehouse load TABLE/);
});
test('objects with a bad record, or that cannot be read, go to the quarantine whole; the others are loaded', async () => {
  await lake.run('create schema s');
  await lake.run('create table s.t (a int not null, b varchar(5))');
  lake.put('day/1.csv', '1,one\n2,two\n');
  lake.put('day/2.csv', '3,three\nfour,4\n5,much too long\n');
  lake.put('day/3.csv', '6,six\n');
  lake.put('day/sub/4.csv', ',null\n');
  const args = [
    'load',
    's.t',
    's3://lake/day/',
    '--quarantine',
    's3://lake/day/bad/',
    '--options',
    'csv',
    '--sha256',
    '--url',
    lake.cluster.url,
  ];
  const made = await command(...args);
  expect([made.code, made.err]).toEqual([3, '']);
  expect(JSON.parse(made.out)).toEqual({
    table: 's.t',
    source: 's3://lake/day/',
    rows: 3,
    loaded: ['s3://lake/day/1.csv', 's3://lake/day/3.csv'],
    quarantined: [
      { object: 's3://lake/day/2.csv', now: 's3://lake/day/bad/day/2.csv', message: '2 record(s) cannot be loaded' },
      {
        object: 's3://lake/day/sub/4.csv',
        now: 's3://lake/day/bad/day/sub/4.csv',
        message: '1 record(s) cannot be loaded',
      },
    ],
  });
  expect(await lake.rows('select a, b from s.t order by a')).toEqual([
    ['1', 'one'],
    ['2', 'two'],
    ['6', 'six'],
  ]);
  expect(lake.keys('day/')).toEqual([
    'day/1.csv',
    'day/3.csv',
    'day/bad/day/2.csv',
    'day/bad/day/2.csv.errors.json',
    'day/bad/day/sub/4.csv',
    'day/bad/day/sub/4.csv.errors.json',
  ]);
  expect(lake.get('day/bad/day/2.csv').toString()).toBe('3,three\nfour,4\n5,much too long\n');
  const report = JSON.parse(lake.get('day/bad/day/2.csv.errors.json').toString()) as {
    errors: Record<string, unknown>[];
  };
  expect(report).toMatchObject({ object: 's3://lake/day/2.csv', table: 's.t' });
  expect(report.errors.map((e) => [Number(e['line_number']), e['column'], Number(e['err_code'])])).toEqual([
    [2, 'a', 1207],
    [3, 'b', 1204],
  ]);
});
test('damaged files are found by halves; when all are bad nothing is loaded', async () => {
  await lake.run('create table z (a int)');
  for (let i = 0; i < 5; i++) lake.put(`zip/${i}.gz`, gzipSync(`${i}\n`));
  const damaged = gzipSync('7\n'.repeat(1000));
  writeFileSync(lake.path('zip/3.gz'), damaged.subarray(0, damaged.length - 9));
  const args = [
    'load',
    'z',
    's3://lake/zip/',
    '--quarantine',
    's3://lake/q/',
    '--options',
    'gzip',
    '--url',
    lake.cluster.url,
  ];
  const made = await command(...args);
  expect([made.code, made.err]).toEqual([3, '']);
  expect(JSON.parse(made.out)).toMatchObject({
    rows: 4,
    quarantined: [{ object: 's3://lake/zip/3.gz', message: expect.stringMatching(/gzip/) }],
  });
  expect(await lake.value('select sum(a) from z')).toBe('7');
  lake.put('all/1', 'x\n');
  const none = await command(
    'load',
    'z',
    's3://lake/all/',
    '--quarantine',
    's3://lake/q/',
    '--url',
    lake.cluster.url,
  );
  expect([none.code, (JSON.parse(none.out) as { rows: number }).rows]).toEqual([3, 0]);
  expect(lake.keys('all/')).toEqual([]);
  const good = await command('load', 'z', 's3://lake/in/', '--quarantine', 's3://lake/q/', '--url', lake.cluster.url);
  expect([good.code, (JSON.parse(good.out) as { rows: number }).rows]).toEqual([0, 4]);
  const wrong = await command(
    'load',
    'nothere',
    's3://lake/in/',
    '--quarantine',
    's3://lake/q/',
    '--url',
    lake.cluster.url,
  );
  expect([wrong.code, wrong.out]).toEqual([1, '']);
  expect(wrong.err).toMatch(/nothere/);
  expect(lake.keys('in/')).toHaveLength(2);
});
test('every load is told, in order, in the shape of EventBridge', async () => {
  events.length = 0;
  await lake.run(`copy m from 's3://lake/in/' ${AUTH}`);
  lake.put('worse/1', 'x\n');
  await lake.fails(`copy m from 's3://lake/worse/' ${AUTH}`);
  await expect.poll(() => events.length, { timeout: 20_000 }).toBe(2);
  expect(events[0]).toMatchObject({
    version: '0',
    'detail-type': 'Slicehouse Load Status Change',
    source: 'slicehouse.load',
    account: '000000000000',
    resources: ['arn:aws:s3:::lake/in/'],
    detail: {
      database: 'dev',
      table: 'm',
      dataSource: 's3://lake/in/',
      fileFormat: 'Text',
      state: 'FINISHED',
      rows: 4,
      sourceFiles: 2,
      errors: 0,
    },
  });
  expect(events[0]!.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(events[0]!.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(events[1]!.detail).toMatchObject({
    state: 'FAILED',
    rows: 0,
    errors: 1,
    error: expect.stringMatching(/stl_load_errors/),
  });
});
