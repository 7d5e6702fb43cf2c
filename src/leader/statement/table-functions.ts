/**
 * Table functions that are not system views: unnest, the bounds of generate_series (steps/series), the column lists pg_get_cols and
 * pg_get_late_binding_view_cols, and table_bytes (oid and size of every table) behind pg_table_size and its like.
 * The statement runner asks for their rows when a plan reads them.
 */
import { assert } from '../../common/assert.ts';
import type { Clock } from '../../common/clock.ts';
import { invalidParameterValue, undefinedTable } from '../../common/errors/catalogue.ts';
import { inTurns, type Steps } from '../../common/steps.ts';
import { parseArray } from '../../functions/array-text.ts';
import type { SeriesBounds } from '../../steps/host.ts';
import { formatType } from '../../types/sql-type.ts';
import { zoneAbbreviations } from '../../types/timezone.ts';
import { zoneAt, zoneNames } from '../../types/zone-names.ts';
import type { RelationObject } from '../catalog/objects.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { DdlServices } from '../ddl/context.ts';
import type { SliceReports } from '../system/services.ts';
import type { Session } from '../session/types.ts';
import type { Transaction } from '../transaction/types.ts';
import { lateColumns } from './late-columns.ts';

/** Size of a block, the unit of storage. */
const BLOCK_BYTES = 1_048_576n;

export interface TableFunctionServices extends Pick<DdlServices, 'bindQuery'> {
  readonly clock: Clock;
  readonly slices: Pick<SliceReports, 'blocks'>;
}
interface Surroundings {
  readonly services: TableFunctionServices;
  readonly session: Session;
  readonly transaction: Transaction;
}
interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The bounds of a series; undefined when one of them is NULL. */
export function seriesBounds(rows: number, args: readonly unknown[]): SeriesBounds | undefined {
  if (args.some((a) => a === null)) return undefined;
  const [start, stop, step = 1n] = args.map((a) => BigInt(a as number | bigint));
  assert(start !== undefined && stop !== undefined, 'a series has two bounds');
  if (step === 0n) throw invalidParameterValue('step size may not be 0');
  return { rows, start, stop, step };
}

async function tableBytes(around: Surroundings): Promise<Rows> {
  const blocks = new Map<number, bigint>();
  for (const slice of await around.services.slices.blocks(around.session.cancelSignal)) {
    for (const b of slice.blocks) blocks.set(b.tableId, (blocks.get(b.tableId) ?? 0n) + 1n);
  }
  const tables = around.transaction.catalog().relations();
  return {
    columns: ['oid', 'bytes'],
    rows: tables.map((r) => [
      r.oid,
      (blocks.get(r.kind === 'materialized view' ? r.storageTable : r.oid) ?? 0n) * BLOCK_BYTES,
    ]),
  };
}

const COLUMN_LIST = ['view_schema', 'view_name', 'col_name', 'col_type', 'col_num'];

function boundColumns(
  around: Surroundings,
  relation: RelationObject,
): readonly { readonly name: string; readonly type: string }[] {
  const columns =
    relation.kind === 'view' && relation.lateBinding ? lateColumns(around, relation) : liveColumns(relation);
  return columns.map((c) => ({ name: c.name, type: formatType(c.type) }));
}

function columnRows(around: Surroundings, relations: readonly RelationObject[]): Rows {
  const catalog = around.transaction.catalog();
  const rows = relations.flatMap((r) => {
    const schema = catalog.schemaByOid(r.schemaOid)?.name ?? '';
    return boundColumns(around, r).map((c, i) => [schema, r.name, c.name, c.type, i + 1]);
  });
  return { columns: COLUMN_LIST, rows };
}

function relationNamed(around: Surroundings, text: string): RelationObject {
  const catalog = around.transaction.catalog();
  const parts = text.split('.').map((p) => (p.startsWith('"') ? p.replaceAll('"', '') : p.toLowerCase()));
  const schemas = parts.length > 1 ? [parts[parts.length - 2]!] : around.session.searchPath();
  for (const s of schemas) {
    const schema = catalog.schema(s);
    const relation = schema === undefined ? undefined : catalog.relationIn(schema.oid, parts[parts.length - 1]!);
    if (relation !== undefined) return relation;
  }
  throw undefinedTable(text);
}

const OFFSET_COLUMNS = ['abbrev', 'utc_offset', 'is_dst'];
const span = (seconds: number): object => ({ months: 0, days: 0, micros: BigInt(seconds) * 1_000_000n });

/** What the clocks of every zone show now; a zone takes a fraction of a millisecond. */
function* zoneRows(ms: number): Steps<Rows> {
  const rows: unknown[][] = [];
  for (const name of zoneNames()) {
    const { abbreviation, offset, isDaylightSaving } = zoneAt(name, ms);
    rows.push([name, abbreviation, span(offset), isDaylightSaving]);
    yield;
  }
  return { columns: ['name', ...OFFSET_COLUMNS], rows };
}

export async function tableFunctionRows(name: string, args: readonly unknown[], around: Surroundings): Promise<Rows> {
  switch (name) {
    case 'unnest':
      return {
        columns: ['unnest'],
        rows: args[0] === null ? [] : parseArray(args[0] as string).items.map((i) => [i]),
      };
    case 'table_bytes':
      return tableBytes(around);
    case 'pg_get_cols':
      return args[0] === null
        ? { columns: COLUMN_LIST, rows: [] }
        : columnRows(around, [relationNamed(around, args[0] as string)]);
    case 'pg_get_late_binding_view_cols':
      return columnRows(
        around,
        around.transaction
          .catalog()
          .relations()
          .filter((r) => r.kind === 'view' && r.lateBinding),
      );
    case 'pg_timezone_names':
      return inTurns(zoneRows(around.services.clock.nowMs()), around.session.cancelSignal);
    case 'pg_timezone_abbrevs':
      return {
        columns: OFFSET_COLUMNS,
        rows: zoneAbbreviations().map(([abbreviation, minutes, isSummer]) => [
          abbreviation,
          span(minutes * 60),
          isSummer,
        ]),
      };
    case 'pg_get_session_roles':
      // The groups that an identity provider gave the user: every user is of this cluster.
      return { columns: ['name', 'roleid'], rows: [] };
    default:
      assert(false, `no table function ${name}`);
  }
}
