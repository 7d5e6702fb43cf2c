/**
 * Every class of objects and every right on it: without the right 42501, with it the statement runs, whether it was given to
 * the user, a group, a role, a role of a role or PUBLIC; and 42501 again once it was taken back. One cluster, one session.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../isolation/cluster.ts';

interface Case {
  /** $ is a name of the case's own. */
  readonly make?: readonly string[];
  /** Behind GRANT and REVOKE, without TO and FROM. */
  readonly right: string;
  readonly does: string;
  /** Undoes what `does` did. */
  readonly undo?: readonly string[];
  /** Taken from PUBLIC first. */
  readonly closed?: string;
}
const TABLE = ['create table $ (a int, b int)', 'insert into $ values (1, 2)'];
const PROCEDURE = ['create procedure $(x int) as $b$ begin null; end $b$ language plpgsql'];
const CASES: Readonly<Record<string, Case>> = {
  'select on a table': { make: TABLE, right: 'select on $', does: 'select * from $' },
  'select on a column': { make: TABLE, right: 'select (a) on $', does: 'select a from $ where a = 1 order by a' },
  'select on a column, counted': { make: TABLE, right: 'select (b) on $', does: 'select count(*) from $' },
  'insert on a table': { make: TABLE, right: 'insert on $', does: 'insert into $ values (3, 4)' },
  'update on a table': { make: TABLE, right: 'update on $', does: 'update $ set a = 3' },
  'update on a column': { make: TABLE, right: 'update (b) on $', does: 'update $ set b = 3' },
  'update with what is read': {
    make: TABLE,
    right: 'update, select (a) on $',
    does: 'update $ set b = a where a = 1',
  },
  'delete on a table': { make: TABLE, right: 'delete on $', does: 'delete from $' },
  'truncate on a table': { make: TABLE, right: 'truncate on $', does: 'truncate $' },
  'references on a table': {
    make: ['create table $ (a int primary key)'],
    right: 'references on $',
    does: 'create table $_r (a int references $)',
    undo: ['drop table $_r'],
  },
  'alter on a table': {
    make: TABLE,
    right: 'alter on $',
    does: 'alter table $ add column c int',
    undo: ['alter table $ drop column c'],
  },
  'drop on a table': { make: TABLE, right: 'drop on $', does: 'drop table $', undo: TABLE },
  'all on a table': { make: TABLE, right: 'all on table $', does: 'insert into $ select * from $' },
  'all tables in a schema': {
    make: ['create schema $', 'grant usage on schema $ to public', 'create table $.t (a int)'],
    right: 'select on all tables in schema $',
    does: 'select * from $.t',
  },
  'select on a view': {
    make: [...TABLE, 'create view $_v as select * from $'],
    right: 'select on $_v',
    does: 'select * from $_v',
  },
  'select on a column of a view': {
    make: [...TABLE, 'create view $_v as select * from $'],
    right: 'select (b) on $_v',
    does: 'select b from $_v',
  },
  'select on a materialized view': {
    make: [...TABLE, 'create materialized view $_m as select * from $'],
    right: 'select on $_m',
    does: 'select * from $_m',
  },
  'usage on a schema': {
    make: ['create schema $', 'create table $.t (a int)', 'grant select on $.t to public'],
    right: 'usage on schema $',
    does: 'select * from $.t',
  },
  'create on a schema': {
    make: ['create schema $'],
    right: 'create on schema $',
    does: 'create table $.t (a int)',
    undo: ['drop table $.t'],
  },
  'alter on a schema': {
    make: ['create schema $'],
    right: 'alter on schema $',
    does: 'alter schema $ rename to $_2',
    undo: ['alter schema $_2 rename to $'],
  },
  'drop on a schema': {
    make: ['create schema $'],
    right: 'drop on schema $',
    does: 'drop schema $',
    undo: ['create schema $'],
  },
  'create on the database': { right: 'create on database dev', does: 'create schema $', undo: ['drop schema $'] },
  'temp on the database': {
    closed: 'temp on database dev',
    right: 'temp on database dev',
    does: 'create temp table $ (a int)',
    undo: ['drop table $'],
  },
  'execute on a procedure': { make: PROCEDURE, right: 'execute on procedure $(int)', does: 'call $(1)' },
  'execute on a function': {
    make: [
      'create function $(int) returns int immutable as $b$ select 1 $b$ language sql',
      'revoke execute on function $(int) from public',
    ],
    right: 'execute on function $(int)',
    does: 'select $(1)',
  },
  'all procedures in a schema': {
    make: [
      'create schema $',
      'grant usage on schema $ to public',
      'create procedure $.p() as $b$ begin null; end $b$ language plpgsql',
    ],
    right: 'execute on all procedures in schema $',
    does: 'call $.p()',
  },
  'usage on a language': {
    closed: 'usage on language plpgsql',
    right: 'usage on language plpgsql',
    does: PROCEDURE[0]!,
    undo: ['drop procedure $(int)'],
  },
  'select for tables in a schema': {
    make: ['create schema $', 'grant usage on schema $ to public', 'create table $.t (a int)'],
    right: 'select for tables in schema $',
    does: 'select * from $.t',
  },
  'usage for schemas in the database': {
    make: ['create schema $', 'create table $.t (a int)', 'grant select on $.t to public'],
    right: 'usage for schemas in database dev',
    does: 'select * from $.t',
  },
  'execute for procedures in the database': {
    make: PROCEDURE,
    right: 'execute for procedures in database dev',
    does: 'call $(1)',
  },
};
/** Ways to a right: to whom it is given, and who has it then. */
const WAYS: readonly { readonly name: string; readonly to: string; readonly user: string }[] = [
  { name: 'directly', to: 'u_direct', user: 'u_direct' },
  { name: 'through a group', to: 'group g_way', user: 'u_group' },
  { name: 'through a role', to: 'role r_way', user: 'u_role' },
  { name: 'through a role of a role', to: 'role r_inner', user: 'u_nested' },
  { name: 'through PUBLIC', to: 'public', user: 'u_public' },
];
/** System privileges, which are given to roles alone. */
const SYSTEM: Readonly<Record<string, Pick<Case, 'make' | 'does' | 'undo'>>> = {
  'CREATE USER': { does: 'create user $ password disable', undo: ['drop user $'] },
  'ALTER USER': { make: ['create user $ password disable'], does: 'alter user $ connection limit 3' },
  'DROP USER': {
    make: ['create user $ password disable'],
    does: 'drop user $',
    undo: ['create user $ password disable'],
  },
  'CREATE SCHEMA': { does: 'create schema $', undo: ['drop schema $'] },
  'DROP SCHEMA': { make: ['create schema $'], does: 'drop schema $', undo: ['create schema $'] },
  'CREATE TABLE': { make: ['create schema $'], does: 'create table $.t (a int)', undo: ['drop table $.t'] },
  'DROP TABLE': { make: TABLE, does: 'drop table $', undo: TABLE },
  'ALTER TABLE': { make: TABLE, does: 'alter table $ add column c int', undo: ['alter table $ drop column c'] },
  'TRUNCATE TABLE': { make: TABLE, does: 'truncate $' },
  'CREATE OR REPLACE VIEW': {
    make: ['create schema $'],
    does: 'create view $.v as select 1 a',
    undo: ['drop view $.v'],
  },
  'DROP VIEW': { make: ['create view $ as select 1 a'], does: 'drop view $', undo: ['create view $ as select 1 a'] },
  'CREATE OR REPLACE PROCEDURE': {
    make: ['create schema $'],
    does: 'create procedure $.p() as $b$ begin null; end $b$ language plpgsql',
    undo: ['drop procedure $.p()'],
  },
  'DROP PROCEDURE': { make: PROCEDURE, does: 'drop procedure $(int)', undo: PROCEDURE },
  'CREATE ROLE': { does: 'create role $', undo: ['drop role $'] },
  'DROP ROLE': { make: ['create role $'], does: 'drop role $', undo: ['create role $'] },
  'ACCESS SYSTEM TABLE': { does: 'select count(*) from stv_blocklist' },
};

let cluster: TestCluster;
let admin: pg.Client;
beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 1, slices: 1 });
  admin = new pg.Client({ connectionString: cluster.url });
  await admin.connect();
  for (const user of ['nobody', ...WAYS.map((w) => w.user)])
    await admin.query(`create user ${user} password disable`);
  await admin.query(`create group g_way with user u_group; create role r_way; create role r_inner; create role r_outer;
    grant role r_way to u_role; grant role r_inner to role r_outer; grant role r_outer to u_nested`);
});
afterAll(async () => {
  await admin.end();
  await cluster.close();
  expect(cluster.bugs).toEqual([]);
});

/** What the statement of that user ends with: its SQLSTATE, or ok. */
async function as(user: string, sql: string): Promise<string> {
  await admin.query(`set session authorization ${user}`);
  try {
    await admin.query(sql);
    return 'ok';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await admin.query('reset session authorization');
  }
}
async function run(statements: readonly string[], name: string): Promise<void> {
  for (const sql of statements) await admin.query(named(sql, name));
}
/** $b$ stays, as the quote of a body. */
const named = (sql: string, name: string): string => sql.replaceAll(/\$(?!b\$)(?<!\$b\$)/g, name);

describe.each(Object.entries(CASES))('%s', (what, { make = [], right, does, undo = [], closed }) => {
  const name = `x_${what.replaceAll(/\W/g, '_')}`.slice(0, 60);
  const text = named(does, name);

  it('is refused, given in every way and taken back', async () => {
    await run(make, name);
    if (closed !== undefined) await admin.query(`revoke ${closed} from public`);
    expect(await as('nobody', text)).toBe('42501');
    for (const { name: way, to, user } of WAYS) {
      await admin.query(`grant ${named(right, name)} to ${to}`);
      expect(await as(user, text), way).toBe('ok');
      await run(undo, name);
      if (way !== 'through PUBLIC') expect(await as('nobody', text), `nobody, ${way}`).toBe('42501');
      await admin.query(`revoke ${named(right, name)} from ${to}`).catch(async (error: Error) => {
        // What was made anew has lost what was given.
        if (undo.length === 0) throw error;
      });
      expect(await as(user, text), `${way}, taken back`).toBe('42501');
    }
    if (closed !== undefined) await admin.query(`grant ${closed} to public`);
  });
});

describe.each(Object.entries(SYSTEM))('%s', (privilege, { make = [], does, undo = [] }) => {
  const name = `s_${privilege.toLowerCase().replaceAll(' ', '_')}`;
  const text = named(does, name);

  it('acts for members of roles that have it', async () => {
    await run(make, name);
    expect(await as('nobody', text)).toBe('42501');
    for (const { to, user } of WAYS.filter((w) => w.to.startsWith('role'))) {
      await admin.query(`grant ${privilege} to ${to}`);
      expect(await as(user, text), to).toBe('ok');
      await run(undo, name);
      await admin.query(`revoke ${privilege} from ${to}`);
      expect(await as(user, text), `${to}, taken back`).toBe('42501');
    }
    await expect(admin.query(`grant ${privilege} to nobody`)).rejects.toMatchObject({ code: '0LP01' });
  });
});

it('COPY and UNLOAD name only IAM roles that ASSUMEROLE was given on, once it was revoked from PUBLIC', async () => {
  const arn = 'arn:aws:iam::123456789012:role/loader';
  await admin.query('create table x_iam (a int); grant insert, select on x_iam to public');
  const copy = `copy x_iam from 's3://no-such-bucket/x' iam_role '${arn}' csv`;
  const unload = `unload ('select * from x_iam') to 's3://no-such-bucket/x' iam_role '${arn}'`;
  expect(await as('u_role', copy)).not.toBe('42501');
  await admin.query('revoke assumerole on all from public for all');
  expect(await as('u_role', copy)).toBe('42501');
  expect(await as('u_role', unload)).toBe('42501');
  await admin.query(`grant assumerole on '${arn}' to role r_way for copy`);
  expect(await as('u_role', copy)).not.toBe('42501');
  expect(await as('u_role', unload)).toBe('42501');
  await admin.query(`revoke assumerole on '${arn}' from role r_way for all`);
  await admin.query('grant assumerole on all to public for all');
  expect(await as('u_role', unload)).not.toBe('42501');
});

it('sessions begin with the settings of their user, and see what the user may see', async () => {
  await admin.query("create user u_set password 'Abcdef12' session timeout 120 syslog access unrestricted");
  await admin.query("alter user u_set set query_group to 'reports'");
  const url = new URL(cluster.url);
  url.username = 'u_set';
  url.password = 'Abcdef12';
  const own = new pg.Client({ connectionString: url.href });
  await own.connect();
  try {
    const setting = async (name: string): Promise<unknown> =>
      Object.values(((await own.query(`show ${name}`)).rows[0] ?? {}) as object)[0];
    expect(await setting('query_group')).toBe('reports');
    expect(Number(await setting('idle_session_timeout'))).toBe(120_000);
    await own.query('set query_group to other');
    await own.query('reset query_group');
    expect(await setting('query_group')).toBe('reports');
    const others = 'select count(distinct userid) as users from stl_ddltext';
    expect(Number((await own.query(others)).rows[0].users)).toBeGreaterThan(0);
    await admin.query('alter user u_set syslog access restricted');
    expect(Number((await own.query(others)).rows[0].users)).toBe(0);
  } finally {
    await own.end();
  }
});
