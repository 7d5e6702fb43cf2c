/**
 * DDL and utility commands, from SQL text by the real parser, on a real transaction manager in memory.
 * Binder, slices and internal queries are fakes that answer from the catalog.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../common/clock.ts';
import type { Notice } from '../../common/errors/sql-error.ts';
import type { BoundStatement, ColumnRef } from '../../expressions/relation.ts';
import { analyse, analyseScalar } from '../analyser/index.ts';
import { bindView } from '../statement/bind-view.ts';
import { viewContext } from '../statement/bind-view.test-support.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { dropTemporarySchema } from '../catalog/temporary-schemas.ts';
import { findRelation } from '../catalog/names.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { TableObject, ViewObject } from '../catalog/objects.ts';
import { frozenTables, viewText } from '../catalog/view-query.ts';
import type { HistoryLogs } from '../history/types.ts';
import type { Expr, Query } from '../parser/ast.ts';
import { parseStatements } from '../parser/parser.ts';
import type { Command, CommandContext, CommandResult, CommandServices } from './command.ts';
import type { Session } from '../session/types.ts';
import { FakeDisk } from '../transaction/disk-fake.ts';
import { openTransactionManager } from '../transaction/transaction-manager.ts';
import type { LeaderTransactionManager } from '../transaction/transaction-manager.ts';
import type { LeaderTransaction } from '../transaction/transaction.ts';
import { uninterrupted } from '../transaction/waits.ts';
import { bind } from './fake-binder.test-support.ts';

declare global {
  interface ImportMeta {
    glob<T>(pattern: readonly string[], options: { readonly eager: true }): Readonly<Record<string, T>>;
  }
}
const files = import.meta.glob<{ default?: Command<never> }>(['./*.ts', '!./*.test.ts'], { eager: true });
const commands = new Map(
  Object.values(files).flatMap((f) => (f.default === undefined ? [] : [[f.default.kind as string, f.default]])),
);

let manager: LeaderTransactionManager;
let notices: Notice[];
let history: Record<string, unknown[]>;
let inserted: { tableId: number; columns: readonly ColumnRef[] }[];
let answers: (sql: string) => readonly (readonly (string | null)[])[];
let userName: string;
let drops: number[];

function session(pid = 7): Session {
  return {
    pid,
    database: 'dev',
    temporarySchema: `pg_temp_${pid}`,
    cancelSignal: new AbortController().signal,
    get user() {
      return manager.begin(100, 0, { readOnly: true, signal: uninterrupted }).catalog().user(userName)!;
    },
    searchPath: () => [`pg_temp_${pid}`, 'public'],
    setting: (name: string) => (name === 'analyze_threshold_percent' ? '10' : 'default'),
  } as unknown as Session;
}

function services(): CommandServices {
  return {
    clock: systemClock,
    topology: { nodes: 1, slicesPerNode: 1, sliceCount: 1, nodeOf: () => 0 },
    transactions: manager,
    history: {
      nextQueryId: () => 1,
      read: () => [],
      add: (log: keyof HistoryLogs, row: unknown) => (history[log] ??= []).push(row),
    },
    sessions: () => [session()],
    signalSession: (pid: number) => pid === 7,
    endSessionsOf: () => Promise.resolve(),
    rowCountOf: () => 0,
    autoAllRowsMax: 10,
    parse: parseStatements,
    bindQuery: (s: Session, t: LeaderTransaction, q: Query, path?: readonly string[]) =>
      frozenTables(q).length > 0
        ? analyse({ kind: 'query', query: q, start: 0, end: 0 }, viewContext(t.catalog(), s.user, s.searchPath()))
        : bind(t, q, path ?? s.searchPath()),
    typeOfDefault: (s: Session, t: LeaderTransaction, expr: Expr, column?: { name: string; type: SqlType }) =>
      analyseScalar(expr, viewContext(t.catalog(), s.user, s.searchPath()), column).type,
    bindView: (s: Session, t: LeaderTransaction, q: Query) =>
      bindView(q, () => viewContext(t.catalog(), s.user, s.searchPath())),
    lockQuery: async (s: Session, t: LeaderTransaction, q: Query, path?: readonly string[]) =>
      services().bindQuery(s, t, q, path),
    mutableFunctions: () => [],
    tablesRead: () => [],
    runBound: async (_s: Session, t: LeaderTransaction, b: BoundStatement & { kind: 'insert' }) => {
      inserted.push({ tableId: b.tableId, columns: b.columns });
      t.addSliceChanges([
        {
          slice: 0,
          tableId: b.tableId,
          xid: t.requireXid(),
          statement: t.statement,
          groupsAdded: [1],
          groupsRemoved: [],
          deletes: [],
          tail: new Uint8Array(0),
          rowsAdded: 4,
          rowsDeleted: 0,
          blocksAdded: 0,
        },
      ]);
      return 4;
    },
    query: async (_s: Session, _t: LeaderTransaction, sql: string) => ({ columns: [], rows: answers(sql) }),
    storedValues: async (_s: Session, _t: LeaderTransaction, sql: string) => answers(sql)[0] ?? [],
    storageTable: (table: TableObject) => ({
      tableId: table.oid,
      name: table.name,
      columns: [],
      sortkey: table.sortkey,
    }),
    slices: {
      vacuum: async (table: { tableId: number }, options: { xid: number }) => [
        {
          change: {
            slice: 0,
            tableId: table.tableId,
            xid: options.xid,
            statement: 1,
            groupsAdded: [2],
            groupsRemoved: [1],
            deletes: [],
            tail: new Uint8Array(0),
            rowsAdded: 0,
            rowsDeleted: 0,
            blocksAdded: 1,
          },
          before: { rows: 9, sortedRows: 0, blocks: 4 },
          after: { rows: 6, sortedRows: 6, blocks: 3 },
          groupsRewritten: 1,
          groupsKept: 0,
        },
      ],
      reclaim: async () => undefined,
    },
  } as unknown as CommandServices;
}

/** Runs statements of one transaction, each committed with it unless one fails. */
async function sql(text: string, pid = 7): Promise<CommandResult> {
  const transaction = manager.begin(100, pid, { readOnly: false, signal: uninterrupted });
  const context: CommandContext = {
    services: services(),
    session: session(pid),
    transaction,
    text,
    notice: (n) => notices.push(n),
  };
  try {
    let result: CommandResult | undefined;
    for (const statement of await parseStatements(text)) {
      const command = commands.get(statement.kind);
      expect(command, statement.kind).toBeDefined();
      result = await command!.run(context, statement as never);
      transaction.nextStatement();
    }
    if (transaction.state === 'open') await transaction.commit();
    return result!;
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}
const refused = (text: string, sqlstate: string, message?: string) =>
  expect(sql(text)).rejects.toMatchObject({
    sqlstate,
    ...(message === undefined ? {} : { message: expect.stringContaining(message) as string }),
  });
const catalog = () => manager.begin(100, 1, { readOnly: true, signal: uninterrupted }).catalog();
const relation = (name: string) => findRelation(catalog(), ['public'], { name, pos: 0 });
const table = (name: string) => relation(name) as TableObject;
const encodings = (name: string) => table(name).columns.map((c) => c.encoding);

beforeEach(async () => {
  notices = [];
  history = {};
  inserted = [];
  drops = [];
  answers = () => [['0']];
  userName = 'admin';
  manager = await openTransactionManager({
    disk: new FakeDisk(),
    directory: '.',
    clock: systemClock,
    memory: true,
    slicePort: {
      applyCommit: async (_x, _l, _c, dropped) => void drops.push(...dropped),
      rollback: async () => undefined,
      checkpoint: async () => undefined,
      recover: async () => undefined,
    },
  });
});

describe('create table', () => {
  it('settles types, encodings, keys and constraints', async () => {
    await sql(`create table t (id bigint identity(5,2) primary key, n decimal, s text encode zstd, f real, b bpchar,
      d date sortkey, v varchar distkey unique, q numeric(12,2) default 1)`);
    const t = table('t');
    expect(t.columns.map((c) => [c.name, c.type])).toEqual([
      ['id', { name: 'int8' }],
      ['n', { name: 'numeric', precision: 18, scale: 0 }],
      ['s', { name: 'varchar', length: 256 }],
      ['f', { name: 'float4' }],
      ['b', { name: 'char', length: 256 }],
      ['d', { name: 'date' }],
      ['v', { name: 'varchar', length: 256 }],
      ['q', { name: 'numeric', precision: 12, scale: 2 }],
    ]);
    expect(encodings('t')).toEqual(['az64', 'az64', 'zstd', 'raw', 'lzo', 'raw', 'lzo', 'az64']);
    expect(t).toMatchObject({
      diststyle: 'key',
      effectiveDiststyle: 'key',
      distkey: 7,
      sortkey: [6],
      sortkeyStyle: 'compound',
      encodeAuto: false,
    });
    expect(t.columns[0]).toMatchObject({ notNull: true, identity: { seed: 5n, step: 2n } });
    expect(t.constraints.map((c) => [c.kind, c.name, c.attnums])).toEqual([
      ['primary', 't_pkey', [1]],
      ['unique', 't_v_key', [7]],
    ]);
    expect(history['utilities']).toMatchObject([{ kind: 'ddl', userid: 100, xid: expect.any(Number) as number }]);
  });

  it('AUTO begins as ALL; LIKE copies keys, not constraints; FOREIGN KEY finds the primary key', async () => {
    await sql('create table a (x int primary key default 3, y varchar(9) encode raw) distkey(x) sortkey(y)');
    await sql('create table b (like a including defaults, z int references a)');
    await sql('create table c (k int)');
    expect(table('b')).toMatchObject({ diststyle: 'key', distkey: 1, sortkey: [2] });
    expect(table('b').columns.map((c) => c.defaultText)).toEqual(['3', undefined, undefined]);
    expect(table('b').constraints).toMatchObject([{ kind: 'foreign', attnums: [3], references: { attnums: [1] } }]);
    expect(table('c')).toMatchObject({ diststyle: 'auto', effectiveDiststyle: 'all', encodeAuto: true });
  });

  it.each([
    ['create table t (a json)', '0A000', 'Column "t.a" has unsupported type "json".'],
    ['create table t (a int, a int)', '42701', 'column "a" duplicated'],
    ['create table t (a varchar(65536))', '22023', '65535'],
    ['create table t (a char(4097))', '22023', '4096'],
    ['create table t (a numeric(39,0))', '22023', '39'],
    ['create table t (a bool encode az64)', '0A000', 'az64'],
    ['create table t (a int encode wrong)', '42704', 'wrong'],
    ['create table t (a int distkey, b int distkey)', '42611', 'more than one column'],
    ['create table t (a int) diststyle all distkey(a)', '42P16', 'DISTSTYLE ALL'],
    ['create table t (a int) diststyle key', '42P16', 'DISTKEY'],
    ['create table t (a int) sortkey(z)', '42703', 'z'],
    ['create table t (a int sortkey) sortkey(a)', '42P16', 'sort keys'],
    ['create table t (a varchar identity(1,1))', '42611', 'identity'],
    ['create table t (a int primary key, b int primary key)', '42P16', 'multiple primary keys'],
    ['create table t (a int, b int default a)', '42P10', 'column references'],
    ['create table t (a int default (select 1))', '0A000', 'subquery'],
    ['create table nowhere.t (a int)', '3F000', 'nowhere'],
    [`create table t (${Array.from({ length: 1601 }, (_, i) => `c${i} int`).join()})`, '54011', '1600'],
  ])('refuses %s', (text, sqlstate, message) => refused(text, sqlstate, message));

  it('IF NOT EXISTS tells, a plain repeat fails, temporary tables go with the session', async () => {
    await sql('create table t (a int)');
    await refused('create table t (b int)', '42P07', 'Relation "t" already exists');
    await sql('create table if not exists t (b int)');
    expect(notices).toMatchObject([{ severity: 'INFO', message: 'Relation "t" already exists and will be skipped' }]);
    await sql('create temp table tmp (a int); create table #hash (a int)');
    const schema = catalog().schema('pg_temp_7')!;
    expect(
      catalog()
        .relations()
        .filter((r) => r.schemaOid === schema.oid),
    ).toHaveLength(2);
    expect(catalog().relationIn(schema.oid, 'tmp')).toMatchObject({ columns: [{ encoding: 'raw' }] });
    const end = manager.begin(100, 7, { readOnly: false, signal: uninterrupted });
    expect(dropTemporarySchema(end, 7)).toBe(true);
    await end.commit();
    expect(catalog().schema('pg_temp_7')).toBeUndefined();
    expect(drops).toHaveLength(2);
  });

  it('a failed transaction leaves nothing', async () => {
    await refused('create table one (a int); create table two (a json)', '0A000');
    expect(relation('one')).toBeUndefined();
  });
});

describe('create table as, views, materialized views', () => {
  it('CTAS takes types and distribution, inserts and analyses', async () => {
    await sql('create table src (a int, s varchar(7)) distkey(s)');
    answers = () => [['4', '4', '4', '1', '9', '3', '2', '12']];
    expect(await sql("create table t as select s, a, 'lit' as l from src")).toEqual({ tag: 'SELECT' });
    const t = table('t');
    expect(t).toMatchObject({ diststyle: 'key', distkey: 1 });
    expect(t.columns.map((c) => c.type)).toEqual([
      { name: 'varchar', length: 7 },
      { name: 'int4' },
      { name: 'varchar', length: 65535 },
    ]);
    expect(inserted).toMatchObject([{ tableId: t.oid }]);
    expect(inserted[0]!.columns.map((c) => c.type.name)).toEqual(['varchar', 'int4', 'varchar']);
    expect(t.statistics).toMatchObject({ rowCount: 4, modifiedRows: 0 });
  });

  it('REPLACE keeps the columns; a view in use is not dropped without CASCADE', async () => {
    await sql('create table t (a int, b int)');
    await sql('create view v as select a from t; create view w (z) as select a from v');
    expect(relation('w')).toMatchObject({
      columns: [{ name: 'z' }],
      dependsOn: [{ class: 'relation', oid: relation('v')!.oid }],
    });
    await refused('create or replace view v as select b from t', '42P16', 'cannot change name of view column "a"');
    await sql('create or replace view v as select a, b from t');
    await expect(sql('drop table t')).rejects.toMatchObject({
      sqlstate: '2BP01',
      message: 'cannot drop table t because other objects depend on it',
      detail: 'view v depends on table t\nview w depends on table t',
    });
    await refused('drop view t', '42809', '"t" is not a view');
    const { oid } = relation('t')!;
    await sql('drop table t cascade');
    expect([relation('t'), relation('v'), relation('w')]).toEqual([undefined, undefined, undefined]);
    expect(drops).toEqual([oid]);
  });

  it('a materialized view is filled, refreshed only when a base table changed, and dropped with its storage', async () => {
    await sql('create table t (a int)');
    await sql('create materialized view m as select a from t');
    const before = relation('m') as { storageTable: number };
    expect(inserted).toMatchObject([{ tableId: before.storageTable }]);
    expect(relation('mv_tbl__m__0')).toMatchObject({ diststyle: 'even' });
    await sql('refresh materialized view m');
    expect(notices.at(-1)!.message).toBe('Materialized view m is already up to date.');
    const writer = manager.begin(100, 1, { readOnly: false, signal: uninterrupted });
    writer.addSliceChanges([
      {
        slice: 0,
        tableId: relation('t')!.oid,
        xid: writer.requireXid(),
        statement: 1,
        groupsAdded: [1],
        groupsRemoved: [],
        deletes: [],
        tail: new Uint8Array(0),
        rowsAdded: 1,
        rowsDeleted: 0,
        blocksAdded: 0,
      },
    ]);
    await writer.commit();
    await sql('refresh materialized view m');
    expect(notices.at(-1)!.message).toBe('Materialized view m was recomputed successfully.');
    const after = relation('m') as { storageTable: number };
    expect(after.storageTable).not.toBe(before.storageTable);
    expect(drops).toEqual([before.storageTable]);
    await sql('refresh materialized view m');
    expect(notices.at(-1)!.message).toContain('already up to date');
    await refused('drop table mv_tbl__m__0', '42809');
    await sql('drop materialized view m');
    expect(relation('mv_tbl__m__0')).toBeUndefined();
  });
});

describe('alter table', () => {
  beforeEach(() => sql('create table t (a int distkey, b varchar(10), c date sortkey)'));

  it('adds, renames and drops columns', async () => {
    answers = () => [['7']];
    await sql('alter table t add column d int default 7 not null');
    expect(table('t').columns[3]).toMatchObject({ attnum: 4, name: 'd', missingValue: '7', notNull: true });
    await sql('alter table t rename column b to bb; alter table t drop column d');
    expect(liveColumns(table('t')).map((c) => c.name)).toEqual(['a', 'bb', 'c']);
    await sql('alter table t add column d int');
    expect(liveColumns(table('t')).at(-1)).toMatchObject({ attnum: 5, missingValue: null });
    await refused('alter table t drop column a', '0A000', 'cannot drop distribution key column "a"');
    await refused('alter table t drop column c', '0A000', 'sortkey');
    await refused('alter table t add column e int not null', '0A000', 'non-null default');
    await refused('alter table t rename column zz to y', '42703');
  });

  it('a column that a view uses is kept with its type; names may change', async () => {
    await sql('create view v as select b from t');
    await expect(sql('alter table t drop column b')).rejects.toMatchObject({
      sqlstate: '2BP01',
      message: 'cannot drop table t column b because other objects depend on it',
    });
    await refused('alter table t alter column b type varchar(20)', '0A000', 'used by a view');
    await sql('alter table t rename to u; alter table u rename column b to bb');
    expect(
      viewText(
        manager.begin(100, 1, { readOnly: true, signal: uninterrupted }).catalog(),
        relation('v') as ViewObject,
      ),
    ).toBe('SELECT t.bb AS b FROM public.u t');
    await sql('alter table u drop column bb cascade');
    expect(relation('v')).toBeUndefined();
  });

  it('a view of * keeps its columns when the table gets another one', async () => {
    await sql('create view v as select * from t');
    await sql('alter table t add column d int');
    expect(relation('v')).toMatchObject({
      queryText: 'select * from t',
      columns: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
    });
    expect(
      viewText(
        manager.begin(100, 1, { readOnly: true, signal: uninterrupted }).catalog(),
        relation('v') as ViewObject,
      ),
    ).toBe('SELECT t.a, t.b, t.c FROM public.t');
    await sql('drop view v');
  });

  it('enlarges a varchar, shrinks only when the values fit', async () => {
    answers = () => [['6']];
    await sql('alter table t alter column b type varchar(20)');
    await sql('alter table t alter column b type varchar(6)');
    expect(table('t').columns[1]!.type).toEqual({ name: 'varchar', length: 6 });
    await refused('alter table t alter column b type varchar(5)', '0A000', '6 bytes');
    await refused('alter table t alter column a type bigint', '0A000', 'ALTER COLUMN TYPE is not supported');
  });

  it('a new distribution rewrites the table under a new oid and dependents follow', async () => {
    await sql('create view v as select a from t');
    const old = table('t');
    await sql('alter table t alter diststyle even');
    const now = table('t');
    expect(now).toMatchObject({ diststyle: 'even', effectiveDiststyle: 'even', distkey: undefined });
    expect(now.oid).not.toBe(old.oid);
    expect(inserted).toMatchObject([{ tableId: now.oid }]);
    expect(drops).toEqual([old.oid]);
    expect(relation('v')).toMatchObject({ dependsOn: [{ class: 'relation', oid: now.oid }] });
    await sql('alter table t alter sortkey none');
    expect(table('t')).toMatchObject({ sortkey: [], sortkeyStyle: 'none' });
  });
});

describe('other commands', () => {
  it('TRUNCATE drops storage and commits', async () => {
    await sql('create table t (a int)');
    expect((await sql('truncate t')).tag).toBe('TRUNCATE TABLE');
    expect(drops).toEqual([relation('t')!.oid]);
  });

  it('schemas, databases, users and groups', async () => {
    await sql('create schema s; create table s.t (a int)');
    await sql('create schema if not exists s');
    expect(notices.at(-1)!.message).toBe('Schema "s" already exists and will be skipped');
    await refused('drop schema s', '2BP01', 'cannot drop schema s');
    await sql('drop schema s cascade');
    expect(catalog().schema('s')).toBeUndefined();
    await refused('create schema pg_x', '42939');
    await sql('create database other isolation level serializable');
    expect(
      catalog()
        .databases()
        .find((d) => d.name === 'other'),
    ).toMatchObject({
      isolation: 'serializable',
    });
    await refused('drop database dev', '55006', 'cannot drop the currently open database');
    await sql('drop database other');
    await sql("create group g; create user bob password 'Abcdef123' in group g");
    expect(catalog().user('bob')).toMatchObject({
      oid: 101,
      superuser: false,
      passwordHash: expect.stringMatching(/^md5/) as string,
    });
    expect(JSON.stringify(history, (_k, v: unknown) => (typeof v === 'bigint' ? 0 : v))).not.toContain('Abcdef123');
    await refused("create user eve password 'short'", '22023');
    await sql('create schema owned authorization bob');
    await refused('drop user bob', '55006', 'owns some object');
    await sql('drop schema owned; drop user bob');
    expect(catalog().groups()).toMatchObject([{ name: 'g', users: [] }]);
    await sql('drop user if exists bob');
    expect(notices.at(-1)!.message).toBe('User "bob" does not exist and will be skipped');
  });

  it('privileges decide who may do what', async () => {
    await sql('create table t (a int); create user bob password disable');
    userName = 'bob';
    await refused('drop table t', '42501', 'must be owner of relation t');
    await refused('create user x password disable', '42501', 'must be superuser to create users');
    await sql('create table mine (a int)');
    userName = 'admin';
    await sql('revoke create on schema public from public; grant drop on t to bob');
    userName = 'bob';
    await refused('create table more (a int)', '42501', 'permission denied for schema public');
    await sql('drop table t');
    userName = 'admin';
    await refused('grant usage on table mine to bob', '0LP01');
  });

  it('ANALYZE stores what it measured and skips what did not change', async () => {
    await sql('create table t (a int, s varchar(9), d date)');
    answers = (text) => {
      expect(text).toContain('approximate count(distinct a)');
      return [['10', '8', '5', '-3', '40', '10', '10', '55', '5', '2', '2000-01-02', '2000-02-01']];
    };
    expect((await sql('analyze t')).tag).toBe('ANALYZE');
    expect(table('t').statistics).toMatchObject({
      rowCount: 10,
      columns: [
        { attnum: 1, distinctCount: 5, nullFraction: 0.2, averageWidth: 4, min: -3, max: 40 },
        { attnum: 2, distinctCount: 10, nullFraction: 0, averageWidth: 9.5 },
        { attnum: 3, distinctCount: 2, nullFraction: 0.5, min: 1, max: 31 },
      ],
    });
    expect((await sql('analyze t')).tag).toBe('ANALYZE SKIP');
    expect(history['analyzes']).toMatchObject([{ status: 'Full', rows: 10 }, { status: 'Skipped' }]);
  });

  it("VACUUM commits the slices' changes and records them", async () => {
    await sql('create table t (a int) sortkey(a)');
    expect((await sql('vacuum t')).tag).toBe('VACUUM');
    expect(history['vacuums']).toMatchObject([
      { status: 'Started', rows: 9, blocks: 4 },
      { status: 'Finished', rows: 6, sortedRows: 6, blocks: 3 },
    ]);
    expect(manager.lastChangeLsn(relation('t')!.oid)).toBeGreaterThan(0);
    expect(manager.locks()).toEqual([]);
    await refused('vacuum reindex t', '0A000');
  });

  it('LOCK, CANCEL, COMMENT', async () => {
    await sql("create table t (a int); comment on table t is 'hello'; comment on column t.a is 'col'");
    expect(relation('t')).toMatchObject({ comment: 'hello', columnComments: { 1: 'col' } });
    expect((await sql('lock t')).tag).toBe('LOCK TABLE');
    expect((await sql('cancel 7')).tag).toBe('CANCEL');
    await refused('cancel 999', 'XX000', 'Session 999 does not exist');
  });

  it('SHOW lists and prints DDL that makes the table again', async () => {
    await sql(
      "create table t (id int identity(1,1) not null, s varchar(5) default 'x', d date) distkey(id) sortkey(d)",
    );
    const shown = (await sql('show table t')).rows!;
    expect(shown.columns).toEqual(['Show Table DDL statement']);
    const text = shown.rows[0]![0]!;
    expect(text).toBe(
      'CREATE TABLE public.t (\n    id integer IDENTITY(1,1) NOT NULL ENCODE az64 distkey,\n' +
        "    s character varying(5) DEFAULT 'x' ENCODE lzo,\n    d date ENCODE raw\n)\nDISTSTYLE KEY\nSORTKEY ( d );",
    );
    const before = table('t');
    await sql('drop table t');
    await sql(text);
    expect({ ...table('t'), oid: 0, createdAtMicros: 0n }).toEqual({
      ...before,
      oid: 0,
      createdAtMicros: 0n,
      encodeAuto: false,
    });
    const list = (await sql("show tables from schema dev.public like 't%' limit 5")).rows!;
    expect(list.rows.map((r) => [r[2], r[9]])).toEqual([['t', 'KEY(id)']]);
    const columns = (await sql('show columns from table dev.public.t')).rows!;
    expect(columns.rows.map((r) => [r[3], r[7], r[8]])).toEqual([
      ['id', 'integer', null],
      ['s', 'character varying', '5'],
      ['d', 'date', null],
    ]);
  });
});
