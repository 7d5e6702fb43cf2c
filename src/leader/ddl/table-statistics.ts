/**
 * ANALYZE of one table: internal queries over its columns, real counts, stored as TableStatistics. Used by
 * the ANALYZE command and after CREATE TABLE AS.
 */
import { assert } from '../../common/assert.ts';
import { ANALYZE_COLUMNS_PER_QUERY } from '../../common/limits.ts';
import {
  hasOrder,
  isSpatial,
  isDatetime,
  isInterval,
  isNumber,
  isString,
  PHYS_BYTES,
  physOf,
} from '../../types/sql-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { QueryContext } from './context.ts';
import { putStatistics } from '../catalog/changes.ts';
import { quoteName, quoteQualified, schemaNameOf } from '../catalog/names.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { CatalogColumn, ColumnStatistics, TableObject, TableStatistics } from '../catalog/objects.ts';

const MS_2000 = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
/** Bytes of the length word in front of a string. */
const STRING_OVERHEAD_BYTES = 4;

/**
 * The numeric view of a value printed in output form: days, microseconds or the number; undefined when it has
 * none.
 */
export function numericView(type: SqlType, text: string | null): number | undefined {
  if (text === null) return undefined;
  if (isNumber(type)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  if (isInterval(type)) return undefined;
  if (type.name === 'time' || type.name === 'timetz') {
    const m = /^(\d+):(\d+):(\d+(?:\.\d+)?)(?:\+00)?$/.exec(text);
    return m === null ? undefined : Math.round((Number(m[1]) * 3600 + Number(m[2]) * 60 + Number(m[3])) * 1e6);
  }
  if (!isDatetime(type)) return undefined;
  const m = /^(\d{4,6})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(\.\d+)?(?:([+-])(\d\d)(?::?(\d\d))?)?)?( BC)?$/.exec(
    text,
  );
  if (m === null) return undefined;
  const year = m[11] === undefined ? Number(m[1]) : 1 - Number(m[1]);
  const date = new Date(MS_2000);
  date.setUTCFullYear(year, Number(m[2]) - 1, Number(m[3]));
  const days = Math.round((date.getTime() - MS_2000) / DAY_MS);
  if (type.name === 'date') return days;
  const zoneSeconds =
    m[8] === undefined ? 0 : (Number(m[9]) * 3600 + Number(m[10] ?? 0) * 60) * (m[8] === '-' ? -1 : 1);
  const seconds = days * 86_400 + Number(m[4] ?? 0) * 3600 + Number(m[5] ?? 0) * 60 + Number(m[6] ?? 0) - zoneSeconds;
  return seconds * 1e6 + Math.round(Number(m[7] ?? 0) * 1e6);
}

/** Values of many lengths, of which the average is measured and no least and greatest kept. */
const isText = (type: SqlType): boolean => isString(type) || type.name === 'varbyte';

/** Select-list items for one column, in the order `columnStatistics` reads them. */
function itemsFor(column: CatalogColumn): readonly string[] {
  const name = quoteName(column.name);
  if (isSpatial(column.type)) return [`count(${name})`, `count(${name})`, `sum(cast(st_memsize(${name}) as bigint))`];
  if (!hasOrder(column.type))
    return [`count(${name})`, `count(${name})`, `sum(cast(len(${name}::varchar(65535)) as bigint))`];
  const items = [`count(${name})`, `approximate count(distinct ${name})`];
  if (column.type.name === 'super') items.push(`sum(cast(size(${name}) as bigint))`);
  else if (isText(column.type)) items.push(`sum(cast(octet_length(${name}) as bigint))`);
  else if (column.type.name !== 'bool') items.push(`min(${name})`, `max(${name})`);
  return items;
}

function columnStatistics(
  column: CatalogColumn,
  rowCount: number,
  cells: readonly (string | null)[],
): ColumnStatistics {
  const filled = Number(cells[0]);
  // The sketch may say a little more than there can be.
  const distinctCount = Math.min(Number(cells[1]), filled);
  const nullFraction = rowCount === 0 ? 0 : (rowCount - filled) / rowCount;
  const base = { attnum: column.attnum, distinctCount, nullFraction };
  if (isText(column.type) || column.type.name === 'super' || !hasOrder(column.type)) {
    const averageWidth =
      filled === 0 ? STRING_OVERHEAD_BYTES : STRING_OVERHEAD_BYTES + Number(cells[2] ?? 0) / filled;
    return { ...base, averageWidth };
  }
  const averageWidth =
    column.type.name === 'bool' ? 1 : column.type.name === 'int2' ? 2 : PHYS_BYTES[physOf(column.type)];
  return {
    ...base,
    averageWidth,
    min: numericView(column.type, cells[2] ?? null),
    max: numericView(column.type, cells[3] ?? null),
  };
}

/**
 * Measures the columns (all when `only` is undefined; others keep what is known) and stores the statistics in
 * the transaction. Returns them.
 */
export async function analyzeTable(
  context: QueryContext,
  table: TableObject,
  only?: ReadonlySet<number>,
): Promise<TableStatistics> {
  const { services, session, transaction } = context;
  const catalog = transaction.catalog();
  const from = table.temporary ? quoteName(table.name) : quoteQualified(schemaNameOf(catalog, table), table.name);
  const measured = liveColumns(table).filter((c) => only === undefined || only.has(c.attnum));
  const known = new Map(table.statistics?.columns.map((c) => [c.attnum, c]));
  let rowCount = 0;
  let at = 0;
  do {
    const columns = measured.slice(at, at + ANALYZE_COLUMNS_PER_QUERY);
    const items = columns.map(itemsFor);
    const sql = `select ${['count(*)', ...items.flat()].join(', ')} from ${from}`;
    const { rows } = await services.query(session, transaction, sql, 'padb_fetch_sample', 'system');
    const row = rows[0];
    assert(row !== undefined, 'ANALYZE query gave no row');
    rowCount = Number(row[0]);
    let cell = 1;
    columns.forEach((column, i) => {
      known.set(column.attnum, columnStatistics(column, rowCount, row.slice(cell, cell + items[i]!.length)));
      cell += items[i]!.length;
    });
    at += ANALYZE_COLUMNS_PER_QUERY;
  } while (at < measured.length);
  const live = new Set(liveColumns(table).map((c) => c.attnum));
  const statistics: TableStatistics = {
    rowCount,
    columns: [...known.values()].filter((c) => live.has(c.attnum)).sort((a, b) => a.attnum - b.attnum),
    analyzedAtMicros: services.clock.nowMicros(),
    modifiedRows: 0,
  };
  putStatistics(transaction, table.oid, statistics);
  return statistics;
}

/** What the history keeps of an ANALYZE besides its rows; `table` as it was before. */
export function analyzed(
  { session, transaction }: QueryContext,
  table: TableObject,
): { readonly schema: string; readonly tableName: string; readonly threshold: number; readonly previous?: number } {
  const { statistics, name: tableName } = table;
  return {
    schema: schemaNameOf(transaction.catalog(), table),
    tableName,
    threshold: Number(session.setting('analyze_threshold_percent')),
    ...(statistics === undefined ? {} : { previous: Number(statistics.analyzedAtMicros) }),
  };
}
