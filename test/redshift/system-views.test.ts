/**
 * System views have the columns that Redshift documents (fixtures/redshift/system-views.tsv), in order and with their types,
 * as clients see them in pg_attribute, and every view answers a superuser and an ordinary user, or tells the latter
 * "permission denied".
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, Subject } from '../acceptance/cluster.ts';

const folder = join(root, 'fixtures/redshift');
const lines = (file: string): string[][] =>
  readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

/** Columns as `name type`, the type as format_type() has it. */
const documented = new Map<string, string[]>();
for (const [view, , column, type] of lines('system-views.tsv').slice(1)) {
  const formatted = type!
    .replace(/^varchar/, 'character varying')
    .replace(/^timestamp$/, 'timestamp without time zone')
    .replace(/^float4$/, 'real');
  documented.set(view!, [...(documented.get(view!) ?? []), `${column} ${formatted}`]);
}

let db: Subject;
let user: pg.Client;
const here = new Map<string, string[]>();
beforeAll(async () => {
  db = await Subject.start(1, 2);
  await db.run("create user reader password 'Reader-1'");
  await db.run('create table seen(a int)');
  await db.run('insert into seen values (1)');
  user = new pg.Client({ connectionString: db.url.replace(/awsuser[^@]*@/, 'reader:Reader-1@') });
  await user.connect();
  const columns = await db.rows(`
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname = 'pg_catalog' and a.attnum > 0
    order by c.relname, a.attnum`);
  for (const [view, column, type] of columns) here.set(view!, [...(here.get(view!) ?? []), `${column} ${type}`]);
});
afterAll(async () => {
  await user?.end();
  await db?.close();
});

test.each([...documented.keys()])('%s', async (view) => {
  const columns = documented.get(view)!;
  // Of the catalogs, which are PostgreSQL's, not all columns are documented.
  expect(here.get(view)).toEqual(view.startsWith('pg_') ? expect.arrayContaining(columns) : columns);
  await db.rows(`select * from ${view} limit 100`);
  const refused = await user.query(`select * from ${view} limit 100`).then(
    () => undefined,
    (e: { code?: string; message: string }) => `${e.code} ${e.message}`,
  );
  if (refused !== undefined) expect(refused).toBe(`42501 permission denied for relation ${view}`);
});
