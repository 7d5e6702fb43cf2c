/**
 * Metadata the way Redshift's drivers ask for it once show_discovery is told: SHOW with every part of a name and every
 * pattern as a parameter, its columns read by name and in binary form.
 */
import { Client, type QueryResult } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RawClient } from '../wire/raw-client.ts';
import { startServer, type TestServer } from './cluster.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  const { host, port, user, database } = server;
  client = new Client({ host, port, user, database, password: 'x' });
  await client.connect();
  await client.query(`
    create schema "disc schema";
    create table "disc schema"."a table" (id int primary key, "a name" varchar(12) default 'x', n numeric(9,3) not null);
    create table "disc schema".child (id int references "disc schema"."a table"(id));
    create user disc_user password 'Abcdef12';
    grant usage on schema "disc schema" to disc_user;
    grant select, insert on "disc schema"."a table" to disc_user;
    grant select on "disc schema"."a table" to public`);
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

const ask = (text: string, values: readonly unknown[]): Promise<QueryResult<Record<string, unknown>>> =>
  client.query({ text, values: [...values] });
const column = async (name: string, text: string, values: readonly unknown[]): Promise<unknown[]> =>
  (await ask(text, values)).rows.map((row) => row[name]);

test('the server tells that it knows these statements', async () => {
  const raw = await RawClient.open(server.port);
  raw.startup({ user: server.user, database: server.database });
  await raw.until((types) => types.includes('Z'));
  raw.socket.destroy();
  expect(raw.messages.filter((m) => m.type === 'S').map((m) => m.body.toString())).toContain(
    'show_discovery\x004\x00',
  );
});

test('databases, schemas and tables', async () => {
  expect(await column('database_name', 'SHOW DATABASES;', [])).toContain('dev');
  const schemas = 'SHOW SCHEMAS FROM DATABASE $1 LIKE $2;';
  expect(await column('schema_name', schemas, ['dev', 'disc%'])).toEqual(['disc schema']);
  // Names and patterns are what they are: nothing folds their case.
  expect(await column('schema_name', schemas, ['dev', 'DISC%'])).toEqual([]);
  const tables = 'SHOW TABLES FROM SCHEMA $1.$2 LIKE $3;';
  expect(await column('table_name', tables, ['dev', 'disc schema', 'a_table'])).toEqual(['a table']);
  expect(await column('table_name', 'SHOW TABLES FROM SCHEMA $1.$2;', ['dev', 'disc schema'])).toEqual([
    'a table',
    'child',
  ]);
});

test('columns, their numbers as numbers', async () => {
  const { rows } = await ask('SHOW COLUMNS FROM TABLE $1.$2.$3;', ['dev', 'disc schema', 'a table']);
  expect(rows.map((r) => [r['column_name'], r['ordinal_position'], r['data_type'], r['is_nullable']])).toEqual([
    ['id', 1, 'integer', 'NO'],
    ['a name', 2, 'character varying', 'YES'],
    ['n', 3, 'numeric', 'NO'],
  ]);
  expect(rows.map((r) => [r['character_maximum_length'], r['numeric_precision'], r['numeric_scale']])).toEqual([
    [null, null, null],
    [12, null, null],
    [null, 9, 3],
  ]);
  const like = 'SHOW COLUMNS FROM TABLE $1.$2.$3 LIKE $4;';
  expect(await column('column_default', like, ['dev', 'disc schema', 'a table', 'a%'])).toEqual(["'x'"]);
});

test('keys and grants', async () => {
  const name = ['dev', 'disc schema', 'a table'];
  expect(await column('key_seq', 'SHOW CONSTRAINTS PRIMARY KEYS FROM TABLE $1.$2.$3;', name)).toEqual([1]);
  const exported = await ask('SHOW CONSTRAINTS FOREIGN KEYS EXPORTED FROM TABLE $1.$2.$3;', name);
  expect(exported.rows.map((r) => [r['fk_table_name'], r['pk_name'], r['update_rule'], r['deferrability']])).toEqual([
    ['child', 'a table_pkey', 3, 7],
  ]);
  const grants = await ask('SHOW GRANTS ON TABLE $1.$2.$3;', name);
  expect(
    grants.rows.map((r) => [r['identity_name'], r['privilege_type'], r['admin_option'], r['grantor_name']]),
  ).toEqual([
    ['disc_user', 'SELECT', false, 'awsuser'],
    ['disc_user', 'INSERT', false, 'awsuser'],
    ['public', 'SELECT', false, 'awsuser'],
  ]);
  expect((await ask('SHOW COLUMN GRANTS ON TABLE $1.$2.$3 LIKE $4;', [...name, '%'])).rows).toEqual([]);
  const toUser = await ask('show grants for disc_user', []);
  expect(toUser.rows.map((r) => [r['object_name'], r['object_type'], r['privilege_type']])).toEqual([
    ['a table', 'TABLE', 'SELECT'],
    ['a table', 'TABLE', 'INSERT'],
    ['disc schema', 'SCHEMA', 'USAGE'],
  ]);
});

test('functions and their parameters', async () => {
  const functions = await ask('SHOW FUNCTIONS FROM SCHEMA $1.$2 LIKE $3;', ['dev', 'pg_catalog', 'subarray']);
  expect(functions.rows.map((r) => r['argument_list'])).toEqual(['super, integer, integer']);
  const of = 'SHOW PARAMETERS OF FUNCTION $1.$2.$3($4, $5, $6);';
  const { rows } = await ask(of, ['dev', 'pg_catalog', 'subarray', 'super', 'integer', 'integer']);
  expect(rows.map((r) => [r['ordinal_position'], r['parameter_type'], r['data_type']])).toEqual([
    [0, 'RETURN', 'super'],
    [1, 'IN', 'super'],
    [2, 'IN', 'integer'],
    [3, 'IN', 'integer'],
  ]);
  expect((await ask('SHOW PROCEDURES FROM SCHEMA $1.$2;', ['dev', 'public'])).rows).toEqual([]);
});

test('binary cells, and parameters described as texts', async () => {
  const text = 'SHOW COLUMNS FROM TABLE $1.$2.$3;';
  const values = ['dev', 'disc schema', 'a table'];
  const { rows } = (await client.query({ text, values, binary: true } as never)) as unknown as QueryResult<
    Record<string, unknown>
  >;
  expect(rows.map((r) => r['ordinal_position'])).toEqual([1, 2, 3]);
  expect(rows.map((r) => r['numeric_scale'])).toEqual([null, null, 3]);
  await expect(client.query('SHOW TABLES FROM SCHEMA $1')).rejects.toThrow();
  expect((await ask('SHOW TABLES FROM SCHEMA $1.$2;', ['dev', 'no such'])).rows).toEqual([]);
});

test('objects of another database', async () => {
  await client.query('create database disc_other');
  const { host, port, user } = server;
  const other = new Client({ host, port, user, database: 'disc_other', password: 'x' });
  await other.connect();
  await other.query('create schema far; create table far.away (a int primary key, b int references far.away(a))');
  await other.end();
  expect(await column('schema_name', 'SHOW SCHEMAS FROM DATABASE $1 LIKE $2;', ['disc_other', 'f%'])).toEqual([
    'far',
  ]);
  expect(await column('table_name', 'SHOW TABLES FROM SCHEMA $1.$2;', ['disc_other', 'far'])).toEqual(['away']);
  const name = ['disc_other', 'far', 'away'];
  expect(await column('column_name', 'SHOW COLUMNS FROM TABLE $1.$2.$3;', name)).toEqual(['a', 'b']);
  const keys = 'SHOW CONSTRAINTS FOREIGN KEYS FROM TABLE $1.$2.$3;';
  expect(await column('pk_database_name', keys, name)).toEqual(['disc_other']);
  await client.query('drop database disc_other');
});
