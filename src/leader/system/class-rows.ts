/**
 * Rows of pg_class and pg_attribute: user relations, one index relation per primary or unique key (as PostgreSQL's
 * catalogs have it, though nothing is stored for it), and the system relations. Shared with PG_CLASS_INFO and
 * PG_ATTRIBUTE_INFO.
 */
import { defaultText } from '../catalog/ddl-text.ts';
import { Sequence } from '../../common/sequence.ts';
import type { CatalogColumn, RelationObject } from '../catalog/objects.ts';
import { collationName } from '../catalog/column-types.ts';
import type { Collation, SqlType } from '../../types/sql-type.ts';
import { TYPE_INFO, typeModifier } from '../../types/sql-type.ts';
import {
  RELATION_RIGHTS,
  collationOid,
  diststyleCode,
  effectiveDiststyleCode,
  encodingCode,
  keyIndexes,
  ownedAclText,
  sortkeyOrder,
  systemRelations,
  systemRelkind,
  tablesOf,
  typeOid,
} from './catalog-rows.ts';
import type { SystemContext, SystemRow } from './define.ts';

const RDSDB = 1;
const BTREE = 403;
const CLASS_DEFAULTS: SystemRow = {
  reltype: 0,
  relam: 0,
  reltablespace: 0,
  reltuples: 0,
  reltoastrelid: 0,
  reltoastidxid: 0,
  relhasindex: false,
  relisshared: false,
  relexternid: 0,
  relisreplicated: false,
  relispinned: false,
  reldiststyle: 0,
  relprojbaseid: 0,
  relchecks: 0,
  reltriggers: 0,
  relukeys: 0,
  relfkeys: 0,
  relrefs: 0,
  relhasoids: false,
  relhaspkey: false,
  relhasrules: false,
  relhassubclass: false,
  relpersistence: 'p',
  relhastriggers: false,
  reloftype: 0,
  relrowsecurity: false,
  relforcerowsecurity: false,
  relispartition: false,
  relispopulated: true,
  relreplident: 'n',
  releffectivediststyle: 0,
};

function relationRow(ctx: SystemContext, r: RelationObject, references: ReadonlyMap<number, number>): SystemRow {
  const base: SystemRow = {
    ...CLASS_DEFAULTS,
    oid: r.oid,
    relname: r.name,
    relnamespace: r.schemaOid,
    relowner: r.ownerOid,
    relfilenode: r.oid,
    relnatts: r.columns.length,
    relacl: ownedAclText(ctx, r, RELATION_RIGHTS),
    relcreationtime: r.createdAtMicros,
    relkind: 'v',
    relhasrules: true,
  };
  if (r.kind !== 'table') return base;
  const count = (kind: string): number => r.constraints.filter((c) => c.kind === kind).length;
  return {
    ...base,
    relkind: 'r',
    relhasrules: false,
    reltuples: r.statistics?.rowCount ?? 0,
    reldiststyle: diststyleCode(r),
    releffectivediststyle: effectiveDiststyleCode(r),
    relhasindex: count('primary') + count('unique') > 0,
    relukeys: count('unique'),
    relfkeys: count('foreign'),
    relrefs: references.get(r.oid) ?? 0,
    relhastriggers: count('foreign') > 0 || references.has(r.oid),
    relhaspkey: count('primary') > 0,
    relpersistence: r.temporary ? 't' : 'p',
  };
}

/** How many foreign keys point at each table. */
function referenceCounts(ctx: SystemContext): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const table of tablesOf(ctx)) {
    for (const { references } of table.constraints) {
      if (references !== undefined) counts.set(references.tableId, (counts.get(references.tableId) ?? 0) + 1);
    }
  }
  return counts;
}

export function classRows(ctx: SystemContext): Sequence<SystemRow> {
  const references = referenceCounts(ctx);
  const indexes = keyIndexes(ctx).map((i) => ({
    ...CLASS_DEFAULTS,
    oid: i.oid,
    relname: i.name,
    relnamespace: i.table.schemaOid,
    relowner: i.table.ownerOid,
    relam: BTREE,
    relfilenode: i.oid,
    relkind: 'i',
    relnatts: i.columns.length,
    relpersistence: i.table.temporary ? 't' : 'p',
  }));
  const system = systemRelations(ctx).map(({ oid, schemaOid, view }) => ({
    ...CLASS_DEFAULTS,
    oid,
    relname: view.name,
    relnamespace: schemaOid,
    relowner: RDSDB,
    relfilenode: oid,
    relkind: systemRelkind(view),
    relnatts: view.columns.length,
    relhasrules: systemRelkind(view) === 'v',
    relacl: '{=r/rdsdb}',
  }));
  const relations = Sequence.of(ctx.catalog.relations()).map((r) => relationRow(ctx, r, references));
  return Sequence.of<SystemRow>(relations, indexes, system);
}

function typeColumns(type: SqlType, database: Collation | undefined): SystemRow {
  const { size, phys } = TYPE_INFO[type.name];
  const fixed = size > 0;
  return {
    atttypid: typeOid(type),
    attlen: size,
    atttypmod: typeModifier(type),
    attbyval: fixed && size <= 8 && phys !== 'str',
    attstorage: fixed ? 'p' : type.name === 'numeric' ? 'm' : 'x',
    attalign: size === 8 ? 'd' : size === 2 ? 's' : size === 1 ? 'c' : 'i',
    attndims: TYPE_INFO[type.name].category === 'A' ? 1 : 0,
    attcollation: TYPE_INFO[type.name].category === 'S' ? collationOid(collationName(type, database)) : 0,
  };
}
const ATTRIBUTE_DEFAULTS: SystemRow = {
  attstattarget: -1,
  attcacheoff: -1,
  attnotnull: false,
  atthasdef: false,
  attisdropped: false,
  attislocal: true,
  attinhcount: 0,
  attisdistkey: false,
  attispreloaded: false,
  attsortkeyord: 0,
  attencodingtype: 0,
  attencrypttype: 0,
  attidentity: '',
  attgenerated: '',
  atthasmissing: false,
};

function columnRow(r: RelationObject, c: CatalogColumn, database: Collation | undefined): SystemRow {
  return {
    ...ATTRIBUTE_DEFAULTS,
    ...typeColumns(c.type, database),
    attrelid: r.oid,
    attnum: c.attnum,
    attname: c.dropped ? `........pg.dropped.${c.attnum}........` : c.name,
    attnotnull: c.notNull,
    atthasdef: defaultText(r, c) !== undefined,
    attisdropped: c.dropped,
    atthasmissing: c.missingValue !== undefined,
    attisdistkey: r.kind === 'table' && r.distkey === c.attnum,
    attsortkeyord: sortkeyOrder(r, c.attnum),
    attencodingtype: encodingCode(c.encoding),
  };
}

export function attributeRows(ctx: SystemContext): Sequence<SystemRow> {
  const database = ctx.catalog.database.collation;
  const user = Sequence.of(ctx.catalog.relations()).flatMap((r) => r.columns.map((c) => columnRow(r, c, database)));
  const indexes = Sequence.of(keyIndexes(ctx)).flatMap((i) =>
    i.columns.map((c, n) => ({
      ...ATTRIBUTE_DEFAULTS,
      ...typeColumns(c.type, database),
      attrelid: i.oid,
      attname: c.name,
      attnum: n + 1,
    })),
  );
  const system = Sequence.of(systemRelations(ctx)).flatMap(({ oid, view }) =>
    view.columns.map((c, n) => ({
      ...ATTRIBUTE_DEFAULTS,
      ...typeColumns(c.type, database),
      attrelid: oid,
      attname: c.name,
      attnum: n + 1,
    })),
  );
  return Sequence.of<SystemRow>(user, indexes, system);
}
