/** Commits of changes that were made from what is no longer there, for every class: the net below the locks on objects. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../common/clock.ts';
import { dropObject, putObject, putStatistics } from '../catalog/changes.ts';
import { CLASS_NAMES, classOf, referenceTo } from '../catalog/classes/index.ts';
import type { CatalogObject, ClassName } from '../catalog/objects.ts';
import { plainTable } from '../ddl/fill-table.ts';
import { FakeDisk } from './disk-fake.ts';
import { openTransactionManager, type LeaderTransactionManager } from './transaction-manager.ts';
import type { LeaderTransaction } from './transaction.ts';
import { uninterrupted } from './waits.ts';

const DB = 100;
const NOBODY = 999;
const SAMPLES: Readonly<Record<ClassName, (oid: number, name: string) => CatalogObject>> = {
  relation: (oid, name) =>
    plainTable({
      ...{ oid, name, schemaOid: 2200, ownerOid: 100, createdAtMicros: 5n, temporary: false },
      columns: [{ attnum: 1, name: 'a', type: { name: 'int8' }, notNull: false, encoding: 'az64', dropped: false }],
    }),
  routine: (oid, name) => ({
    ...{ kind: 'procedure', oid, name, schemaOid: 2200, ownerOid: 100, createdAtMicros: 5n, acl: [] },
    ...{ arguments: [], language: 'plpgsql', source: 'begin end', volatility: 'volatile' },
  }),
  schema: (oid, name) => ({ kind: 'schema', oid, name, ownerOid: 100, acl: [] }),
  database: (oid, name) => ({ kind: 'database', oid, name, ownerOid: 100 }),
  datashare: (oid, name) => ({
    ...{ kind: 'datashare', oid, name, ownerOid: 100, createdAtMicros: 5n, database: DB, isPublic: false },
    ...{ schemas: [], relations: [], routines: [], includeNew: [], consumers: [] },
  }),
  user: (oid, name) => ({ kind: 'user', oid, name, superuser: false, createdb: false }),
  group: (oid, name) => ({ kind: 'group', oid, name, users: [] }),
  role: (oid, name) => ({ kind: 'role', oid, name, ownerOid: 100, members: [], system: [] }),
  language: (oid, name) => ({ kind: 'language', oid, name, ownerOid: 100 }),
  'iam-role': (oid, name) => ({ kind: 'iam role', oid, name, ownerOid: 100 }),
  'default-privileges': (oid, name) => ({
    ...{ kind: 'default privileges', oid, name, ownerOid: 100, objects: 'tables', acl: [] },
  }),
  'rls-policy': (oid, name) => ({
    kind: 'rls policy',
    oid,
    name,
    columns: [],
    using: 'true',
    searchPath: [],
    modifiedBy: 100,
    modifiedAtMicros: 5n,
  }),
  'masking-policy': (oid, name) => ({
    kind: 'masking policy',
    oid,
    name,
    outputs: 1,
    columns: [],
    using: 'true',
    searchPath: [],
    modifiedBy: 100,
    modifiedAtMicros: 5n,
  }),
  'copy-job': (oid, name) => ({
    ...{ kind: 'copy job', oid, name, ownerOid: 100, table: 100_900, text: '', source: 's3://bucket/in/' },
    ...{ iamRole: '', auto: true, createdAtMicros: 5n, before: {} },
  }),
  'copy-job-files': (oid, name) => ({ kind: 'copy job files', oid, name, job: 100_901, timeMicros: 5n, files: [] }),
};

async function start(): Promise<LeaderTransactionManager> {
  const none = async (): Promise<void> => undefined;
  return openTransactionManager({
    ...{ disk: new FakeDisk(), directory: '.', clock: systemClock, memory: true },
    slicePort: { applyCommit: none, rollback: none, checkpoint: none, recover: none },
  });
}
const begin = (manager: LeaderTransactionManager): LeaderTransaction =>
  manager.begin(DB, 1, { readOnly: false, signal: uninterrupted });
async function committed(manager: LeaderTransactionManager, work: (t: LeaderTransaction) => void): Promise<void> {
  const transaction = begin(manager);
  work(transaction);
  await transaction.commit();
}
const REFUSED = { sqlstate: '40001', message: 'could not complete because of conflict with concurrent transaction' };

type Work = (t: LeaderTransaction, object: CatalogObject) => void;
const WORKS: Readonly<Record<string, Work>> = {
  change: (t, object) => putObject(t, { ...object, comment: 'changed' }),
  drop: (t, object) => dropObject(t, object),
};
const PAIRS = Object.keys(WORKS).flatMap((a) => Object.keys(WORKS).map((b) => [a, b] as const));

describe.each(CLASS_NAMES)('class %s', (of) => {
  it.each(PAIRS)('%s under an open %s: the second commit is refused', async (now, open) => {
    const manager = await start();
    const object = SAMPLES[of](100_001, 'one');
    await committed(manager, (t) => putObject(t, object));
    const second = begin(manager);
    WORKS[open]!(second, object);
    await committed(manager, (t) => WORKS[now]!(t, object));
    const left = begin(manager).catalog().object<ClassName>(of, object.oid);
    await expect(second.commit()).rejects.toMatchObject(REFUSED);
    expect(begin(manager).catalog().object<ClassName>(of, object.oid)).toEqual(left);
    expect(left === undefined).toBe(now === 'drop');
  });

  it('an oid that somebody has is not taken', async () => {
    const manager = await start();
    const second = begin(manager);
    putObject(second, SAMPLES[of](100_001, 'two'));
    await committed(manager, (t) => putObject(t, SAMPLES[of](100_001, 'one')));
    await expect(second.commit()).rejects.toMatchObject(REFUSED);
    expect(begin(manager).catalog().object<ClassName>(of, 100_001)?.name).toBe('one');
  });

  it('an owner, grantee or member that is gone is not named', async () => {
    const manager = await start();
    const object = SAMPLES[of](100_001, 'one');
    await committed(manager, (t) => putObject(t, object));
    const named: Partial<CatalogObject>[] = [{ acl: [{ grantee: NOBODY, grantor: 100, privileges: 'U' }] }];
    if (object.ownerOid !== undefined) named.push({ ownerOid: NOBODY });
    if (classOf(object) === 'group') named.push({ users: [NOBODY] } as Partial<CatalogObject>);
    for (const more of named) {
      const changed = { ...object, ...more } as CatalogObject;
      await expect(committed(manager, (t) => putObject(t, changed))).rejects.toMatchObject(REFUSED);
    }
    expect(begin(manager).catalog().dependents(referenceTo(object))).toEqual([]);
  });
});

describe('schemas and tables', () => {
  const schema = SAMPLES.schema(100_001, 's');
  const inside = { ...SAMPLES.relation(100_002, 't'), schemaOid: schema.oid } as CatalogObject;

  it('nothing is put into a schema that is gone, and a schema with something in it does not go', async () => {
    const manager = await start();
    await committed(manager, (t) => putObject(t, schema));
    const creating = begin(manager);
    putObject(creating, inside);
    const dropping = begin(manager);
    dropObject(dropping, schema);
    await committed(manager, (t) => putObject(t, inside));
    await expect(dropping.commit()).rejects.toMatchObject(REFUSED);
    await committed(manager, (t) => {
      dropObject(t, inside);
      dropObject(t, schema);
    });
    await expect(creating.commit()).rejects.toMatchObject(REFUSED);
  });

  it('statistics stand in the way of nobody, and a change of the table keeps them', async () => {
    const manager = await start();
    await committed(manager, (t) => putObject(t, SAMPLES.relation(100_003, 't')));
    const second = begin(manager);
    WORKS['change']!(second, SAMPLES.relation(100_003, 't'));
    const statistics = { rowCount: 7, columns: [], analyzedAtMicros: 1n, modifiedRows: 0 };
    await committed(manager, (t) => putStatistics(t, 100_003, statistics));
    await second.commit();
    expect(begin(manager).catalog().relationByOid(100_003)).toMatchObject({
      statistics,
      comment: 'changed',
    });
  });
});
