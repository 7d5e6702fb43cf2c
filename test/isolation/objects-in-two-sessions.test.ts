/**
 * Objects of every class changed and dropped in two sessions at once: the second waits for the first, and nothing that was
 * changed is lost, nothing that was dropped comes back, and nothing is left that names what is gone.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { startTestCluster, type TestCluster } from './cluster.ts';
import { connect, isWaiting, outcome, pidOf, until } from './waits.ts';

interface ClassCase {
  /** `$` stands for a name of the case's own. */
  readonly make: string;
  readonly changes: readonly [string, string];
  readonly drop: string;
  /** What both changes leave. */
  readonly then: string;
  readonly finds: string;
  readonly exists: string;
  /** SQLSTATE of what is not there. */
  readonly missing: string;
  /** The drop is no part of a transaction block. */
  readonly alone?: true;
}
const CASES: Readonly<Record<string, ClassCase>> = {
  relation: {
    make: 'create table $ (a int)',
    changes: ['grant select on $ to ann', 'grant select on $ to bea'],
    drop: 'drop table $',
    then: "select has_table_privilege('ann', '$', 'select') and has_table_privilege('bea', '$', 'select')",
    finds: 'true',
    exists: "select count(*) from pg_class where relname = '$'",
    missing: '42P01',
  },
  'relation in use': {
    make: 'create table $ (a int)',
    changes: ["select * from $; comment on table $ is 'x'", 'select * from $; grant select on $ to bea'],
    drop: 'drop table $',
    then: "select obj_description('$'::regclass), has_table_privilege('bea', '$', 'select')",
    finds: 'x,true',
    exists: "select count(*) from pg_class where relname = '$'",
    missing: '42P01',
  },
  schema: {
    make: 'create schema $',
    changes: ['grant usage on schema $ to ann', 'grant usage on schema $ to bea'],
    drop: 'drop schema $',
    then: "select has_schema_privilege('ann', '$', 'usage') and has_schema_privilege('bea', '$', 'usage')",
    finds: 'true',
    exists: "select count(*) from pg_namespace where nspname = '$'",
    missing: '3F000',
  },
  'schema and comment': {
    make: 'create schema $',
    changes: ["comment on schema $ is 'x'", 'alter schema $ owner to ann'],
    drop: 'drop schema $',
    then: "select obj_description(n.oid, 'pg_namespace') || u.usename from pg_namespace n join pg_user u on u.usesysid = n.nspowner where nspname = '$'",
    finds: 'xann',
    exists: "select count(*) from pg_namespace where nspname = '$'",
    missing: '3F000',
  },
  database: {
    make: 'create database $',
    changes: ["comment on database $ is 'x'", 'alter database $ owner to ann'],
    drop: 'drop database $',
    then: "select obj_description(d.oid, 'pg_database') || u.usename from pg_database d join pg_user u on u.usesysid = d.datdba where datname = '$'",
    finds: 'xann',
    exists: "select count(*) from pg_database where datname = '$'",
    missing: '3D000',
    alone: true,
  },
  user: {
    make: 'create user $ password disable',
    changes: ['alter user $ createdb', 'alter user $ connection limit 3'],
    drop: 'drop user $',
    then: "select usecreatedb, useconnlimit from pg_user_info where usename = '$'",
    finds: 'true,3',
    exists: "select count(*) from pg_user where usename = '$'",
    missing: '42704',
  },
  group: {
    make: 'create group $',
    changes: ['alter group $ add user ann', 'alter group $ add user bea'],
    drop: 'drop group $',
    then: "select count(*) from pg_group g, pg_user u where u.usesysid = any (g.grolist) and g.groname = '$'",
    finds: '2',
    exists: "select count(*) from pg_group where groname = '$'",
    missing: '42704',
  },
};

/** What names an object and what drops it: whichever is second waits, and then the drop or the name is refused. */
interface NamingCase {
  readonly name: string;
  readonly drop: string;
  readonly refusedDrop: string;
  readonly missing: string;
}
const NAMINGS: readonly NamingCase[] = [
  { name: 'create table $s.t (a int)', drop: 'drop schema $s', refusedDrop: '2BP01', missing: '3F000' },
  { name: 'create table $s.t as select 1 as a', drop: 'drop schema $s', refusedDrop: '2BP01', missing: '3F000' },
  { name: 'create view $s.t as select 1 as a', drop: 'drop schema $s', refusedDrop: '2BP01', missing: '3F000' },
  { name: 'alter table $t owner to $u', drop: 'drop user $u', refusedDrop: '55006', missing: '42704' },
  { name: 'alter schema $s owner to $u', drop: 'drop user $u', refusedDrop: '55006', missing: '42704' },
  { name: 'create schema $n authorization $u', drop: 'drop user $u', refusedDrop: '55006', missing: '42704' },
  { name: 'grant select on $t to $u', drop: 'drop user $u', refusedDrop: '55006', missing: '42704' },
  { name: 'grant usage on schema $s to group $g', drop: 'drop group $g', refusedDrop: '55006', missing: '42704' },
  { name: 'alter group $g add user $u', drop: 'drop user $u', refusedDrop: 'ok', missing: '42704' },
  { name: 'create group $n with user $u', drop: 'drop user $u', refusedDrop: 'ok', missing: '42704' },
  { name: 'create user $n password disable in group $g', drop: 'drop group $g', refusedDrop: 'ok', missing: '42704' },
  { name: 'alter database $d owner to $u', drop: 'drop user $u', refusedDrop: '55006', missing: '42704' },
];
const SETUP = `create schema $s; create table $t (a int); create user $u password disable; create group $g`;

describe('two sessions', () => {
  let cluster: TestCluster;
  let admin: pg.Client;
  let first: pg.Client;
  let second: pg.Client;
  beforeAll(async () => {
    cluster = await startTestCluster({ nodes: 1, slices: 1 });
    [admin, first, second] = [await connect(cluster.url), await connect(cluster.url), await connect(cluster.url)];
    await admin.query('create user ann password disable; create user bea password disable');
  });
  afterAll(async () => {
    await Promise.all([admin.end(), first.end(), second.end()]);
    expect(cluster.bugs).toEqual([]);
    await cluster.close();
  });

  let count = 0;
  const cell = async (sql: string): Promise<string> =>
    Object.values((await admin.query<Record<string, unknown>>(sql)).rows[0] ?? {}).join();
  /** `sql` of the second session once it waits for the open `change` of the first, which then ends. */
  async function during(change: string, end: 'commit' | 'rollback', sql: string): Promise<string> {
    await first.query(`begin; ${change}`);
    const got = outcome(second.query(sql.includes(';') ? `begin; ${sql}; commit` : sql));
    await until(() => isWaiting(admin, pidOf(second)));
    await first.query(end);
    const result = await got;
    if (result !== 'ok') await second.query('rollback');
    return result;
  }

  for (const [name, given] of Object.entries(CASES)) {
    const prepare = async (): Promise<(sql: string) => string> => {
      const own = (sql: string): string => sql.replaceAll('$', `o${count}`);
      count++;
      await admin.query(own(given.make));
      return own;
    };
    const [one, other] = given.changes;

    it(`${name}: change and change`, async () => {
      const own = await prepare();
      expect(await during(own(one), 'commit', own(other))).toBe('ok');
      expect(await cell(own(given.then))).toBe(given.finds);
    });
    it(`${name}: change rolled back and change`, async () => {
      const own = await prepare();
      expect(await during(own(one), 'rollback', own(other))).toBe('ok');
      expect(await cell(own(given.then))).not.toBe(given.finds);
    });
    it(`${name}: change and drop`, async () => {
      const own = await prepare();
      expect(await during(own(one), 'commit', own(given.drop))).toBe('ok');
      expect(await cell(own(given.exists))).toBe('0');
    });
    if (given.alone) continue;
    it(`${name}: drop and change, drop and drop`, async () => {
      for (const sql of [one, given.drop]) {
        const own = await prepare();
        expect(await during(own(given.drop), 'commit', own(sql))).toBe(given.missing);
        expect(await cell(own(given.exists))).toBe('0');
      }
    });
    it(`${name}: dropped and made anew, and change`, async () => {
      const own = await prepare();
      expect(await during(own(`${given.drop}; ${given.make}`), 'commit', own(one))).toBe('ok');
      expect(await cell(own(given.exists))).toBe('1');
    });
  }

  for (const { name, drop, refusedDrop, missing } of NAMINGS) {
    const prepare = async (): Promise<(sql: string) => string> => {
      const own = (sql: string): string => sql.replace(/\$(\w)/g, `$1${count}`);
      count++;
      await admin.query(own(SETUP));
      await admin.query(own('create database $d'));
      return own;
    };
    it(`${name} and ${drop}`, async () => {
      const naming = await prepare();
      expect(await during(naming(name), 'commit', naming(drop))).toBe(refusedDrop);
      const dropping = await prepare();
      expect(await during(dropping(drop), 'commit', dropping(name))).toBe(missing);
    });
  }

  it('users and groups made at once have numbers of their own, which come back with nobody', async () => {
    await first.query('begin; create user p1 password disable; create group h1');
    await admin.query('create user p2 password disable; create group h2');
    await first.query('commit');
    expect(await cell("select count(distinct usesysid) from pg_user where usename in ('p1', 'p2')")).toBe('2');
    expect(await cell("select count(distinct grosysid) from pg_group where groname in ('h1', 'h2')")).toBe('2');
    const before = await cell("select max(usesysid) from pg_user where usename like 'p_'");
    await admin.query('drop user p1; drop user p2; create user p3 password disable');
    expect(Number(await cell("select usesysid from pg_user where usename = 'p3'"))).toBeGreaterThan(Number(before));
  });

  it('a change of a table keeps the statistics of an ANALYZE beside it', async () => {
    await admin.query('create table st (a int); insert into st values (1), (2); analyze st');
    await admin.query('insert into st values (3), (4)');
    await first.query("begin; comment on table st is 'x'");
    await second.query('analyze st');
    await first.query('commit');
    expect(await cell('select stats_off from svv_table_info where "table" = \'st\'')).toBe('0.00');
    expect(await cell("select obj_description('st'::regclass)")).toBe('x');
  });

  it('a name that was taken and given up in a transaction is again whose it is', async () => {
    await first.query('begin; create table nh (a int)');
    await admin.query('create table nh (b int)');
    await first.query('drop table nh');
    expect((await first.query('select * from nh')).fields.map((f) => f.name)).toEqual(['b']);
    await first.query('rollback');
  });

  it('waits hear the time-out, and a circle of them is refused', async () => {
    await admin.query('create schema w1; create schema w2');
    await first.query('begin; grant usage on schema w1 to ann');
    await second.query('set statement_timeout to 50');
    expect(await outcome(second.query('drop schema w1'))).toBe('57014');
    await second.query('reset statement_timeout; begin; grant usage on schema w2 to ann');
    const waiting = outcome(first.query('grant usage on schema w2 to bea'));
    await until(() => isWaiting(admin, pidOf(first)));
    const refused = await second.query('grant usage on schema w1 to bea').catch((e: unknown) => e);
    expect(refused).toMatchObject({
      code: '40P01',
      detail: expect.stringContaining('of class 2615 of database 100'),
    });
    await second.query('rollback');
    expect(await waiting).toBe('ok');
    await first.query('commit');
  });

  it('what another database names keeps a user and a group', async () => {
    await admin.query('create database far');
    await admin.query('create user zed password disable; create group zeds');
    const far = await connect(cluster.url.replace(/\/dev/, '/far'));
    await far.query('create table kept (a int); grant select on kept to zed; grant select on kept to group zeds');
    expect([await outcome(admin.query('drop user zed')), await outcome(admin.query('drop group zeds'))]).toEqual([
      '55006',
      '55006',
    ]);
    await far.query('revoke select on kept from zed; alter table kept owner to zed');
    expect(await outcome(admin.query('drop user zed'))).toBe('55006');
    await far.end();
  });
});
