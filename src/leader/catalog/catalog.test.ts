/**
 * Catalog values: overlays share and do not disturb their base, names are unique when strict, JSON and back
 * is the same.
 */
import { describe, expect, it } from 'vitest';
import { CLUSTER, dropChange, putChange, type CatalogChange } from './changes.ts';
import { bootstrapCatalog, md5Password } from './bootstrap.ts';
import { applyChanges, applyCommit, stateAsChanges } from './catalog.ts';
import { EMPTY_CATALOG } from './state.ts';
import { CatalogView } from './view.ts';
import { plainTable } from '../ddl/fill-table.ts';
import { bindView } from '../statement/bind-view.ts';
import { viewContext } from '../statement/bind-view.test-support.ts';
import { referencedRelations } from '../ddl/dependencies.ts';
import { parseQueryTextSync, parseStatements } from '../parser/parser.ts';
import { allows, grant, privilegeLetters, revoke } from './privileges.ts';
import { fromJson, toJson } from './serialise.ts';
import { numericView } from '../ddl/table-statistics.ts';

const base = bootstrapCatalog({ databaseName: 'dev', adminName: 'awsuser', adminPassword: 'Secret123' });
const DB = 100;
const table = (oid: number, name: string) =>
  plainTable({
    oid,
    schemaOid: 2200,
    name,
    ownerOid: 100,
    createdAtMicros: 9_007_199_254_740_993n,
    temporary: false,
    columns: [
      {
        attnum: 1,
        name: 'a',
        type: { name: 'int8' },
        notNull: false,
        encoding: 'az64',
        dropped: false,
        identity: { seed: -1n, step: 1n, byDefault: true },
      },
    ],
  });
const put = (oid: number, name: string): CatalogChange => putChange(DB, table(oid, name));

describe('catalog', () => {
  it('a new cluster has its databases, schemas and users', () => {
    const view = new CatalogView(base, DB);
    expect(
      view
        .databases()
        .map((d) => d.name)
        .sort(),
    ).toEqual(['dev', 'padb_harvest', 'template0', 'template1']);
    expect(view.schemas().map((s) => s.name)).toEqual(['pg_catalog', 'information_schema', 'public']);
    expect(view.users().map((u) => [u.oid, u.name])).toEqual([
      [1, 'rdsdb'],
      [100, 'awsuser'],
    ]);
    expect(view.user('awsuser')?.passwordHash).toBe(md5Password('Secret123', 'awsuser'));
  });

  it('an overlay changes what it touches and nothing of its base', () => {
    const one = applyChanges(base, [put(100_000, 't')]);
    const two = applyChanges(one, [dropChange(DB, table(100_000, 't')), put(100_001, 't')]);
    expect(new CatalogView(base, DB).relationIn(2200, 't')).toBeUndefined();
    expect(new CatalogView(one, DB).relationIn(2200, 't')?.oid).toBe(100_000);
    expect(new CatalogView(two, DB).relationIn(2200, 't')?.oid).toBe(100_001);
    expect(two.spaces.get(CLUSTER)).toBe(base.spaces.get(CLUSTER));
    expect(two.spaces.get(1)).toBe(base.spaces.get(1));
    expect(two.spaces.get(DB)?.schema).toBe(base.spaces.get(DB)?.schema);
  });

  it('a strict apply refuses names that other objects have', () => {
    const one = applyChanges(base, [put(100_000, 't')]);
    expect(() => applyChanges(one, [put(100_001, 't')], true)).toThrow('Relation "t" already exists');
    expect(() => applyChanges(one, [put(100_000, 't')], true)).not.toThrow();
    const swap = [put(100_000, 't_old'), put(100_001, 't')];
    expect(new CatalogView(applyChanges(one, swap, true), DB).relationIn(2200, 't')?.oid).toBe(100_001);
    expect(() =>
      applyChanges(
        base,
        [putChange(DB, { kind: 'user', oid: 101, name: 'awsuser', superuser: false, createdb: false })],
        true,
      ),
    ).toThrow('user "awsuser" already exists');
  });

  it('goes through JSON and back unchanged, big integers included', () => {
    const state = applyChanges(base, [put(100_000, 't'), put(100_001, 'u')]);
    const text = toJson(stateAsChanges(state));
    const again = applyChanges(EMPTY_CATALOG, fromJson<CatalogChange[]>(text));
    expect(toJson(stateAsChanges(again))).toBe(text);
    expect(new CatalogView(again, DB).relationIn(2200, 't')).toEqual(table(100_000, 't'));
  });

  it('a commit counts changed rows only where statistics exist', () => {
    const statistics = { rowCount: 5, columns: [], analyzedAtMicros: 1n, modifiedRows: 2 };
    const state = applyChanges(base, [
      put(100_000, 't'),
      put(100_001, 'u'),
      { kind: 'put-statistics', database: DB, oid: 100_000, statistics },
    ]);
    const change = (tableId: number) => ({
      slice: 0,
      tableId,
      xid: 1,
      statement: 1,
      groupsAdded: [],
      groupsRemoved: [],
      deletes: [],
      tail: new Uint8Array(0),
      rowsAdded: 3,
      rowsDeleted: 1,
      blocksAdded: 0,
    });
    const view = new CatalogView(applyCommit(state, DB, [], [change(100_000), change(100_001)]), DB);
    expect(view.relationByOid(100_000)).toMatchObject({ statistics: { modifiedRows: 6 } });
    expect(view.relationByOid(100_001)).not.toHaveProperty('statistics');
  });
});

describe('dependencies', () => {
  it('finds relations in joins, subqueries, set operations and CTEs, but not the CTEs themselves', async () => {
    await parseStatements('select 1');
    const state = applyChanges(
      base,
      ['a', 'b', 'c', 'd', 'e'].map((n, i) => put(100_000 + i, n)),
    );
    const catalog = new CatalogView(state, DB);
    const refs = (sql: string) =>
      referencedRelations(
        bindView(parseQueryTextSync(sql), () => viewContext(catalog, catalog.user('awsuser')!, ['public'])).frozen,
      )
        .map((oid) => oid - 100_000)
        .sort();
    expect(refs('select 1 from a join public.b on a.a = b.a')).toEqual([0, 1]);
    expect(
      refs('select (select max(c.a) from c) from a where a in (select a from d) union all select a from e'),
    ).toEqual([0, 2, 3, 4]);
    expect(refs('with a as (select a from b) select * from a, c')).toEqual([1, 2]);
    expect(refs('with x as (select a from a), a as (select a from x) select * from a')).toEqual([0]);
  });
});

describe('privileges', () => {
  it('grant adds, revoke takes, groups and PUBLIC count', () => {
    const state = applyChanges(base, [
      putChange(DB, { kind: 'user', oid: 101, name: 'bob', superuser: false, createdb: false }),
      putChange(DB, { kind: 'group', oid: 5, name: 'g', users: [101] }),
    ]);
    const view = new CatalogView(state, DB);
    const bob = view.user('bob')!;
    const some = grant(grant([], -5, 100, privilegeLetters('relation', ['select', 'INSERT'])), 0, 100, 'x');
    expect(
      ['r', 'a', 'x', 'w'].map((l) => allows(view, bob, { kind: 'table', name: 't', ownerOid: 100, acl: some }, l)),
    ).toEqual([true, true, true, false]);
    expect(allows(view, bob, { kind: 'table', name: 't', ownerOid: 100, acl: revoke(some, -5, 'ra') }, 'r')).toBe(
      false,
    );
    expect(() => privilegeLetters('schema', ['select'])).toThrow('invalid privilege type SELECT for schema');
  });
});

describe('statistics', () => {
  it('dates and times have a numeric view', () => {
    expect(numericView({ name: 'date' }, '2000-01-31')).toBe(30);
    expect(numericView({ name: 'date' }, '0001-01-01 BC')).toBe(-730485);
    expect(numericView({ name: 'timestamp' }, '2000-01-01 00:00:01.5')).toBe(1_500_000);
    expect(numericView({ name: 'timestamptz' }, '2000-01-01 02:00:00+02')).toBe(0);
    expect(numericView({ name: 'time' }, '01:00:00')).toBe(3_600_000_000);
    expect(numericView({ name: 'numeric', precision: 5, scale: 2 }, '-1.25')).toBe(-1.25);
    expect(numericView({ name: 'varchar', length: 5 }, 'x')).toBeUndefined();
  });
});
