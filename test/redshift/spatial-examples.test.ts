/**
 * The examples that spatial functions are documented with here, over the wire: no bench of kernels can run them.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTRIES } from '../../src/functions/registry.generated.ts';
import { Subject } from '../acceptance/cluster.ts';

let db: Subject;
beforeAll(async () => {
  db = await Subject.start(1, 2);
});
afterAll(() => db?.close());

/** Prefixes of what calls src/spatial itself or through its expansion. */
const SPATIAL = /^(st_|h3_|geometry|geography|(add|drop|supports)bbox|spatial_|collect_items|line_of_items)/;

test('examples of spatial functions give what they say', async () => {
  const client = new pg.Client({
    connectionString: db.url,
    types: { getTypeParser: () => (v: string) => v } as never,
  });
  await client.connect();
  const wrong: string[] = [];
  let ran = 0;
  for (const f of ENTRIES.filter(({ name }) => SPATIAL.test(name))) {
    for (const [sql, want] of f.examples) {
      const got = await client
        .query<string[]>({ text: `select ${sql}`, rowMode: 'array' })
        .then((r) => String(r.rows[0]![0] ?? 'NULL'))
        .catch((e: Error) => `ERROR: ${e.message}`);
      const same = want.startsWith('ERROR: ') ? got.startsWith('ERROR') && got.includes(want.slice(7)) : got === want;
      if (!same) wrong.push(`${f.name}: ${sql} = ${got}, not ${want}`);
      ran++;
    }
  }
  await client.end();
  expect(wrong).toEqual([]);
  expect(ran).toBeGreaterThan(250);
}, 120_000);
