/**
 * Every relation the reader may use, user and system alike, in one shape: what the listing views (information_schema,
 * SVV_TABLES, SVV_COLUMNS, PG_TABLES ...) print. Owner of system relations is rdsdb (oid 1).
 */
import { defaultText } from '../catalog/ddl-text.ts';
import { Sequence } from '../../common/sequence.ts';
import type { RelationObject } from '../catalog/objects.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { SqlType } from '../../types/sql-type.ts';
import {
  RELATION_RIGHTS,
  ownedAclText,
  schemaName,
  sortkeyOrder,
  systemRelations,
  systemRelkind,
  usableRelations,
} from './catalog-rows.ts';
import type { SystemContext, SystemRow } from './define.ts';

export interface ListedColumn {
  readonly name: string;
  readonly position: number;
  readonly type: SqlType;
  readonly notNull: boolean;
  readonly defaultText: string | null;
  readonly comment: string | null;
  readonly encoding: string;
  readonly distkey: boolean;
  readonly sortkey: number;
}
export interface ListedRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly ownerOid: number;
  readonly isView: boolean;
  readonly temporary: boolean;
  readonly acl: string | null;
  readonly comment: string | null;
  readonly columns: readonly ListedColumn[];
  /** undefined for system relations. */
  readonly object: RelationObject | undefined;
}

const RDSDB = 1;

function userRelation(ctx: SystemContext, r: RelationObject): ListedRelation {
  return {
    oid: r.oid,
    schema: schemaName(ctx, r.schemaOid),
    name: r.name,
    ownerOid: r.ownerOid,
    isView: r.kind !== 'table',
    temporary: r.kind === 'table' && r.temporary,
    acl: ownedAclText(ctx, r, RELATION_RIGHTS),
    comment: r.comment ?? null,
    object: r,
    columns: liveColumns(r).map((c, i) => ({
      name: c.name,
      position: i + 1,
      type: c.type,
      notNull: c.notNull,
      defaultText: defaultText(r, c) ?? null,
      comment: r.columnComments?.[c.attnum] ?? null,
      encoding: c.encoding,
      distkey: r.kind === 'table' && r.distkey === c.attnum,
      sortkey: sortkeyOrder(r, c.attnum),
    })),
  };
}

const plainColumn = { notNull: false, defaultText: null, comment: null, encoding: 'raw', distkey: false, sortkey: 0 };

/** Columns of a listed relation, those of a late-binding view as they are now. */
export function columnsNow(ctx: SystemContext, { object, columns }: ListedRelation): readonly ListedColumn[] {
  if (object?.kind !== 'view' || !object.lateBinding) return columns;
  const { services, session, transaction } = ctx;
  return services
    .lateColumns(session, transaction, object)
    .map((c, i) => ({ ...plainColumn, ...c, position: i + 1 }));
}

export function userRelations(ctx: SystemContext): Sequence<ListedRelation> {
  return usableRelations(ctx).map((r) => userRelation(ctx, r));
}
export function listedRelations(ctx: SystemContext): Sequence<ListedRelation> {
  const system = Sequence.of(systemRelations(ctx)).map(({ oid, view }): ListedRelation => ({
    oid,
    schema: view.schema,
    name: view.name,
    ownerOid: RDSDB,
    isView: systemRelkind(view) === 'v',
    temporary: false,
    acl: '{=r/rdsdb}',
    comment: null,
    object: undefined,
    columns: view.columns.map((c, i) => ({ ...plainColumn, name: c.name, position: i + 1, type: c.type })),
  }));
  return Sequence.of(userRelations(ctx), system);
}

/** Rows of SVV_ALL_TABLES and SVV_REDSHIFT_TABLES: without outside databases both list the same. */
export function databaseTableRows(ctx: SystemContext): Sequence<SystemRow> {
  return userRelations(ctx).map((r) => ({
    database_name: ctx.catalog.database.name,
    schema_name: r.schema,
    table_name: r.name,
    table_type: r.isView ? 'VIEW' : 'TABLE',
    table_acl: r.acl,
    remarks: r.comment,
  }));
}
