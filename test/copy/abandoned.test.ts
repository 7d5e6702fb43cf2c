/**
 * What a process that was killed in an UNLOAD left in the buckets' temporary folder goes at the next start; what another
 * server left, or still writes there, stays.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ObjectIoSwitch } from '../../src/common/object-io-switch.ts';
import { startCluster } from '../api/built.ts';
import { AUTH } from './cluster.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-abandoned-'));
  mkdirSync(join(folder, 's3/lake'), { recursive: true });
  mkdirSync(join(folder, 'kept'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const temporary = (): string => join(folder, 's3/.slicehouse-tmp');
const start = (name: string, more: Parameters<typeof startCluster>[0] = {}): ReturnType<typeof startCluster> =>
  startCluster({ nodes: 1, slices: 2, dataDir: join(folder, name), s3Root: join(folder, 's3'), ...more });

/** Keeps the parts of an UNLOAD as they lie there in its middle. */
async function keepParts(name: string): Promise<string[]> {
  const io = new ObjectIoSwitch();
  const cluster = await start(name, { testing: { objectIo: io.buffer } });
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  await client.query('create table t(a int)');
  await client.query('insert into t values (1), (2)');
  io.delay(1000);
  const unload = client.query(`unload ('select * from t') to 's3://lake/${name}/' ${AUTH}`);
  await expect.poll(temporaryFiles, { interval: 5, timeout: 20_000 }).not.toEqual([]);
  const parts = temporaryFiles();
  for (const part of parts) copyFileSync(join(temporary(), part), join(folder, 'kept', part));
  await unload;
  expect(temporaryFiles()).toEqual([]);
  await client.end();
  await cluster.close();
  return parts;
}
const temporaryFiles = (): string[] => (existsSync(temporary()) ? readdirSync(temporary()).sort() : []);

test('parts of an UNLOAD that was killed go at the next start, those of another warehouse stay', async () => {
  const ours = await keepParts('ours');
  const others = await keepParts('others');
  for (const part of [...ours, ...others]) copyFileSync(join(folder, 'kept', part), join(temporary(), part));
  const cluster = await start('ours');
  expect(temporaryFiles()).toEqual(others);
  await cluster.close();
}, 60_000);
