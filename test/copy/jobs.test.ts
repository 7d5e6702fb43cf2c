/**
 * Jobs of COPY: new files below a prefix are loaded once, by themselves or by COPY JOB RUN, whatever ends the server in
 * between; what is refused is set aside, and what was there before the job stays out.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startCluster, type Cluster } from '../api/built.ts';

const ROLE = "iam_role 'arn:aws:iam::123456789012:role/loader'";
const WAIT_MS = 120_000;
let folder: string;
let cluster: Cluster;
let client: pg.Client;
let number = 0;
let name: string;

async function start(): Promise<void> {
  cluster = await startCluster({ nodes: 1, slices: 2, dataDir: join(folder, 'data'), s3Root: join(folder, 's3') });
  client = await connect('awsuser');
}
async function connect(user: string): Promise<pg.Client> {
  const made = new pg.Client({
    host: '127.0.0.1',
    port: cluster.port,
    user,
    password: 'Loader1234',
    database: 'dev',
  });
  await made.connect();
  return made;
}
async function stop(): Promise<void> {
  await client.end();
  await cluster.close();
}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-jobs-'));
  await start();
});
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  name = `in${++number}`;
  mkdirSync(join(folder, 's3/bucket', name), { recursive: true });
  await client.query(`create table ${name} (a int, b varchar(10))`);
});

const put = (file: string, text: string): void => writeFileSync(join(folder, 's3/bucket', name, file), text);
const rows = async (sql: string): Promise<unknown[][]> =>
  (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
const cell = async (sql: string): Promise<unknown> => (await rows(sql))[0]?.[0];
const sqlstate = (sql: string, by = client): Promise<string> =>
  by.query(sql).then(
    () => '00000',
    (e: unknown) => (e as { code: string }).code,
  );
async function until(sql: string, wanted: unknown): Promise<void> {
  const end = performance.now() + WAIT_MS;
  for (;;) {
    const found = await rows(sql);
    if (JSON.stringify(found) === JSON.stringify(wanted) || performance.now() > end) {
      expect(found).toEqual(wanted);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const create = (more = ''): Promise<unknown> =>
  client.query(`copy ${name} from 's3://bucket/${name}/' ${ROLE} csv job create job_${name} ${more}`);
const details = (): string =>
  `select file_name, trim(status) from sys_copy_job_detail where job_name = 'job_${name}' order by 1`;

test('files that come are loaded by themselves, once; what lay there is not', async () => {
  put('before.csv', '1,old\n');
  await create();
  put('one.csv', '2,new\n3,new\n');
  await until(`select a from ${name} order by 1`, [[2], [3]]);
  put('two.csv', '4,new\n');
  await until(`select a from ${name} order by 1`, [[2], [3], [4]]);
  // The same name again is the same file.
  put('one.csv', '5,again\n');
  put('three.csv', '6,new\n');
  await until(`select a from ${name} order by 1`, [[2], [3], [4], [6]]);
  expect(await rows(details())).toEqual([
    [`${name}/one.csv`, 'I'],
    [`${name}/three.csv`, 'I'],
    [`${name}/two.csv`, 'I'],
  ]);
  const job = `(select job_id from sys_copy_job where job_name = 'job_${name}')`;
  expect(await rows(`select trim(filename) from stl_load_commits where copy_job_id = ${job} order by 1`)).toEqual([
    [`s3://bucket/${name}/one.csv`],
    [`s3://bucket/${name}/three.csv`],
    [`s3://bucket/${name}/two.csv`],
  ]);
});

test('a refused file is in error and holds up no other', async () => {
  await create('auto on');
  put('good1.csv', '1,x\n');
  put('bad.csv', 'what,x\n');
  put('good2.csv', '2,x\n');
  await until(`select a from ${name} order by 1`, [[1], [2]]);
  await until(details(), [
    [`${name}/bad.csv`, 'E'],
    [`${name}/good1.csv`, 'I'],
    [`${name}/good2.csv`, 'I'],
  ]);
  expect(await cell(`select message from sys_copy_job_info where job_name = 'job_${name}'`)).toContain('bad.csv');
  const errors = `select distinct err_code from stl_load_errors where copy_job_id > 0 and filename like '%/${name}/%'`;
  expect(await rows(errors)).toEqual([[1207]]);
});

test('AUTO OFF waits for COPY JOB RUN, which loads with the transaction it is in', async () => {
  await create('auto off');
  put('a.csv', '1,x\n');
  await client.query('begin');
  await client.query(`copy job run job_${name}`);
  expect(await cell(`select count(*)::int from ${name}`)).toBe(1);
  await client.query('rollback');
  expect(await cell(`select count(*)::int from ${name}`)).toBe(0);
  await client.query(`copy job run job_${name}`);
  await client.query(`copy job run job_${name}`);
  expect(await cell(`select count(*)::int from ${name}`)).toBe(1);
  put('b.csv', '2,x\n');
  await client.query(`copy job alter job_${name} auto on`);
  await until(`select a from ${name} order by 1`, [[1], [2]]);
});

test('a restart loads nothing again, and a table that is built anew keeps its job', async () => {
  await create();
  put('a.csv', '1,x\n');
  await until(`select a from ${name} order by 1`, [[1]]);
  await stop();
  put('while-down.csv', '2,x\n');
  await start();
  await until(`select a from ${name} order by 1`, [[1], [2]]);
  await client.query(`alter table ${name} alter distkey a`);
  await client.query(`alter table ${name} rename to ${name}_renamed`);
  put('b.csv', '3,x\n');
  await until(`select a from ${name}_renamed order by 1`, [[1], [2], [3]]);
  await client.query(`drop table ${name}_renamed`);
  expect(await rows(`select * from sys_copy_job where job_name = 'job_${name}'`)).toEqual([]);
});

test('two runs at once load a file once', async () => {
  await create('auto off');
  for (let i = 0; i < 20; i++) put(`${i}.csv`, `${i},x\n`);
  const others = await Promise.all([connect('awsuser'), connect('awsuser'), connect('awsuser')]);
  await Promise.all(others.map((c) => c.query(`copy job run job_${name}`)));
  expect(await cell(`select count(*)::int from ${name}`)).toBe(20);
  await Promise.all(others.map((c) => c.end()));
});

test('listed, shown, dropped; what a job may not be is refused', async () => {
  await create('auto off');
  expect(await rows('copy job list')).toContainEqual([expect.any(String), `job_${name}`]);
  const { rows: shown } = await client.query<Record<string, string>>(`copy job show job_${name}`);
  expect(shown[0]).toMatchObject({
    job_name: `job_${name}`,
    is_auto: '0',
    job_text: `copy ${name} from 's3://bucket/${name}/' ${ROLE} csv`,
  });
  const copy = `copy ${name} from 's3://bucket/${name}/'`;
  for (const [sql, state] of [
    [`${copy} ${ROLE} csv job create job_${name}`, '42710'],
    [`${copy} ${ROLE} maxerror 5 job create other`, '42601'],
    [`${copy} ${ROLE} manifest job create other`, '42601'],
    [`${copy} iam_role default job create other`, '42601'],
    [`${copy} access_key_id 'a' secret_access_key 'b' job create other`, '42601'],
    [`${copy} ${ROLE} auto on`, '42601'],
    [`${copy} ${ROLE} job create "a-b"`, '42602'],
    [`copy nowhere from 's3://bucket/' ${ROLE} job create other`, '42P01'],
    [`copy ${name} (z) from 's3://bucket/' ${ROLE} job create other`, '42703'],
    ['copy job run nowhere', '42704'],
    ['copy job drop nowhere', '42704'],
    ['copy job run', '42601'],
    ['copy job frobnicate x', '42601'],
  ] as const)
    expect(await sqlstate(sql), sql).toBe(state);
  await client.query('begin');
  expect(await sqlstate(`copy job drop job_${name}`)).toBe('25001');
  await client.query('rollback');
  await client.query("create user loader password 'Loader1234'");
  const loader = await connect('loader');
  expect(await sqlstate(`copy job run job_${name}`, loader)).toBe('42501');
  expect(await sqlstate(`${copy} ${ROLE} job create other`, loader)).toBe('42501');
  expect((await loader.query('copy job list')).rows).toEqual([]);
  await loader.end();
  await client.query(`copy job drop job_${name}`);
  expect(await rows(`select job_id from sys_copy_job where job_name = 'job_${name}'`)).toEqual([]);
});
