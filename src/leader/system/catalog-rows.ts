/**
 * What several catalog views share: relations of every kind with their oids (user relations, the indexes that stand for
 * primary and unique keys, and the system views themselves), names of schemas and users, ACL texts, array texts.
 */
import { Sequence } from '../../common/sequence.ts';
import { granteeNamed } from '../catalog/grantees.ts';
import { allows, allowsColumn } from '../catalog/privileges.ts';
import type {
  AclEntry,
  CatalogColumn,
  RelationObject,
  TableConstraintInfo,
  TableObject,
} from '../catalog/objects.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { TYPE_INFO } from '../../types/sql-type.ts';
import { ENCODING_CODES } from '../../types/encoding-codes.ts';
import type { SystemContext, SystemView } from './define.ts';

export const PG_CATALOG_OID = 11;
export const INFORMATION_SCHEMA_OID = 11_000;
export const PG_REWRITE_OID = 2618;
const FIRST_SYSTEM_VIEW_OID = 20_000;

export const schemaName = (ctx: SystemContext, oid: number): string => ctx.catalog.schemaByOid(oid)?.name ?? '';
export const userName = (ctx: SystemContext, oid: number): string => ctx.catalog.userByOid(oid)?.name ?? 'unknown';

/** '{a,"b c"}' */
export function arrayText(items: readonly (string | number | null)[]): string {
  const cell = (item: string | number | null): string => {
    if (item === null) return 'NULL';
    const text = String(item);
    return /^[^\s{},"\\]+$/.test(text) && !/^null$/i.test(text) ? text : `"${text.replace(/(["\\])/g, '\\$1')}"`;
  };
  return `{${items.map(cell).join(',')}}`;
}

const LETTER_ORDER = 'arwdRxtDUCTAX';

function entryText(ctx: SystemContext, entry: AclEntry): readonly string[] {
  const { kind, name } = granteeNamed(ctx.catalog, entry.grantee);
  if (name === undefined) return [];
  const grantee = kind === 'public' ? '' : kind === 'user' ? name : `${kind} ${name}`;
  const letters = [...entry.privileges]
    .sort((a, b) => LETTER_ORDER.indexOf(a) - LETTER_ORDER.indexOf(b))
    .map((letter) => (entry.grantable?.includes(letter) === true ? `${letter}*` : letter))
    .join('');
  return [`${grantee}=${letters}/${userName(ctx, entry.grantor)}`];
}

/** aclitem[] text; NULL while nothing was granted, because the owner's rights need no entry. */
export function aclText(ctx: SystemContext, acl: readonly AclEntry[]): string | null {
  return acl.length === 0 ? null : arrayText(acl.flatMap((entry) => entryText(ctx, entry)));
}

/** What owners have; it is listed, first, once anything was granted to anyone. */
export const RELATION_RIGHTS = 'arwdRxt';
export const SCHEMA_RIGHTS = 'UC';
export const DATABASE_RIGHTS = 'CT';
export const ROUTINE_RIGHTS = 'X';
export const LANGUAGE_RIGHTS = 'U';
export function ownedAclText(
  ctx: SystemContext,
  { ownerOid, acl }: { readonly ownerOid: number; readonly acl: readonly AclEntry[] },
  rights: string,
): string | null {
  const others = acl.filter((entry) => entry.grantee !== ownerOid);
  const own: AclEntry = { grantee: ownerOid, grantor: ownerOid, privileges: rights };
  return aclText(ctx, others.length === 0 ? [] : [own, ...others]);
}

export const isTable = (r: RelationObject): r is TableObject => r.kind === 'table';
export const tablesOf = (ctx: SystemContext): readonly TableObject[] => ctx.catalog.relations().filter(isTable);

/** Whether the reader may use the relation at all: some privilege on it, and USAGE on its schema. */
export function mayUse(ctx: SystemContext, relation: RelationObject): boolean {
  const { user } = ctx.session;
  const schema = ctx.catalog.schemaByOid(relation.schemaOid);
  const inSchema =
    schema !== undefined && (schema.temporaryOf === ctx.session.pid || allows(ctx.catalog, user, schema, 'U'));
  if (!inSchema) return false;
  return (
    [...'rawdx'].some((letter) => allows(ctx.catalog, user, relation, letter)) ||
    relation.columns.some(
      (c) => c.acl !== undefined && [...'rw'].some((l) => allowsColumn(ctx.catalog, user, relation, c, l)),
    )
  );
}
export const usableRelations = (ctx: SystemContext): Sequence<RelationObject> =>
  Sequence.of(ctx.catalog.relations()).filter((r) => mayUse(ctx, r));

/** A primary or unique key seen as the index it has in PostgreSQL's catalogs. Its oid is the constraint's. */
export interface KeyIndex {
  readonly oid: number;
  readonly name: string;
  readonly table: TableObject;
  readonly constraint: TableConstraintInfo;
  readonly columns: readonly CatalogColumn[];
}
export function keyIndexes(ctx: SystemContext): readonly KeyIndex[] {
  return tablesOf(ctx).flatMap((table) =>
    table.constraints
      .filter((c) => c.kind !== 'foreign')
      .map((constraint) => ({
        oid: constraint.oid,
        name: constraint.name,
        table,
        constraint,
        columns: constraint.attnums.map((a) => table.columns.find((c) => c.attnum === a) as CatalogColumn),
      })),
  );
}

export interface SystemRelation {
  readonly oid: number;
  readonly schemaOid: number;
  readonly view: SystemView;
}
const systemRelationCache = new WeakMap<readonly SystemView[], readonly SystemRelation[]>();

/** The system views as relations, oids below every user object, in the order of their names. */
export function relationsOfViews(views: readonly SystemView[]): readonly SystemRelation[] {
  const known = systemRelationCache.get(views);
  if (known !== undefined) return known;
  const made = [...views]
    .sort((a, b) => (`${a.schema}.${a.name}` < `${b.schema}.${b.name}` ? -1 : 1))
    .map((view, i) => ({
      oid: view.oid ?? FIRST_SYSTEM_VIEW_OID + i,
      schemaOid: view.schema === 'pg_catalog' ? PG_CATALOG_OID : INFORMATION_SCHEMA_OID,
      view,
    }));
  systemRelationCache.set(views, made);
  return made;
}
export const systemRelations = (ctx: SystemContext): readonly SystemRelation[] => relationsOfViews(ctx.views);
/** Catalog tables (pg_class and the like) are tables, everything else is a view. */
export const systemRelkind = (view: SystemView): 'r' | 'v' =>
  view.oid !== undefined && view.schema === 'pg_catalog' ? 'r' : 'v';

const DISTSTYLE_CODES = { even: 0, key: 1, all: 8, auto: 9 } as const;
const AUTO_CODES = { all: 10, even: 11, key: 12 } as const;
export const diststyleCode = (table: TableObject): number => DISTSTYLE_CODES[table.diststyle];
export const effectiveDiststyleCode = (table: TableObject): number =>
  table.diststyle === 'auto' ? AUTO_CODES[table.effectiveDiststyle] : DISTSTYLE_CODES[table.effectiveDiststyle];

/** Position in the sort key from 1, sign alternating for interleaved keys; 0 when the column is not in it. */
export function sortkeyOrder(relation: RelationObject, attnum: number): number {
  if (relation.kind !== 'table') return 0;
  const position = relation.sortkey.indexOf(attnum) + 1;
  return relation.sortkeyStyle === 'interleaved' && position % 2 === 0 ? -position : position;
}
export const encodingCode = (encoding: string): number => ENCODING_CODES[encoding] ?? 0;

/** pg_type.typname. */
export function typeName(type: SqlType): string {
  if (type.name === 'char') return 'bpchar';
  return type.name === 'chartype' ? 'char' : type.name;
}
export const typeOid = (type: SqlType): number => TYPE_INFO[type.name].oid;

/** Name and numbers of a type as information_schema.columns and SVV_COLUMNS show them. */
export interface TypeFacts {
  readonly dataType: string;
  readonly length: number | null;
  readonly precision: number | null;
  readonly radix: number | null;
  readonly scale: number | null;
  readonly datetimePrecision: number | null;
}
const BINARY_PRECISION: Readonly<Record<string, number>> = { int2: 16, int4: 32, int8: 64, float4: 24, float8: 53 };

export function typeFacts(type: SqlType): TypeFacts {
  const binary = BINARY_PRECISION[type.name];
  const isNumeric = type.name === 'numeric';
  const integer = type.name === 'int2' || type.name === 'int4' || type.name === 'int8';
  const time =
    type.name === 'timestamp' || type.name === 'timestamptz' || type.name === 'time' || type.name === 'timetz';
  return {
    dataType: TYPE_INFO[type.name].sqlName,
    length: type.length ?? null,
    precision: isNumeric ? (type.precision ?? null) : (binary ?? null),
    radix: isNumeric ? 10 : binary === undefined ? null : 2,
    scale: isNumeric ? (type.scale ?? 0) : integer ? 0 : null,
    datetimePrecision: time ? 6 : type.name === 'date' ? 0 : null,
  };
}

/** As pg_collation lists them; the first is the database's. */
export const COLLATIONS: readonly string[] = ['default', 'case_insensitive', 'case_sensitive'];
const FIRST_COLLATION_OID = 100;
/** Null: the database's. */
export const collationOid = (name: string | null): number =>
  FIRST_COLLATION_OID + COLLATIONS.indexOf(name ?? 'default');

export const yesNo = (value: boolean): string => (value ? 'YES' : 'NO');
