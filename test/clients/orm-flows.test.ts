/**
 * What query builders and object mappers of Node send (knex, kysely, drizzle, sequelize, typeorm, slonik), in our own words and by node
 * pg: how they begin, how they look at tables, how they write and read. What Redshift refuses of it is refused in its words.
 */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './cluster.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  const { host, port, user, database } = server;
  client = new Client({ host, port, user, database, password: 'x', client_encoding: 'UTF8' } as never);
  await client.connect();
  await client.query(
    'create table orm_t (id integer not null, name varchar(30) default \'x\', "at" timestamptz, primary key (id))',
  );
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

const rows = async (text: string, values: readonly unknown[] = []): Promise<unknown[]> =>
  (await client.query(text, [...values])).rows;
const refusal = (text: string): Promise<string> =>
  client.query(text).then(
    () => 'accepted',
    (e: { code: string; message: string }) => `${e.code} ${e.message}`,
  );

describe('how they begin', () => {
  test.for([
    "SET client_min_messages TO warning;SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE",
    'SELECT version()',
    'SELECT * FROM current_schema()',
    'SELECT * FROM current_database()',
    'SET standard_conforming_strings = on',
    'START TRANSACTION ISOLATION LEVEL SERIALIZABLE; COMMIT',
    'begin transaction read only; rollback',
    'select 1+1 AS result',
    'RESET ALL',
  ])('%s', async (text) => {
    await client.query(text);
  });
});

describe('how they look at tables', () => {
  test('by information_schema', async () => {
    const exists =
      'select * from information_schema.tables where table_name = $1 and table_schema = current_schema()';
    expect(await rows(exists, ['orm_t'])).toHaveLength(1);
    expect(await rows(exists, ['orm_none'])).toEqual([]);
    const columns = `select * from information_schema.columns where table_name = $1 and table_catalog = current_database()
      and table_schema = current_schema()`;
    const found = (await rows(columns, ['orm_t'])) as {
      column_name: string;
      is_nullable: string;
      data_type: string;
    }[];
    expect(found.map((c) => [c.column_name, c.data_type, c.is_nullable])).toEqual([
      ['id', 'integer', 'NO'],
      ['name', 'character varying', 'YES'],
      ['at', 'timestamp with time zone', 'YES'],
    ]);
    const keys = `SELECT kcu.column_name FROM information_schema.table_constraints tc
      JOIN information_schema.key_column_usage kcu ON tc.constraint_name = kcu.constraint_name AND tc.table_name = kcu.table_name
      WHERE tc.constraint_type = $1 AND tc.table_name = $2`;
    expect(await rows(keys, ['PRIMARY KEY', 'orm_t'])).toEqual([{ column_name: 'id' }]);
  });
  test('by pg_catalog, with regclass and regtype', async () => {
    const text = `select a.attname as column, a.attnotnull as not_null, a.atthasdef as has_default, typ.typname as type,
        tns.nspname as type_schema, c.relname as table, ns.nspname as schema, c.relkind as kind
      from pg_catalog.pg_attribute as a
      inner join pg_catalog.pg_class as c on a.attrelid = c.oid
      inner join pg_catalog.pg_namespace as ns on c.relnamespace = ns.oid
      inner join pg_catalog.pg_type as typ on a.atttypid = typ.oid
      inner join pg_catalog.pg_namespace as tns on typ.typnamespace = tns.oid
      where c.relkind in ($1, $2, $3) and ns.nspname !~ $4 and ns.nspname != $5 and a.attnum >= $6 and a.attisdropped != $7
        and c.relname = 'orm_t'
      order by ns.nspname, c.relname, a.attnum`;
    const found = (await rows(text, ['r', 'v', 'p', '^pg_', 'information_schema', 0, true])) as {
      column: string;
      type: string;
    }[];
    expect(found.map((c) => [c.column, c.type])).toEqual([
      ['id', 'int4'],
      ['name', 'varchar'],
      ['at', 'timestamptz'],
    ]);
    expect(
      await rows(`select 'orm_t'::regclass::oid > 0 as known, $1::regclass::varchar as name`, ['public.orm_t']),
    ).toEqual([{ known: true, name: 'orm_t' }]);
    expect(await rows('select $1::regclass::varchar as a, $2::regtype::varchar as b', ['1259', 'int4'])).toEqual([
      { a: 'pg_class', b: 'integer' },
    ]);
    await expect(rows('select $1::regclass', ['orm_none'])).rejects.toMatchObject({ code: '42P01' });
  });
});

describe('how they write and read', () => {
  test('rows at once, parameters without types, NULL and DEFAULT', async () => {
    await client.query('insert into "orm_t" ("id", "name", "at") values ($1, $2, $3), ($4, $5, default)', [
      1,
      'one',
      new Date(0),
      '2',
      null,
    ]);
    expect(
      await rows('select "id", "name" from "orm_t" where "id" in ($1, $2) and "id" > $3 order by "id" asc limit $4', [
        1,
        '2',
        0,
        5,
      ]),
    ).toEqual([
      { id: 1, name: 'one' },
      { id: 2, name: null },
    ]);
    expect(await rows('select count(*) as "n" from "orm_t" where "name" like $1', ['%n%'])).toEqual([{ n: '1' }]);
    const { rowCount } = await client.query('update "orm_t" set "name" = $1 where "id" = $2', ['two', 2]);
    expect(rowCount).toBe(1);
    expect((await client.query('delete from "orm_t" where ("id" = $1 or "name" = $2)', [1, 'two'])).rowCount).toBe(2);
  });
  test('what Redshift has not', async () => {
    expect(await refusal('insert into orm_t (id) values (9) returning id')).toMatch(
      /^42601 syntax error at or near "returning"/,
    );
    expect(await refusal('insert into orm_t (id) values (9) on conflict do nothing')).toMatch(/^42601 syntax error/);
    expect(await refusal('savepoint sp1')).toBe(
      '0A000 SQL command "savepoint sp1" not supported on Redshift tables.',
    );
    expect(await refusal('select pg_advisory_xact_lock(1)')).toMatch(
      /^42883 function pg_advisory_xact_lock\(integer\) does not exist/,
    );
    expect(await refusal('DISCARD ALL')).toBe('42601 syntax error at or near "DISCARD"');
    expect(await refusal('SHOW server_version')).toMatch(/unrecognized configuration parameter "server_version"/);
  });
});
