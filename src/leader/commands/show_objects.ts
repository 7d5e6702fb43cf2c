/**
 * SHOW DATABASES, SCHEMAS, TABLES, COLUMNS, TABLE and VIEW. Rows are text cells in Redshift's columns; objects the user
 * has no right on are left out of the lists.
 */
import {
  featureNotSupported,
  invalidParameterValue,
  syntaxErrorEnd,
  undefinedDatabase,
  undefinedSchema,
  wrongObjectType,
} from '../../common/errors/catalogue.ts';
import { formatType } from '../../types/sql-type.ts';
import { collationName } from '../catalog/column-types.ts';
import { diststyleText, tableDdl, viewDdl } from '../catalog/ddl-text.ts';
import { isolationWords } from '../catalog/isolation.ts';
import { requireRelation, schemaNameOf } from '../catalog/names.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { AclEntry, CatalogSnapshot, RelationObject } from '../catalog/objects.ts';
import { allows } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';
import type { QualifiedName, Statement } from '../parser/ast.ts';
import type { InternalResult } from '../ddl/context.ts';
import type { CommandContext } from './command.ts';

type Show = Extract<Statement, { kind: 'show-objects' }>;
type Cells = readonly (string | null)[];

const LIMIT_MAX = 10_000;

/** A LIKE pattern as a test: % any run, _ one character, backslash escapes. */
export function likeTest(pattern: string | undefined): (text: string) => boolean {
  if (pattern === undefined) return () => true;
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === '%') source += '.*';
    else if (c === '_') source += '.';
    else
      source += (c === '\\' && i + 1 < pattern.length ? pattern[++i]! : c).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  }
  const expression = new RegExp(`^${source}$`, 'su');
  return (text) => expression.test(text);
}

/** grantee=letters/grantor, as aclitem prints; null for an ACL never changed. */
export function aclText(catalog: CatalogSnapshot, acl: readonly AclEntry[]): string | null {
  if (acl.length === 0) return null;
  const nameOf = (oid: number): string =>
    oid === 0
      ? ''
      : oid > 0
        ? (catalog.userByOid(oid)?.name ?? String(oid))
        : `group ${catalog.object('group', -oid)?.name ?? String(-oid)}`;
  return acl.map((e) => `${nameOf(e.grantee)}=${e.privileges}/${nameOf(e.grantor)}`).join('~');
}

const ownerName = (catalog: CatalogSnapshot, oid: number): string => catalog.userByOid(oid)?.name ?? 'unknown';

function requireOwnDatabase(catalog: CatalogSnapshot, database: string | undefined): void {
  if (database === undefined || database === catalog.database.name) return;
  if (catalog.named('database', database) === undefined) throw undefinedDatabase(database);
  throw featureNotSupported(`SHOW of another database's objects is not supported; connect to "${database}"`);
}

function databases(catalog: CatalogSnapshot): readonly [string, Cells][] {
  return catalog
    .databases()
    .map((d) => [
      d.name,
      [d.name, ownerName(catalog, d.ownerOid), 'local', aclText(catalog, d.acl ?? []), '', isolationWords(d)],
    ]);
}

function schemas(context: CommandContext, name: QualifiedName | undefined): readonly [string, Cells][] {
  const catalog = context.transaction.catalog();
  requireOwnDatabase(catalog, name?.name);
  return catalog
    .schemas()
    .filter((s) => s.temporaryOf === undefined)
    .map((s) => [
      s.name,
      [catalog.database.name, s.name, ownerName(catalog, s.ownerOid), 'local', aclText(catalog, s.acl), null, null],
    ]);
}

function visible(context: CommandContext, relation: RelationObject): boolean {
  const { user } = context.session;
  const catalog = context.transaction.catalog();
  return [...'rawdDxtA'].some((l) => allows(catalog, user, relation, l));
}

function tables(context: CommandContext, name: QualifiedName | undefined): readonly [string, Cells][] {
  const catalog = context.transaction.catalog();
  if (name === undefined) throw syntaxErrorEnd();
  requireOwnDatabase(catalog, name.database);
  const schema = catalog.schema(name.name);
  if (schema === undefined) throw undefinedSchema(name.name);
  const inside = catalog.relations().filter((r) => r.schemaOid === schema.oid && visible(context, r));
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

function columns(context: CommandContext, name: QualifiedName | undefined): readonly [string, Cells][] {
  const { session, transaction } = context;
  const catalog = transaction.catalog();
  if (name === undefined) throw syntaxErrorEnd();
  const relation = requireRelation(catalog, session.searchPath(), name);
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
        c.defaultText ?? null,
        c.notNull ? 'NO' : 'YES',
        formatType({ name: type.name }),
        text ? String(type.length ?? '') : null,
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

const COLUMNS = {
  databases: [
    'database_name',
    'database_owner',
    'database_type',
    'database_acl',
    'parameters',
    'database_isolation_level',
  ],
  schemas: [
    'database_name',
    'schema_name',
    'schema_owner',
    'schema_type',
    'schema_acl',
    'source_database',
    'schema_option',
  ],
  tables: [
    'database_name',
    'schema_name',
    'table_name',
    'table_type',
    'table_acl',
    'remarks',
    'owner',
    'last_altered_time',
    'last_modified_time',
    'dist_style',
    'table_subtype',
  ],
  columns: [
    'database_name',
    'schema_name',
    'table_name',
    'column_name',
    'ordinal_position',
    'column_default',
    'is_nullable',
    'data_type',
    'character_maximum_length',
    'numeric_precision',
    'numeric_scale',
    'remarks',
    'sort_key_type',
    'sort_key',
    'dist_key',
    'encoding',
    'collation',
  ],
} as const;

function ddl(context: CommandContext, statement: Show): InternalResult {
  const { session, transaction } = context;
  const catalog = transaction.catalog();
  if (statement.name === undefined) throw syntaxErrorEnd();
  const relation = requireRelation(catalog, session.searchPath(), statement.name);
  if (statement.what === 'table') {
    if (relation.kind !== 'table') throw wrongObjectType(relation.name, 'table');
    return { columns: ['Show Table DDL statement'], rows: [[tableDdl(catalog, relation)]] };
  }
  if (relation.kind === 'table') throw wrongObjectType(relation.name, 'view');
  return { columns: ['Show View DDL statement'], rows: [[viewDdl(catalog, relation)]] };
}

export default recorded('utility', {
  kind: 'show-objects',
  doc: 'SHOW',
  async run(context, statement: Show) {
    const { what, name, limit } = statement;
    if (what === 'table' || what === 'view') return { tag: 'SHOW', rows: ddl(context, statement) };
    if (limit !== undefined && (limit < 0 || limit > LIMIT_MAX)) {
      throw invalidParameterValue(`LIMIT must be between 0 and ${LIMIT_MAX}`);
    }
    const found =
      what === 'databases'
        ? databases(context.transaction.catalog())
        : what === 'schemas'
          ? schemas(context, name)
          : what === 'tables'
            ? tables(context, name)
            : columns(context, name);
    const like = likeTest(statement.like);
    const kept = found.filter(([objectName]) => like(objectName));
    // Columns keep their order in the table, everything else goes by name.
    if (what !== 'columns') kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const rows = kept.slice(0, limit ?? LIMIT_MAX).map(([, cells]) => cells);
    return { tag: 'SHOW', rows: { columns: COLUMNS[what], rows } };
  },
});
