/**
 * The shape of a system view or catalog table: one file each, named exactly as the relation. `rows` makes the rows from
 * the catalog, the history or the slices when a query reads the view; keys it leaves out are NULL. `unknown` names the
 * columns that are always NULL here because nothing measures them. `columns` takes the SQL spelling of a column list.
 * Read through registry.ts, which applies visibility and physical form.
 */
import { assert } from '../../common/assert.ts';
import { Sequence } from '../../common/sequence.ts';
import type { JsValue } from '../../functions/define.ts';
import type { SqlFunction } from '../../functions/registry.ts';
import type { SqlType, TypeName } from '../../types/sql-type.ts';
import { char, numeric, varchar } from '../../types/sql-type.ts';
import type { CatalogSnapshot } from '../catalog/objects.ts';
import type { SystemServices } from './services.ts';
import type { Session } from '../session/types.ts';
import type { Transaction } from '../transaction/types.ts';

export interface SystemColumn {
  readonly name: string;
  readonly type: SqlType;
}
export type SystemRow = Readonly<Record<string, JsValue | undefined>>;

/**
 * everyone          every row, to everybody
 * own-rows          rows whose userid (user_id in SYS views) is the reader's; superusers see all, as does ACCESS SYSTEM TABLE
 * superuser         superusers and whoever has ACCESS SYSTEM TABLE; others get "permission denied"
 * accessible        the view itself leaves out what the reader may not see
 */
export type Visibility = 'everyone' | 'own-rows' | 'superuser' | 'accessible';

export interface SystemContext {
  readonly services: SystemServices;
  readonly session: Session;
  readonly transaction: Transaction;
  readonly catalog: CatalogSnapshot;
  /** Every registered view, for the catalogs that list them. */
  readonly views: readonly SystemView[];
  /** Every SQL function, for pg_proc. */
  readonly functions: readonly SqlFunction[];
}

export interface SystemView {
  readonly name: string;
  readonly schema: 'pg_catalog' | 'information_schema';
  readonly columns: readonly SystemColumn[];
  readonly doc: string;
  readonly visibleTo: Visibility;
  /** It shows secrets: of those who are not superusers nobody sees it. */
  readonly secret?: true;
  readonly unknown?: readonly string[];
  /** Functions of the leader node that Redshift's view calls whatever is read of it: user tables beside it are refused. */
  readonly functions?: readonly string[];
  /** Those that give single columns of it. */
  readonly columnFunctions?: Readonly<Record<string, string>>;
  /** What Slicehouse has none of, so that the view has no rows. */
  readonly without?: string;
  /** A fixed oid, for the catalogs whose number clients know. */
  readonly oid?: number;
  /** Long ones are sequences: each row is made when it is asked for. */
  readonly rows: (context: SystemContext) => Iterable<SystemRow> | Promise<Iterable<SystemRow>>;
}
export const systemView = (view: SystemView): SystemView => view;
/** A view over what Slicehouse has none of. */
export const emptyView = (view: Omit<SystemView, 'rows'> & { readonly without: string }): SystemView => ({
  ...view,
  rows: () => [],
});
/** A view with the rows and visibility of another, and its columns or those of `names`. */
export function sameAs(other: SystemView, name: string, doc: string, names?: readonly string[]): SystemView {
  const { oid: _, ...rest } = other;
  if (names === undefined) return { ...rest, name, doc };
  return {
    ...rest,
    name,
    doc,
    columns: other.columns.filter((c) => names.includes(c.name)),
    unknown: (other.unknown ?? []).filter((n) => names.includes(n)),
    rows: async (context) =>
      Sequence.of(await other.rows(context)).map((row) => Object.fromEntries(names.map((n) => [n, row[n]]))),
  };
}

/**
 * A view over the rows and visibility of another. Its columns show the other's of the same name, but for those that `of`
 * gives another; what the other has not, or does not know, is not known here.
 */
export function viewOver(
  other: SystemView,
  view: Pick<SystemView, 'name' | 'doc' | 'columns'> & { readonly of?: Readonly<Record<string, string>> },
): SystemView {
  const { of = {}, ...rest } = view;
  const { visibleTo, without } = other;
  const sources = view.columns.map(({ name }) => [name, of[name] ?? name] as const);
  const known = new Set(other.columns.map((c) => c.name).filter((n) => !(other.unknown ?? []).includes(n)));
  const unknown = sources.filter(([, source]) => !known.has(source)).map(([name]) => name);
  const rows: SystemView['rows'] = async (context) =>
    Sequence.of(await other.rows(context)).map((row) =>
      Object.fromEntries(
        sources.filter(([, source]) => known.has(source)).map(([name, source]) => [name, row[source]]),
      ),
    );
  return { ...rest, schema: other.schema, visibleTo, unknown, ...(without === undefined ? {} : { without }), rows };
}

/** numeric columns are held unscaled: the value of one with `scale` digits behind the point. */
export const scaled = (value: number | null, scale: number): bigint | null =>
  value === null ? null : BigInt(Math.round(value * 10 ** scale));

const NAMES: Readonly<Record<string, TypeName>> = {
  integer: 'int4',
  bigint: 'int8',
  smallint: 'int2',
  boolean: 'bool',
  '"char"': 'chartype',
  text: 'text',
  name: 'name',
  oid: 'oid',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  real: 'float4',
  'double precision': 'float8',
  abstime: 'abstime',
  xid: 'xid',
  'aclitem[]': '_aclitem',
  'text[]': '_text',
  'smallint[]': '_int2',
  'integer[]': '_int4',
  'oid[]': '_oid',
  '"char"[]': '_char',
  'name[]': '_name',
  bytea: 'bytea',
  int2vector: 'int2vector',
  oidvector: 'oidvector',
  regproc: 'regproc',
  varchar: 'varchar',
  date: 'date',
};

function typeOf(text: string): SqlType {
  const sized = /^(character|varchar|numeric)\((\d+)(?:,(\d+))?\)$/.exec(text);
  if (sized === null) {
    const name = NAMES[text];
    assert(name !== undefined, `unknown column type ${text}`);
    return { name };
  }
  const size = Number(sized[2]);
  if (sized[1] === 'numeric') return numeric(size, Number(sized[3] ?? 0));
  return sized[1] === 'character' ? char(size) : varchar(size);
}

/** 'userid integer, label character(320)' as columns; commas inside parentheses belong to the type. */
export function columns(list: string): readonly SystemColumn[] {
  return (list.match(/(?:\([^)]*\)|[^,(])+/g) ?? [])
    .map((item) => item.trim().replace(/\s+/g, ' '))
    .filter((item) => item !== '')
    .map((item) => {
      const space = item.indexOf(' ');
      return { name: item.slice(0, space).replaceAll('"', ''), type: typeOf(item.slice(space + 1).trim()) };
    });
}
