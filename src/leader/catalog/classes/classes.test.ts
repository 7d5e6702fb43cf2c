/**
 * Every class of the registry, the next one included: its objects are put, named, owned, granted on, commented on, depended
 * on, dropped, and come back from a checkpoint, all by their entry alone.
 */
import { describe, expect, it } from 'vitest';
import { plainTable } from '../../ddl/fill-table.ts';
import { bootstrapCatalog } from '../bootstrap.ts';
import { applyChanges, stateAsChanges } from '../catalog.ts';
import { dropChange, putChange, spaceOf, type CatalogChange } from '../changes.ts';
import { commentOf, commentsOn } from '../comments.ts';
import { findObject, missingObject } from '../names.ts';
import type { CatalogObject, ClassName, ObjectTypes, ViewObject } from '../objects.ts';
import { allows, aclOf, grant, isOwner, privilegeLetters, privilegeWord, requireOwner } from '../privileges.ts';
import { fromJson, toJson } from '../serialise.ts';
import { classIn, EMPTY_CATALOG } from '../state.ts';
import { CatalogView } from '../view.ts';
import {
  CLASS_NAMES,
  classOf,
  classOfKind,
  described,
  keptName,
  OBJECT_CLASSES,
  referenceTo,
  traitsOf,
} from './index.ts';

const DB = 100;
const PUBLIC = 2200;
const BOB = 150;
const base = bootstrapCatalog({ databaseName: 'dev', adminName: 'admin' });

/** An object of each class, as small as its type lets it be. */
const SAMPLES: { readonly [C in ClassName]: (oid: number, name: string) => ObjectTypes[C] } = {
  relation: (oid, name) =>
    plainTable({
      oid,
      name,
      schemaOid: PUBLIC,
      ownerOid: BOB,
      createdAtMicros: 5n,
      temporary: false,
      columns: [{ attnum: 1, name: 'a', type: { name: 'int8' }, notNull: false, encoding: 'az64', dropped: false }],
    }),
  routine: (oid, name) => ({
    ...{ kind: 'procedure', oid, name, schemaOid: PUBLIC, ownerOid: BOB, createdAtMicros: 5n, acl: [] },
    ...{ arguments: [], language: 'plpgsql', source: 'begin end', volatility: 'volatile' },
  }),
  schema: (oid, name) => ({ kind: 'schema', oid, name, ownerOid: BOB, acl: [] }),
  database: (oid, name) => ({ kind: 'database', oid, name, ownerOid: BOB }),
  datashare: (oid, name) => ({
    ...{ kind: 'datashare', oid, name, ownerOid: BOB, createdAtMicros: 5n, database: DB, isPublic: false },
    ...{ schemas: [], relations: [], routines: [], includeNew: [], consumers: [] },
  }),
  user: (oid, name) => ({ kind: 'user', oid, name, superuser: false, createdb: false }),
  group: (oid, name) => ({ kind: 'group', oid, name, users: [] }),
  role: (oid, name) => ({ kind: 'role', oid, name, ownerOid: BOB, members: [], system: [] }),
  language: (oid, name) => ({ kind: 'language', oid, name, ownerOid: BOB }),
  'iam-role': (oid, name) => ({ kind: 'iam role', oid, name, ownerOid: BOB }),
  'default-privileges': (oid, name) => ({
    ...{ kind: 'default privileges', oid, name, ownerOid: BOB, objects: 'tables', acl: [] },
  }),
  'rls-policy': (oid, name) => ({
    kind: 'rls policy',
    oid,
    name,
    columns: [],
    using: 'true',
    searchPath: [],
    modifiedBy: BOB,
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
    modifiedBy: BOB,
    modifiedAtMicros: 5n,
  }),
  'copy-job': (oid, name) => ({
    kind: 'copy job',
    oid,
    name,
    ownerOid: BOB,
    table: 100_900,
    text: '',
    source: 's3://bucket/in/',
    iamRole: 'arn:aws:iam::123456789012:role/r',
    auto: true,
    createdAtMicros: 5n,
    before: {},
  }),
  'copy-job-files': (oid, name) => ({ kind: 'copy job files', oid, name, job: 100_901, timeMicros: 5n, files: [] }),
};
const sample = (of: ClassName, oid: number, name: string): CatalogObject => SAMPLES[of](oid, name);
const put = (object: CatalogObject): CatalogChange => putChange(DB, object);
const viewAfter = (...changes: readonly CatalogChange[]): CatalogView =>
  new CatalogView(applyChanges(base, changes, true), DB);
const name = (text: string) => ({ name: text, pos: 0 });

describe.each(CLASS_NAMES)('class %s', (of) => {
  const entry = OBJECT_CLASSES[of];
  const schemaOid = entry.uniqueIn === 'schema' ? PUBLIC : undefined;
  const one = sample(of, 100_001, 'one');

  it('is found by name and oid, keeps its name to itself, and can be renamed', () => {
    const view = viewAfter(put(one));
    expect(view.object<ClassName>(of, one.oid)).toEqual(one);
    expect(view.named<ClassName>(of, keptName(one), schemaOid)).toEqual(one);
    // What is known by more than its name is found by that.
    expect(findObject<ClassName>(view, ['public'], of, name(keptName(one)))).toEqual(one);
    expect(() => viewAfter(put(one), put(sample(of, 100_002, 'one')))).toThrow(entry.duplicate('one').message);
    const renamed = viewAfter(put(one), put({ ...one, name: 'two' }), put(sample(of, 100_002, 'one')));
    expect(renamed.named<ClassName>(of, keptName({ ...one, name: 'two' }), schemaOid)?.oid).toBe(one.oid);
    expect(renamed.named<ClassName>(of, keptName(one), schemaOid)?.oid).toBe(100_002);
    expect(missingObject(of, name('three')).message).toBe(entry.missing('three').message);
  });

  it('is in its space alone, and in no other class', () => {
    const view = viewAfter(put(one));
    expect(view.state.spaces.get(spaceOf(of, DB))?.[of]?.objects.has(one.oid)).toBe(true);
    for (const other of CLASS_NAMES.filter((c) => c !== of)) {
      expect(view.object<ClassName>(other, one.oid)).toBeUndefined();
      const before = classIn<ClassName>(base, other, DB).objects;
      // Dependents of what it belongs to may stand there.
      if (of !== 'database') expect(classIn<ClassName>(view.state, other, DB).objects).toEqual(before);
    }
    expect(view.contents(PUBLIC)).toEqual(entry.uniqueIn === 'schema' ? [one] : []);
    expect(classOf(one)).toBe(of);
    expect(Object.keys(entry.kinds).map((kind) => classOfKind(kind as CatalogObject['kind']))).toContain(of);
    expect(described(one)).toBe(`${one.kind} ${keptName(one)}`);
  });

  it('has an owner and privileges where its entry says so', () => {
    const view = viewAfter(put(one));
    const bob = { kind: 'user', oid: BOB, name: 'bob', superuser: false, createdb: false } as const;
    const eve = { ...bob, oid: 151, name: 'eve' };
    expect(isOwner(bob, one)).toBe(entry.owned);
    expect(() => requireOwner(eve, one)).toThrow(`must be owner of ${entry.noun} one`);
    const letters = entry.privileges === undefined ? '' : privilegeLetters(of, ['all']);
    expect([...letters].map((l) => privilegeLetters(of, [privilegeWord(of, l)])).join('')).toBe(letters);
    const given = { ...one, acl: grant(aclOf(one), eve.oid, BOB, letters) };
    for (const letter of letters) {
      expect(allows(view, bob, one, letter)).toBe(true);
      expect(allows(view, eve, given, letter)).toBe(true);
    }
    expect(() => privilegeLetters(of, ['fly'])).toThrow('invalid privilege type FLY');
  });

  it('has comments where its kind has them', () => {
    const commented = { ...one, comment: 'what it is' };
    const view = viewAfter(put(commented));
    expect(commentOf(view, one.oid, 0)).toBe('what it is');
    expect(commentOf(view, one.oid, 0, entry.catalog.name)).toBe('what it is');
    expect(commentOf(view, one.oid, 0, 'pg_am')).toBeUndefined();
    expect(commentsOn(commented)).toEqual([{ catalog: entry.catalog, oid: one.oid, column: 0, text: 'what it is' }]);
    expect(traitsOf(one)).toBeDefined();
  });

  it('is depended on, by objects of every class, until they let go', () => {
    const reference = referenceTo(one);
    for (const dependent of CLASS_NAMES) {
      const needing: CatalogObject = { ...sample(dependent, 100_010, 'needing'), dependsOn: [reference] };
      const normal = { class: dependent, oid: 100_010, behaviour: 'normal' };
      expect(viewAfter(put(one), put(needing)).dependents(reference)).toEqual([normal]);
      expect(viewAfter(put(needing), put(one)).dependents(reference)).toEqual([normal]);
      expect(viewAfter(put(one), put(needing), put({ ...needing, dependsOn: [] })).dependents(reference)).toEqual([]);
      expect(viewAfter(put(one), put(needing), dropChange(DB, needing)).dependents(reference)).toEqual([]);
    }
  });

  it('is dropped with its name', () => {
    const view = viewAfter(put(one), dropChange(DB, one));
    expect(view.object<ClassName>(of, one.oid)).toBeUndefined();
    expect(view.named<ClassName>(of, 'one', schemaOid)).toBeUndefined();
    expect(
      viewAfter(put(one), dropChange(DB, one), put(sample(of, 100_002, 'one'))).object<ClassName>(of, 100_002),
    ).toBeDefined();
  });

  it('comes back from a checkpoint with its names and dependents', () => {
    const needing: CatalogObject = { ...sample(of, 100_010, 'needing'), dependsOn: [referenceTo(one)] };
    const { state } = viewAfter(put({ ...one, comment: 'what it is' }), put(needing));
    const again = applyChanges(EMPTY_CATALOG, fromJson<readonly CatalogChange[]>(toJson(stateAsChanges(state))));
    expect(again).toEqual(state);
    expect(new CatalogView(again, DB).dependents(referenceTo(one))).toHaveLength(1);
  });
});

describe('dependencies of relations', () => {
  it('foreign keys are parts, storage belongs to its view, a table does not depend on itself', () => {
    const table = SAMPLES.relation(100_001, 't');
    if (table.kind !== 'table') throw new Error('a table');
    const key = (oid: number, tableId: number) =>
      ({ oid, kind: 'foreign', name: `k${oid}`, attnums: [1], references: { tableId, attnums: [1] } }) as const;
    const child = {
      ...table,
      oid: 100_002,
      name: 'child',
      constraints: [key(1, 100_001), key(2, 100_001), key(3, 100_002)],
    };
    const { columns, createdAtMicros, ownerOid, schemaOid } = table;
    const view: ViewObject = {
      ...{ columns, createdAtMicros, ownerOid, schemaOid, acl: [] },
      ...{ kind: 'view', oid: 100_003, name: 'v', queryText: 'select a from t', searchPath: [], lateBinding: false },
      dependsOn: [{ class: 'relation', oid: 100_001 }],
    };
    const storage = { ...table, oid: 100_004, name: 'storage', materializedViewOid: 100_003 };
    const catalog = viewAfter(...[table, child, view, storage].map(put));
    expect(catalog.dependents(referenceTo(table))).toEqual([
      { class: 'relation', oid: 100_002, behaviour: 'part' },
      { class: 'relation', oid: 100_003, behaviour: 'normal' },
    ]);
    expect(catalog.dependents(referenceTo(child))).toEqual([]);
    expect(catalog.dependents(referenceTo(view))).toEqual([{ class: 'relation', oid: 100_004, behaviour: 'auto' }]);
    const left = OBJECT_CLASSES.relation.withoutParts?.(child, ({ oid }) => oid === table.oid);
    expect(left).toMatchObject({ constraints: [{ oid: 3 }] });
    expect(viewAfter(put(table), put(child), put(left!)).dependents(referenceTo(table))).toEqual([]);
  });
});
