/**
 * Names that come to mean other tables while a statement is being prepared, which a long one is in turns: it applies to what they mean
 * when its locks are held, and never to a table that is gone.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type pg from 'pg';
import { startTestCluster, type TestCluster } from './cluster.ts';
import { connect, outcome } from './waits.ts';

const SWAPS = 10;
/** Long enough that its preparation takes several turns. */
const LONG = Array.from({ length: 300 }, (_, i) => `case when v = ${i} then ${i} else v end`).join(' + ');

let cluster: TestCluster;
let asks: pg.Client;
let swaps: pg.Client;
beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 1, slices: 2 });
  asks = await connect(cluster.url);
  swaps = await connect(cluster.url);
});
afterAll(async () => {
  await asks.end();
  await swaps.end();
  await cluster.close();
});

it.each([
  `select sum(${LONG}) from live`,
  `merge into target using (select v from live where ${LONG} > 0) s on target.v = s.v when matched then update set w = 1 when not matched then insert values (s.v, 0)`,
  `insert into target select ${LONG}, 0 from live`,
])('%#', async (sql) => {
  await swaps.query('drop table if exists live, target');
  await swaps.query('create table target (v int, w int)');
  await swaps.query('create table live as select 1 as v');
  let done = false;
  const swapping = (async () => {
    for (let i = 0; i < SWAPS; i++) {
      await swaps.query('begin');
      await swaps.query('create table next as select 1 as v');
      await swaps.query('drop table live');
      await swaps.query('alter table next rename to live');
      await swaps.query('commit');
    }
  })().finally(() => {
    done = true;
  });
  const answers = new Set<string>();
  while (!done) {
    answers.add(await outcome(asks.query(sql)));
  }
  await swapping;
  expect([...answers].filter((a) => /XX000|42P01/.test(a))).toEqual([]);
  expect(cluster.bugs).toEqual([]);
});
