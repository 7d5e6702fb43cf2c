/**
 * Every system view against a small cluster: rows come in physical form, unknown columns stay NULL, visibility holds,
 * and the numbers shown are those the catalog, the history and the slices hold.
 */
import { describe, expect, it } from 'vitest';
import type { JsValue } from '../../functions/define.ts';
import { scalar } from '../../functions/define.ts';
import { INT4, INT8, numeric, physOf, varchar } from '../../types/sql-type.ts';
import { bootstrapCatalog, PUBLIC_SCHEMA_OID } from '../catalog/bootstrap.ts';
import { applyChanges } from '../catalog/catalog.ts';
import { putChange } from '../catalog/changes.ts';
import { CLASS_NAMES, OBJECT_CLASSES } from '../catalog/classes/index.ts';
import { CatalogView } from '../catalog/view.ts';
import type { CatalogObject, CatalogSnapshot, RelationObject, TableObject, UserObject } from '../catalog/objects.ts';
import { createHistory } from '../history/history.ts';
import type { StepRecord } from '../history/types.ts';
import type { SystemServices } from './services.ts';
import type { Session } from '../session/types.ts';
import { Wlm } from '../scheduler/wlm.ts';
import type { Transaction } from '../transaction/types.ts';
import type { SystemContext, SystemView } from './define.ts';
import {
  checkRow,
  systemContext,
  systemRelationByOid,
  systemRelationOid,
  systemViewByName,
  systemViewInfo,
  systemViewRows,
  systemViews,
  typeFunctionOid,
} from './registry.ts';

const ADMIN: UserObject = { kind: 'user', oid: 100, name: 'admin', superuser: true, createdb: true };
const ALICE: UserObject = { kind: 'user', oid: 101, name: 'alice', superuser: false, createdb: false };
const column = (attnum: number, name: string, type: typeof INT4, more = {}) => ({
  attnum,
  name,
  type,
  notNull: false,
  encoding: 'az64',
  dropped: false,
  ...more,
});
const ORDERS: TableObject = {
  kind: 'table',
  oid: 100_100,
  schemaOid: PUBLIC_SCHEMA_OID,
  name: 'orders',
  ownerOid: 100,
  createdAtMicros: 7n,
  acl: [{ grantee: 101, grantor: 100, privileges: 'r' }],
  comment: 'all orders',
  columnComments: { 2: 'who bought' },
  temporary: false,
  diststyle: 'key',
  effectiveDiststyle: 'key',
  distkey: 2,
  sortkey: [1],
  sortkeyStyle: 'compound',
  encodeAuto: false,
  backup: true,
  columns: [
    column(1, 'id', INT8, { notNull: true, encoding: 'raw', identity: { seed: 1n, step: 2n, byDefault: false } }),
    column(2, 'customer', varchar(20), { encoding: 'lzo', defaultText: "'x'::character varying" }),
    column(3, 'total', numeric(12, 2)),
  ],
  constraints: [
    { oid: 100_150, kind: 'primary', name: 'orders_pkey', attnums: [1] },
    {
      oid: 100_151,
      kind: 'foreign',
      name: 'orders_fk',
      attnums: [1],
      references: { tableId: 100_100, attnums: [1] },
    },
  ],
  statistics: { rowCount: 90, modifiedRows: 9, analyzedAtMicros: 1n, columns: [] },
};
const SECRET: TableObject = {
  ...ORDERS,
  oid: 100_200,
  name: 'secret',
  acl: [],
  constraints: [],
  comment: undefined,
  columnComments: undefined,
};
const VIEW: RelationObject = {
  kind: 'view',
  oid: 100_300,
  schemaOid: PUBLIC_SCHEMA_OID,
  name: 'big_orders',
  ownerOid: 100,
  createdAtMicros: 8n,
  acl: [],
  columns: [column(1, 'id', INT8)],
  queryText: 'select id from orders',
  searchPath: ['public'],
  lateBinding: false,
  dependsOn: [{ class: 'relation', oid: 100_100 }],
};

function catalogOf(): CatalogSnapshot {
  const start = bootstrapCatalog({ databaseName: 'dev', adminName: 'admin' });
  const staff: CatalogObject = { kind: 'group', oid: 300, name: 'staff', users: [101] };
  const objects = [ALICE, staff, ORDERS, SECRET, VIEW];
  const state = applyChanges(
    start,
    objects.map((object) => putChange(100, object)),
  );
  return new CatalogView(state, 100);
}

const step = (query: number, slice: number, rows: number, more: Partial<StepRecord> = {}): StepRecord => ({
  query,
  slice,
  stream: 0,
  segment: 0,
  step: 0,
  kind: 'scan',
  label: 'scan   tbl=100100 name=orders',
  tableId: 100_100,
  tableName: 'orders',
  locus: 1,
  planNode: 1,
  edge: -1,
  startMicros: 1000n,
  endMicros: 1000n + BigInt(rows),
  rows,
  bytes: rows * 8,
  workmem: 0,
  diskBytes: 0,
  packets: 0,
  scan: {
    rowsPreFilter: rows + 1,
    rowsPreUserFilter: rows,
    isRangeRestricted: slice === 0,
    isRowFiltered: false,
    rowsDeleted: 0,
    blocks: [{ attnum: 1, held: 3, read: 2, skipped: 1 }],
  },
  ...more,
});

function contextFor(user: UserObject): SystemContext {
  const history = createHistory();
  const query = (id: number, userid: number, text: string) =>
    history.add('queries', {
      query: id,
      userid,
      label: 'default',
      xid: 5,
      pid: 9,
      database: 'dev',
      text,
      startMicros: 1000n,
      endMicros: 3000n,
      aborted: 0,
      notes: id === 1 ? ['----- Tables missing statistics: orders -----'] : [],
      plan: [
        {
          nodeId: 1,
          parentId: 0,
          planNode: 'XN Seq Scan on orders',
          info: '',
          startupCost: 0,
          totalCost: 2.5,
          rows: 40,
          width: 8,
        },
      ],
    });
  query(1, 100, `select ${'x'.repeat(300)}`);
  query(2, 101, 'select 2');
  const dist = step(1, 0, 4, { kind: 'dist', step: 1, packets: 3, scan: undefined });
  for (const records of [[step(1, 0, 10), step(1, 1, 30), dist], [step(2, 0, 5)]]) {
    const kinds = [...new Set(records.map((s) => s.kind))];
    history.add('runs', {
      query: records[0]!.query,
      steps: kinds.map((kind) => records.find((s) => s.kind === kind)!),
      counts: records.map((s) => ({
        ...s,
        step: kinds.indexOf(s.kind),
        start: Number(s.startMicros),
        end: Number(s.endMicros),
      })),
    });
  }
  history.add('wlmQueries', {
    userid: 100,
    xid: 5,
    task: 1,
    query: 1,
    serviceClass: 6,
    slotCount: 1,
    startMicros: 1000n,
    endMicros: 4000n,
    queueMicros: 1000,
    execMicros: 2000,
    state: 'Completed',
    priority: 'Normal',
  });
  history.add('utilities', {
    userid: 100,
    pid: 9,
    xid: 5,
    label: 'default',
    text: 'create table t (a int)',
    startMicros: 1n,
    endMicros: 2n,
    kind: 'ddl',
  });
  history.add('loadErrors', {
    userid: 100,
    slice: 1,
    tableId: 100_100,
    session: 9,
    query: 1,
    timeMicros: 5n,
    filename: 's3://b/k',
    line: 3,
    column: 'id',
    type: 'int8',
    columnLength: '',
    position: 0,
    rawLine: 'x|y',
    rawValue: 'x',
    code: 1207,
    reason: 'Invalid digit',
  });
  history.add('compiles', {
    query: 1,
    pid: 9,
    xid: 5,
    segment: 0,
    locus: 1,
    startMicros: 1n,
    endMicros: 2n,
    compile: 1,
  });
  history.add('connections', {
    event: 'authenticated',
    timeMicros: 1n,
    remoteHost: '127.0.0.1',
    remotePort: 5000,
    pid: 9,
    database: 'dev',
    user: 'admin',
    authMethod: 'password',
    sslVersion: 'TLSv1.3',
    sslCipher: 'TLS_AES_256_GCM_SHA384',
    applicationName: 'psql',
    driverVersion: '',
    pluginName: '',
    protocolVersion: 2,
    globalSessionId: '',
    osVersion: '',
    durationMicros: 0,
  });
  history.add('errors', { userid: 100, pid: 9, timeMicros: 1n, sqlstate: 'XX000', message: 'boom', context: 'c' });
  history.add('commits', { xid: 5, node: -1, startMicros: 1n, endMicros: 2n, blocks: 4, bytes: 100 });
  history.add('vacuums', {
    userid: 100,
    xid: 5,
    tableId: 100_100,
    status: 'Finished',
    rows: 90,
    sortedRows: 90,
    blocks: 8,
    timeMicros: 4n,
  });
  history.add('analyzes', {
    userid: 100,
    xid: 5,
    database: 'dev',
    tableId: 100_100,
    status: 'Full',
    rows: 90,
    modifiedRows: 9,
    startMicros: 1n,
    endMicros: 2n,
  });
  history.add('loadCommits', {
    userid: 100,
    query: 1,
    slice: 0,
    filename: 's3://b/k',
    lines: 9,
    errors: 0,
    timeMicros: 1n,
    status: 1,
  });
  history.add('unloads', {
    userid: 100,
    query: 1,
    slice: 0,
    path: 's3://b/o',
    startMicros: 1n,
    endMicros: 2n,
    lines: 9,
    bytes: 90,
  });
  history.add('compressions', {
    userid: 100,
    timeMicros: 1n,
    tableId: 100_100,
    tableName: 'orders',
    column: 1,
    oldEncoding: 'lzo',
    newEncoding: 'zstd',
    estimatedReduction: 12,
  });
  const catalog = catalogOf();
  const session = {
    cancelSignal: new AbortController().signal,
    pid: 9,
    user,
    database: 'dev',
    remoteHost: '127.0.0.1',
    remotePort: 5000,
    startedAtMicros: 3n,
    last: { queryId: 2 },
    setting: (n: string) => n,
    cursors: new Map(),
    searchPath: () => ['public'],
    activity: { text: 'select 2', startedAtMicros: 900n },
    transaction: { xid: 5 },
  } as unknown as Session;
  const info = (rowCount: number) => ({
    tableId: 100_100,
    rowCount,
    deletedRowCount: 10,
    sortedRowCount: rowCount - 25,
    blockCount: 4,
    tailRowCount: 0,
    tailBytes: 0,
  });
  const block = (attnum: number) => ({
    tableId: 100_100,
    attnum,
    blockNumber: 0,
    rowCount: 50,
    bytes: 9,
    minValue: 1n,
    maxValue: 50n,
    sorted: true,
    onDisk: true,
    encoding: 'raw',
    file: 'f',
    offset: 0,
    tombstone: false,
  });
  const clock = { nowMs: () => 0, nowMicros: () => 1000n, monotonicMs: () => 0 };
  const services = {
    clock,
    topology: { nodes: 2, slicesPerNode: 1, sliceCount: 2, nodeOf: (s: number) => s },
    history,
    sessions: () => [session],
    runningQueries: () => [],
    transfers: { list: () => [] },
    storage: { place: 'memory', capacityBytes: () => 2 ** 30 },
    resultRoom: { usedBytes: 5, mostBytes: 2 ** 20 },
    wlm: new Wlm({ clock, history, nodeBytes: 2 ** 30 }),
    slices: {
      tables: async () => [
        { slice: 0, tables: [info(75)] },
        { slice: 1, tables: [info(25)] },
      ],
      progress: async () => [],
      blocks: async () => [{ slice: 0, blocks: [block(1), block(-2), block(-4)] }],
    },
    clusterPublicKey: () => Promise.resolve('ssh-rsa AAAA Amazon-Redshift'),
    nodes: {
      list: () => [
        { node: 0, state: 'recovering', sinceMicros: 5n, starts: 2, downMs: 0, cause: 'slice 0: trap\nat x' },
      ],
    },
    transactions: {
      locks: () => [{ tableId: 100_100, mode: 'AccessShareLock', granted: true, sessionPid: 9, xid: 5 }],
      running: () => [{ xid: 5, pid: 9, startedAtMicros: 3n }],
    },
  } as unknown as SystemServices;
  const upper = scalar({
    name: 'upper',
    runsOn: 'anywhere',
    volatility: 'immutable',
    doc: '',
    examples: [],
    kernel: 'upper',
    signatures: [{ args: ['string'], returns: varchar(10) }],
  });
  return systemContext(services, session, { catalog: () => catalog } as unknown as Transaction, [upper]);
}

const admin = contextFor(ADMIN);
const alice = contextFor(ALICE);
const viewOf = (name: string): SystemView => {
  const found = systemViewByName(name.includes('.') ? name : `pg_catalog.${name}`);
  expect(found, name).toBeDefined();
  return found as SystemView;
};
async function select(name: string, context = admin): Promise<Record<string, JsValue>[]> {
  const view = viewOf(name);
  const rows = await systemViewRows(view, context);
  return [...rows].map((row) => Object.fromEntries(view.columns.map((c, i) => [c.name, row[i] ?? null])));
}

describe.each(systemViews().map((v) => [`${v.schema}.${v.name}`, v] as const))('%s', (_name, view) => {
  it('gives rows in physical form and keeps unknown columns NULL', async () => {
    expect(new Set(view.columns.map((c) => c.name)).size).toBe(view.columns.length);
    for (const name of view.unknown ?? []) expect(view.columns.map((c) => c.name)).toContain(name);
    for (const row of await view.rows(admin)) checkRow(view, row);
    for (const row of await systemViewRows(view, admin)) {
      expect(row).toHaveLength(view.columns.length);
      row.forEach((cell, i) => {
        if (cell === null) return;
        const phys = physOf(view.columns[i]!.type);
        const wanted = phys === 'str' ? 'string' : phys === 'i64' || phys === 'i128' ? 'bigint' : 'number';
        expect(typeof cell, `${view.columns[i]!.name}`).toBe(wanted);
      });
    }
  });
});

describe('catalogs', () => {
  it('list relations, keys as indexes, and themselves', async () => {
    const rows = await select('pg_class');
    const orders = rows.find((r) => r['relname'] === 'orders');
    expect(orders).toMatchObject({
      oid: 100_100,
      relkind: 'r',
      reldiststyle: 1,
      relhaspkey: 1,
      relacl: '{admin=arwdRxt/admin,alice=r/admin}',
      reltuples: 90,
    });
    expect(rows.find((r) => r['relname'] === 'orders_pkey')).toMatchObject({ relkind: 'i', oid: 100_150 });
    expect(rows.find((r) => r['relname'] === 'pg_class')).toMatchObject({ oid: 1259, relkind: 'r' });
    expect(rows.find((r) => r['relname'] === 'svv_tables')).toMatchObject({ relkind: 'v' });
    expect(new Set(rows.map((r) => r['oid'])).size).toBe(rows.length);
  });
  it('describe columns with Redshift’s extras', async () => {
    const rows = (await select('pg_attribute')).filter((r) => r['attrelid'] === 100_100);
    expect(
      rows.map((r) => [
        r['attname'],
        r['atttypid'],
        r['atttypmod'],
        r['attisdistkey'],
        r['attsortkeyord'],
        r['attencodingtype'],
      ]),
    ).toEqual([
      ['id', 20, -1, 0, 1, 0],
      ['customer', 1043, 24, 1, 0, 3],
      ['total', 1700, (12 << 16) + 2 + 4, 0, 0, 12],
    ]);
    expect((await select('pg_attrdef')).find((r) => r['adrelid'] === 100_100)).toMatchObject({
      adsrc: `"identity"(100100, 0, '1,2'::text)`,
    });
  });
  it('list types with their arrays and input functions', async () => {
    const rows = await select('pg_type');
    const int4 = rows.find((r) => r['typname'] === 'int4');
    expect(int4).toMatchObject({ oid: 23, typarray: 1007, typcategory: 'N', typinput: 42 });
    expect(rows.find((r) => r['oid'] === 1007)).toMatchObject({ typname: '_int4', typelem: 23, typinput: 750 });
    expect(rows.find((r) => r['typname'] === 'bpchar')).toMatchObject({ oid: 1042 });
    expect(new Set(rows.map((r) => r['oid'])).size).toBe(rows.length);
    expect((await select('pg_proc')).find((r) => r['proname'] === 'array_in')).toMatchObject({ oid: 750 });
    expect((await select('pg_proc')).find((r) => r['proname'] === 'upper')).toMatchObject({
      proargtypes: '1043',
      prokind: 'f',
    });
  });
  it('show keys, comments, dependencies', async () => {
    expect((await select('pg_constraint')).find((r) => r['contype'] === 'f')).toMatchObject({
      conkey: '{1}',
      confkey: '{1}',
      conindid: 100_150,
    });
    expect((await select('pg_index'))[0]).toMatchObject({ indexrelid: 100_150, indkey: '1', indisprimary: 1 });
    expect((await select('pg_description')).map((r) => [r['objsubid'], r['description']])).toEqual([
      [0, 'all orders'],
      [2, 'who bought'],
    ]);
    expect((await select('pg_depend')).some((r) => r['objid'] === 100_300 && r['refobjid'] === 100_100)).toBe(true);
  });
});

describe('visibility', () => {
  it('shows own rows only, except to superusers', async () => {
    expect((await select('stl_query')).map((r) => r['query'])).toEqual([1, 2]);
    expect((await select('stl_query', alice)).map((r) => r['query'])).toEqual([2]);
    expect((await select('stl_scan', alice)).map((r) => r['rows'])).toEqual([5n]);
    expect((await select('sys_query_history', alice)).map((r) => r['query_id'])).toEqual([2n]);
  });
  it('refuses superuser views to others', async () => {
    await expect(select('stv_blocklist', alice)).rejects.toMatchObject({
      sqlstate: '42501',
      message: 'permission denied for relation stv_blocklist',
    });
  });
  it('lists only relations with a privilege', async () => {
    const names = async (context: SystemContext) =>
      (await select('information_schema.tables', context))
        .filter((r) => r['table_schema'] === 'public')
        .map((r) => r['table_name']);
    expect(await names(admin)).toEqual(['orders', 'secret', 'big_orders']);
    expect(await names(alice)).toEqual(['orders']);
  });
});

describe('history and storage', () => {
  it('sum steps over slices and cut texts into pieces', async () => {
    const [scan, dist] = (await select('svl_query_summary')).filter((r) => r['query'] === 1);
    expect(scan).toMatchObject({
      rows: 40n,
      bytes: 320n,
      maxtime: 30n,
      avgtime: 20n,
      is_rrscan: 't',
      rows_pre_filter: 42n,
    });
    expect(dist).toMatchObject({ step: 1, rows: 4n });
    expect((await select('stl_dist'))[0]).toMatchObject({ packets: 3 });
    expect((await select('stl_querytext')).map((r) => [r['query'], r['sequence'], String(r['text']).length])).toEqual(
      [
        [1, 0, 200],
        [1, 1, 107],
        [2, 0, 8],
      ],
    );
    expect((await select('stl_query_metrics')).find((r) => r['query'] === 1 && r['segment'] === -1)).toMatchObject({
      rows: 40n,
      max_rows: 30n,
      slices: 2,
      blocks_read: 4n,
    });
  });
  it('show tables as the slices hold them', async () => {
    expect((await select('svv_table_info'))[0]).toMatchObject({
      table: 'orders',
      diststyle: 'KEY(customer)',
      sortkey1: 'id',
      tbl_rows: 100n,
      size: 8n,
      unsorted: 5000n,
      stats_off: 1000n,
      skew_rows: 300n,
      estimated_visible_rows: 80n,
      encoded: 'Y',
      max_varchar: 20,
    });
    expect((await select('stv_blocklist')).map((r) => r['col'])).toEqual([0, 3, 5]);
    expect(await select('stv_slices')).toEqual([
      { node: 0, slice: 0, localslice: 0, type: 'D' },
      { node: 1, slice: 1, localslice: 0, type: 'D' },
    ]);
  });
});

it('raises alerts from notes and counters', async () => {
  expect((await select('stl_alert_event_log')).map((r) => [r['query'], r['event']])).toEqual([
    [1, 'Missing query planner statistics'],
  ]);
});

it('knows system relations and type functions by name and oid', async () => {
  expect(systemRelationOid(undefined, 'pg_constraint')).toBe(2606);
  for (const row of await select('pg_class')) {
    const relation = systemRelationByOid(Number(row['oid']));
    if (relation !== undefined) expect(relation.name).toBe(row['relname']);
  }
  expect(typeFunctionOid('array_in')).toBe(750);
});

it('finds views as the analyser asks for them', () => {
  expect(systemViewInfo(undefined, 'pg_class')?.name).toBe('pg_catalog.pg_class');
  expect(systemViewInfo('information_schema', 'tables')?.name).toBe('information_schema.tables');
  expect(systemViewInfo(undefined, 'tables')).toBeUndefined();
  expect(systemViewInfo('public', 'pg_class')).toBeUndefined();
});

it('a class of objects names the catalog table that lists it, by the oid it has there', () => {
  for (const of of CLASS_NAMES) {
    const { catalog } = OBJECT_CLASSES[of];
    const table = systemViews().find((v) => v.name === catalog.name && v.schema === 'pg_catalog');
    expect(table, catalog.name).toBeDefined();
    expect(table?.oid ?? catalog.oid).toBe(catalog.oid);
  }
});
