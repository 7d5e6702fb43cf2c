/**
 * The system views as the analyser and the executor see them: look-up by name, and rows in physical form with the
 * reader's visibility applied. The list itself is generated from the files of this folder.
 */
import { assert } from '../../common/assert.ts';
import { permissionDenied } from '../../common/errors/catalogue.ts';
import { Sequence } from '../../common/sequence.ts';
import type { JsValue } from '../../functions/define.ts';
import type { SqlFunction } from '../../functions/registry.ts';
import { physOf } from '../../types/sql-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { SystemServices } from './services.ts';
import type { Session } from '../session/types.ts';
import type { Transaction } from '../transaction/types.ts';
import { relationsOfViews } from './catalog-rows.ts';
import type { SystemContext, SystemRow, SystemView } from './define.ts';
import { seesAllRows, seesSystemTables } from './sight.ts';
import { ENTRIES } from './registry.generated.ts';
import { typeFunctions } from './type-io.ts';

const BY_NAME: ReadonlyMap<string, SystemView> = new Map(ENTRIES.map((v) => [`${v.schema}.${v.name}`, v]));

export const systemViews = (): readonly SystemView[] => ENTRIES;

/** The view by its registry name ('pg_catalog.pg_class'), as plans carry it. */
export const systemViewByName = (registryName: string): SystemView | undefined => BY_NAME.get(registryName);

/** Whether a view may ask the history: those of what there is now do not, and need not wait for what earlier runs left. */
export const readsHistory = ({ name, schema }: SystemView): boolean =>
  schema === 'pg_catalog' && !/^(pg_|svv_(?!vacuum_|interleaved_))/.test(name);

/** What the analyser asks: without a schema only pg_catalog is searched. */
export function systemViewInfo(
  schema: string | undefined,
  name: string,
):
  | (Pick<SystemView, 'columns' | 'functions' | 'columnFunctions'> & {
      readonly name: string;
      readonly onSlices: boolean | undefined;
    })
  | undefined {
  const registryName = `${schema ?? 'pg_catalog'}.${name}`;
  const view = BY_NAME.get(registryName);
  if (view === undefined) return undefined;
  const { columns, functions, columnFunctions } = view;
  return {
    name: registryName,
    columns,
    functions,
    columnFunctions,
    onSlices: isOfSessions(view) ? undefined : !isCatalog(view),
  };
}
/** Catalogs lie on the leader node alone; what is external is known there, and drivers read it beside catalogs. */
const isCatalog = ({ name, schema }: SystemView): boolean =>
  schema === 'information_schema' || /^(pg|svv_external)_/.test(name);

/** Sessions and their transactions are known to the leader node, and stand beside catalogs as well as beside tables. */
const isOfSessions = ({ name }: SystemView): boolean => /^(stv_(sessions|recents)|svv_transactions)$/.test(name);

export interface SystemRelationName {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}
const NAMED: readonly SystemRelationName[] = relationsOfViews(ENTRIES).map(({ oid, view }) => ({
  oid,
  schema: view.schema,
  name: view.name,
}));
const OID_OF = new Map(NAMED.map((r) => [`${r.schema}.${r.name}`, r.oid]));
const NAME_OF = new Map(NAMED.map((r) => [r.oid, r]));

/** Oid of a system relation by name, as pg_class shows it: for casts to regclass. */
export const systemRelationOid = (schema: string | undefined, name: string): number | undefined =>
  OID_OF.get(`${schema ?? 'pg_catalog'}.${name}`);
/** The system relation behind an oid. */
export const systemRelationByOid = (oid: number): SystemRelationName | undefined => NAME_OF.get(oid);

const TYPE_FUNCTION_OIDS = new Map(typeFunctions().map(([oid, name]) => [name, oid]));
/** Oid of a type's input or output function ('array_in' is 750), as pg_proc shows it: for casts to regproc. */
export const typeFunctionOid = (name: string): number | undefined => TYPE_FUNCTION_OIDS.get(name);

export function systemContext(
  services: SystemServices,
  session: Session,
  transaction: Transaction,
  functions: readonly SqlFunction[],
): SystemContext {
  return { services, session, transaction, catalog: transaction.catalog(), views: ENTRIES, functions };
}

/** The longest prefix of at most `length` bytes that ends at a character. */
function cut(text: string, length: number): string {
  if (text.length * 3 <= length) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= length) return text;
  let end = length;
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** Booleans as 0 and 1, 64-bit and 128-bit forms as bigint, strings cut to their declared length. */
function physical(value: JsValue | undefined, type: SqlType): JsValue {
  if (value === undefined || value === null) return null;
  switch (physOf(type)) {
    case 'str': {
      const text = String(value);
      const kept = type.length === undefined ? text : cut(text, type.length);
      return type.name === 'char' ? kept.replace(/ +$/, '') : kept;
    }
    case 'i64':
    case 'i128':
      return BigInt(typeof value === 'number' ? Math.round(value) : value);
    case 'i32':
      return Number(value) | 0;
    case 'f32':
    case 'f64':
      return Number(value);
  }
}

/** The rows the session may see, cells in column order and physical form: each is made when it is asked for. */
export async function systemViewRows(
  view: SystemView,
  context: SystemContext,
): Promise<Iterable<readonly JsValue[]>> {
  const { user } = context.session;
  const sees = view.secret === true ? user.superuser : seesSystemTables(context);
  if (view.visibleTo === 'superuser' && !sees) throw permissionDenied('relation', view.name);
  const rows = await view.rows(context);
  const all = view.visibleTo !== 'own-rows' || seesAllRows(context);
  const isSeen = (row: SystemRow): boolean => all || (row['userid'] ?? row['user_id']) === user.oid;
  const cells = (row: SystemRow): readonly JsValue[] => view.columns.map((c) => physical(row[c.name], c.type));
  return Sequence.of(rows).filter(isSeen).map(cells);
}

/** Fails when a row has a cell that no column takes: a slip in a view's file. */
export function checkRow(view: SystemView, row: SystemRow): void {
  for (const key of Object.keys(row)) {
    assert(
      view.columns.some((c) => c.name === key),
      `${view.name} has no column ${key}`,
    );
    assert(!(view.unknown ?? []).includes(key), `${view.name}.${key} is listed as unknown`);
  }
}
