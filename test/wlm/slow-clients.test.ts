/**
 * Clients that do not take their rows: a cursor, a suspended portal, a socket that nobody reads. The slices end, the slots go
 * back, and the rows are still all there, in order; what was put aside goes when they are taken or the query is cancelled.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startCluster } from '../api/built.ts';
import { Clients, pidOf, rows, states, until, type Cluster } from './testing.ts';

const ROWS = 2 ** 17;
let cluster: Cluster;
let folder: string;
let clients: Clients;
let observer: pg.Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-slow-'));
  cluster = await startCluster({ nodes: 1, slices: 2, dataDir: folder });
  const setup = new Clients(cluster);
  const client = await setup.connect();
  await client.query('create table big (i int, s varchar(200)) diststyle even');
  await client.query("insert into big values (0, repeat('x', 150))");
  for (let n = 1; n < ROWS; n *= 2) await client.query(`insert into big select i + ${n}, s from big`);
  await setup.end();
}, 60_000);
afterAll(async () => {
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  clients = new Clients(cluster);
  observer = await clients.connect();
});
afterEach(() => clients.end());

const aside = (): readonly string[] => {
  const directory = join(folder, 'tmp', 'results');
  return existsSync(directory) ? readdirSync(directory) : [];
};
/** Takes the whole queue: whatever else has a slot would wait. */
async function wholeQueueIsFree(): Promise<void> {
  const client = await clients.connect();
  await client.query('set wlm_query_slot_count to 5');
  expect(await rows(client, 'select count(*)::int from big')).toEqual([[ROWS]]);
}

test('a cursor gives its slot back, and all its rows later', async () => {
  const client = await clients.connect();
  await client.query('begin; set wlm_query_slot_count to 5; declare c cursor for select i from big order by i');
  const first = (await rows(client, 'fetch 10 from c')).flat();
  await until(observer, states('Returning'), [1]);
  await wholeQueueIsFree();
  // Its own next statement needs all slots too.
  expect(await rows(client, 'select max(i) from big')).toEqual([[ROWS - 1]]);
  const rest = (await rows(client, 'fetch all from c')).flat();
  expect([...first, ...rest].every((v, i) => v === i)).toBe(true);
  expect(first.length + rest.length).toBe(ROWS);
  await client.query('commit');
  await until(observer, states('Returning'), [0]);
});

test('a suspended portal gives its slot back, and all its rows later', async () => {
  const sql = postgres(cluster.url, { max: 1, fetch_types: false });
  try {
    let next = 0;
    await sql`select i from big order by i`.cursor(1024, async (part) => {
      if (next === 5 * 1024) {
        await until(observer, states('Returning'), [1]);
        await wholeQueueIsFree();
      }
      for (const row of part) expect(row['i']).toBe(next++);
    });
    expect(next).toBe(ROWS);
  } finally {
    await sql.end();
  }
});

test('clients that do not read stop nobody; their rows go to the disk and come whole', async () => {
  const silent: { socket: Socket; rows: Promise<unknown[][]> }[] = [];
  for (let n = 0; n < 6; n++) {
    const client = await clients.connect();
    const socket = (client as unknown as { connection: { stream: Socket } }).connection.stream;
    const result = rows(client, 'select i, s from big');
    socket.pause();
    silent.push({ socket, rows: result });
  }
  await until(observer, states('Returning'), [6]);
  await wholeQueueIsFree();
  expect(aside().length).toBeGreaterThan(0);
  for (const s of silent) s.socket.resume();
  for (const s of silent) {
    const got = await s.rows;
    expect(new Set(got.map((r) => r[0])).size).toBe(ROWS);
  }
  await until(observer, states('Returning'), [0]);
  expect(aside()).toEqual([]);
});

test('cancel and a closed portal throw away what is aside', async () => {
  const client = await clients.connect();
  const pid = await pidOf(client);
  await client.query('begin; declare c cursor for select i, s from big; fetch 1 from c');
  await until(observer, states('Returning'), [1]);
  expect(aside().length).toBe(1);
  await client.query('close c');
  await until(observer, states('Returning'), [0]);
  expect(aside()).toEqual([]);
  await client.query('commit');
  const socket = (client as unknown as { connection: { stream: Socket } }).connection.stream;
  const result = rows(client, 'select i, s from big').catch((e: unknown) => (e as { code: unknown }).code);
  socket.pause();
  await until(observer, states('Returning'), [1]);
  await observer.query(`select pg_cancel_backend(${pid})`);
  await until(observer, states('Returning'), [0]);
  expect(aside()).toEqual([]);
  socket.resume();
  expect(await result).toBe('57014');
});
