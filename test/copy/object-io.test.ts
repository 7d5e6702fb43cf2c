/**
 * Objects that are late, stand still, fail, vanish or shrink under a COPY or UNLOAD, and object I/O threads that end: what
 * others do meanwhile, how cancel is heard, what is left. Order of events only, never time.
 */
import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ObjectIoSwitch } from '../../src/common/object-io-switch.ts';
import { AUTH, Lake } from './cluster.ts';

const io = new ObjectIoSwitch();
let lake: Lake;
let other: pg.Client;
const LINES = 60_000;
const text = Array.from({ length: LINES }, (_, i) => `${i}|row ${i} ${'x'.repeat(60)}\n`).join('');
beforeAll(async () => {
  lake = await Lake.open({ nodes: 2, slices: 2, testing: { objectIo: io.buffer }, onNode: () => undefined });
  other = await connect();
  await lake.run('create table t (a int, b varchar(100)) diststyle even');
  await lake.run('create table u (a int, b varchar(100)) diststyle even');
  for (const name of ['1', '2', '3']) lake.put(`rows/${name}`, text);
});
afterAll(async () => {
  await other.end();
  await lake.close();
});
afterEach(async () => {
  io.release();
  io.delay(0);
  await lake.run('truncate t');
  await lake.run('truncate u');
});
async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: lake.cluster.url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
const COPY = `copy t from 's3://lake/rows/' ${AUTH} compupdate off statupdate off`;
const count = async (table = 't'): Promise<number> => Number(await lake.value(`select count(*) from ${table}`));
/** An operation stands still at the switch. */
const standing = (): Promise<unknown> => expect.poll(() => io.waiting, { timeout: 20_000 }).toBeGreaterThan(0);
async function cancel(client: pg.Client): Promise<void> {
  const { processID } = client as unknown as { readonly processID: number };
  await other.query(`select pg_cancel_backend(${processID})`);
}
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => '',
    (e: { readonly code: string }) => e.code,
  );

test('while reads stand still other queries run on the same slices, and then the rows come', async () => {
  io.hold();
  let ended = false;
  const copy = lake.client.query(COPY).then(() => (ended = true));
  await standing();
  await other.query("insert into u select 1, 'x' union all select 2, 'y'");
  expect((await other.query('select count(*) from u a join u b on a.a = b.a')).rows).toEqual([{ count: '2' }]);
  expect(ended).toBe(false);
  io.release();
  await copy;
  expect(await count()).toBe(3 * LINES);
});
test('reads that are late by themselves', async () => {
  io.delay(5);
  await lake.run(COPY);
  expect(await lake.rows('select count(*), count(distinct a), max(b) from t')).toEqual([
    [String(3 * LINES), String(LINES), `row 9999 ${'x'.repeat(60)}`],
  ]);
});
test('a read that is never answered hears cancel, and the next COPY does not wait for it', async () => {
  io.hold();
  const copy = codeOf(lake.client.query(COPY));
  await standing();
  await cancel(lake.client);
  expect(await copy).toBe('57014');
  expect(io.waiting).toBeGreaterThan(0);
  expect((await other.query('select count(*) from t')).rows).toEqual([{ count: '0' }]);
  io.release();
  await lake.run(COPY);
  expect(await count()).toBe(3 * LINES);
});
test('two COPYs at once, one of which is cancelled', async () => {
  const third = await connect();
  io.hold();
  const [one, two] = [codeOf(lake.client.query(COPY)), codeOf(third.query(COPY.replace('copy t', 'copy u')))];
  await standing();
  await cancel(third);
  expect(await two).toBe('57014');
  io.release();
  expect(await one).toBe('');
  expect([await count(), await count('u')]).toEqual([3 * LINES, 0]);
  const both = [codeOf(lake.client.query(COPY)), codeOf(third.query(COPY.replace('copy t', 'copy u')))];
  expect(await Promise.all(both)).toEqual(['', '']);
  expect([await count(), await count('u')]).toEqual([6 * LINES, 3 * LINES]);
  await third.end();
});
test('an error in the middle of a file ends its COPY alone', async () => {
  io.fail(9);
  expect(await lake.fails(COPY)).toMatchObject({ code: '58030', message: 'input/output error: injected' });
  expect(await count()).toBe(0);
  await lake.run(COPY);
  expect(await count()).toBe(3 * LINES);
});
test('a file that vanishes, shrinks, grows or is another one between its listing and its reading', async () => {
  const changes: readonly (readonly [(path: string) => void, RegExp])[] = [
    [rmSync, /S3ServiceException:The specified key does not exist/],
    [(path) => truncateSync(path, text.indexOf('\n100|') + 1), /Status 412,Error PreconditionFailed/],
    [(path) => appendFileSync(path, '1|x\n'), /Status 412,Error PreconditionFailed/],
    [(path) => writeFileSync(path, text.replaceAll('row', 'ROW')), /Status 412,Error PreconditionFailed/],
  ];
  for (const [change, message] of changes) {
    lake.put('less/1', text);
    io.hold();
    const failed = lake.fails(COPY.replace('rows', 'less'));
    await standing();
    change(lake.path('less/1'));
    io.release();
    expect((await failed).message).toMatch(message);
    expect(await count()).toBe(0);
  }
});
test('an object I/O thread that ends takes the statement with it, not the node, and the next one works', async () => {
  const up = "select count(*) from slicehouse_nodes where state = 'up' and starts = 1";
  io.die();
  const failure = await lake.fails(COPY);
  expect(failure).toMatchObject({ code: '58030' });
  expect(failure.message).toMatch(/the object I\/O thread of compute node \d has ended/);
  expect(failure.detail).toMatch(/on purpose/);
  expect(await lake.value(up)).toBe('2');
  await lake.run(COPY);
  expect(await count()).toBe(3 * LINES);
  io.die();
  expect(await lake.fails(`unload ('select * from t') to 's3://lake/dead/' ${AUTH}`)).toMatchObject({
    code: '58030',
  });
  expect(lake.keys('dead/')).toEqual([]);
  // The other node's thread removes its own when it hears that they are not wanted.
  await expect.poll(() => lake.temporaryFiles(), { timeout: 20_000 }).toEqual([]);
});
test('a node that is stopped in the middle of a COPY', async () => {
  io.hold();
  const copy = codeOf(lake.client.query(COPY));
  await standing();
  await other.query('select slicehouse_kill_node(1)');
  expect(await copy).toBe('57P02');
  io.release();
  await lake.run(COPY);
  expect(await count()).toBe(3 * LINES);
});

const UNLOAD = `unload ('select * from t') to 's3://lake/out/' ${AUTH} allowoverwrite`;
test('an UNLOAD to a slow target holds nobody else, and everything arrives', async () => {
  await lake.run(COPY);
  const wanted = await lake.fingerprint('select * from t');
  io.hold();
  let ended = false;
  const unload = lake.client.query(UNLOAD).then(() => (ended = true));
  await standing();
  expect((await other.query('select count(*) from t where a = 7')).rows).toEqual([{ count: '3' }]);
  expect(ended).toBe(false);
  io.release();
  io.delay(5);
  await unload;
  expect(lake.temporaryFiles()).toEqual([]);
  io.delay(0);
  await lake.run(`copy u from 's3://lake/out/' ${AUTH}`);
  expect(await lake.fingerprint('select * from u')).toBe(wanted);
});
test('an UNLOAD that is cancelled, or whose target fails, leaves nothing', async () => {
  await lake.run(COPY);
  const gone = UNLOAD.replace('out/', 'gone/');
  io.hold();
  const unload = codeOf(lake.client.query(gone));
  await standing();
  await cancel(lake.client);
  expect(await unload).toBe('57014');
  io.release();
  await expect.poll(() => lake.temporaryFiles(), { timeout: 20_000 }).toEqual([]);
  io.fail(6);
  expect(await lake.fails(gone)).toMatchObject({ code: '58030', message: 'input/output error: injected' });
  await expect.poll(() => lake.temporaryFiles(), { timeout: 20_000 }).toEqual([]);
  expect(lake.keys('gone/')).toEqual([]);
  mkdirSync(lake.path('gone'), { recursive: true });
  writeFileSync(lake.path('gone/in the way'), '');
  expect((await lake.fails(gone.replace(' allowoverwrite', ''))).code).toBe('XX000');
});
