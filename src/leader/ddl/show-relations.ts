/**
 * SHOW DATABASES, SCHEMAS, TABLES, COLUMNS, TABLE and VIEW: rows under the columns of shown-columns.ts. Objects the user
 * has no right on are left out of the lists.
 */
import { wrongObjectType } from '../../common/errors/catalogue.ts';
import { formatType } from '../../types/sql-type.ts';
import { collationName } from '../catalog/column-types.ts';
import { defaultText, diststyleText, tableDdl, viewDdl } from '../catalog/ddl-text.ts';
import { granteeNamed } from '../catalog/grantees.ts';
import { isolationWords } from '../catalog/isolation.ts';
import { requireRelation, schemaNameOf } from '../catalog/names.ts';
import { liveColumns, type AclEntry, type CatalogSnapshot } from '../catalog/objects.ts';
import { isVisible, shownCatalog, shownRelation, shownSchema } from './show-context.ts';
import type { Cells, Listed, Show, ShowContext } from './show-context.ts';

/** grantee=letters/grantor, as aclitem prints; null for an ACL never changed. */
function aclText(catalog: CatalogSnapshot, acl: readonly AclEntry[]): string | null {
  if (acl.length === 0) return null;
  const nameOf = (grantee: number): string => {
    const { kind, oid, name = String(oid) } = granteeNamed(catalog, grantee);
    return kind === 'public' ? '' : kind === 'user' ? name : `${kind} ${name}`;
  };
  const letters = (e: AclEntry): string =>
    [...e.privileges].map((l) => (e.grantable?.includes(l) === true ? `${l}*` : l)).join('');
  return acl.map((e) => `${nameOf(e.grantee)}=${letters(e)}/${nameOf(e.grantor)}`).join('~');
}

const ownerName = (catalog: CatalogSnapshot, oid: number): string => catalog.userByOid(oid)?.name ?? 'unknown';

export function listDatabases({ transaction }: ShowContext): readonly Listed[] {
  const catalog = transaction.catalog();
  return catalog
    .databases()
    .map((d) => [
      d.name,
      [d.name, ownerName(catalog, d.ownerOid), 'local', aclText(catalog, d.acl ?? []), '', isolationWords(d)],
    ]);
}

export function listSchemas(context: ShowContext, { names }: Show): readonly Listed[] {
  const catalog = shownCatalog(context, names[0]);
  if (catalog === undefined) return [];
  return catalog
    .schemas()
    .filter((s) => s.temporaryOf === undefined)
    .map((s) => [
      s.name,
      [catalog.database.name, s.name, ownerName(catalog, s.ownerOid), 'local', aclText(catalog, s.acl), null, null],
    ]);
}

export function listTables(context: ShowContext, show: Show): readonly Listed[] {
  const shown = shownSchema(context, show);
  if (shown === undefined) return [];
  const { catalog, schema } = shown;
  const inside = catalog.relations().filter((r) => r.schemaOid === schema.oid && isVisible(context, catalog, r));
  return inside.map((r) => {
    const subtype =
      r.kind === 'table'
        ? 'REGULAR TABLE'
        : r.kind === 'view'
          ? r.lateBinding
            ? 'LATE BINDING VIEW'
            : 'REGULAR VIEW'
          : 'MATERIALIZED VIEW';
    return [
      r.name,
      [
        catalog.database.name,
        schema.name,
        r.name,
        r.kind === 'table' ? 'TABLE' : 'VIEW',
        aclText(catalog, r.acl),
        r.comment ?? null,
        ownerName(catalog, r.ownerOid),
        null,
        null,
        r.kind === 'table' ? diststyleText(r) : null,
        subtype,
      ],
    ];
  });
}

export function listColumns(context: ShowContext, show: Show): readonly Listed[] {
  const shown = shownRelation(context, show);
  if (shown === undefined) return [];
  const { catalog, relation } = shown;
  const table = relation.kind === 'table' ? relation : undefined;
  return liveColumns(relation).map((c, i) => {
    const { type } = c;
    const sortAt = table?.sortkey.indexOf(c.attnum) ?? -1;
    const text = type.name === 'char' || type.name === 'varchar';
    return [
      c.name,
      [
        catalog.database.name,
        schemaNameOf(catalog, relation),
        relation.name,
        c.name,
        String(i + 1),
        defaultText(relation, c) ?? null,
        c.notNull ? 'NO' : 'YES',
        formatType({ name: type.name }),
        text && type.length !== undefined ? String(type.length) : null,
        type.name === 'numeric' ? String(type.precision) : null,
        type.name === 'numeric' ? String(type.scale) : null,
        relation.columnComments?.[c.attnum] ?? null,
        sortAt < 0 ? null : table!.sortkeyStyle.toUpperCase(),
        sortAt < 0 ? null : String(sortAt + 1),
        table?.distkey === c.attnum ? '1' : null,
        table === undefined ? null : c.encoding === 'raw' ? 'none' : c.encoding,
        text ? (collationName(type, catalog.database.collation) ?? 'default') : null,
      ],
    ];
  });
}

/** SHOW TABLE and SHOW VIEW: the statement that makes the relation, which must be there. */
export function definition(context: ShowContext, show: Show): readonly Cells[] {
  const catalog = context.transaction.catalog();
  const [name = '', schema, database] = [...show.names].reverse();
  const relation = requireRelation(catalog, context.session.searchPath(), {
    ...(database === undefined ? {} : { database }),
    ...(schema === undefined ? {} : { schema }),
    name,
    pos: show.pos,
  });
  if (show.what === 'table') {
    if (relation.kind !== 'table') throw wrongObjectType(relation.name, 'table');
    return [[tableDdl(catalog, relation)]];
  }
  if (relation.kind === 'table') throw wrongObjectType(relation.name, 'view');
  return [[viewDdl(catalog, relation)]];
}
