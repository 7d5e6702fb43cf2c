/**
 * DISTSTYLE, DISTKEY, SORTKEY and their rules, turned into a table's catalog fields. Used by CREATE TABLE,
 * CREATE TABLE AS, CREATE MATERIALIZED VIEW and ALTER TABLE.
 *
 *   nothing said   AUTO, beginning as ALL     DISTKEY alone   KEY     AUTO, ALL or EVEN and DISTKEY   refused
 */
import {
  duplicateColumn,
  featureNotSupported,
  invalidColumnDefinition,
  invalidTableDefinition,
  undefinedKeyColumn,
} from '../../common/errors/catalogue.ts';
import { COMPOUND_SORTKEY_COLUMNS_MAX, INTERLEAVED_SORTKEY_COLUMNS_MAX } from '../../common/limits.ts';
import type { TableAttributes } from '../parser/table-attributes.ts';
import { formatType, hasOrder } from '../../types/sql-type.ts';
import type { CatalogColumn, TableObject } from './objects.ts';

export type DistributionFields = Pick<TableObject, 'diststyle' | 'effectiveDiststyle' | 'distkey'>;
export type SortFields = Pick<TableObject, 'sortkey' | 'sortkeyStyle'>;

/** Keys that single columns declare. */
export interface ColumnKeys {
  readonly distkeys: readonly string[];
  readonly sortkeys: readonly string[];
}

export function attnumOf(columns: readonly CatalogColumn[], name: string): number {
  const column = columns.find((c) => !c.dropped && c.name === name);
  if (column === undefined) throw undefinedKeyColumn(name);
  return column.attnum;
}

/** Types that rows can be placed and put in order by. */
const canBeKey = ({ type }: CatalogColumn): boolean =>
  hasOrder(type) && type.name !== 'super' && type.name !== 'varbyte';

/** Rows are placed or put in order by the column: its values must have an order. */
function keyOf(columns: readonly CatalogColumn[], name: string, kind: 'distribution' | 'sort'): number {
  const attnum = attnumOf(columns, name);
  const column = columns.find((c) => c.attnum === attnum)!;
  if (canBeKey(column)) return attnum;
  const message = `column "${name}" of type ${formatType(column.type)} cannot be a ${kind} key`;
  throw column.type.name === 'varbyte' ? featureNotSupported(message) : invalidTableDefinition(message);
}

/** Distribution by the rules above; `fallback` is what holds when nothing is said. */
export function distributionOf(
  columns: readonly CatalogColumn[],
  attributes: TableAttributes,
  keys: ColumnKeys,
  fallback: DistributionFields = { diststyle: 'auto', effectiveDiststyle: 'all' },
): DistributionFields {
  const distkeys = [...keys.distkeys, ...(attributes.distkey === undefined ? [] : [attributes.distkey])];
  if (new Set(distkeys).size > 1) {
    throw invalidColumnDefinition('cannot specify more than one column as distribution key');
  }
  const style = attributes.diststyle;
  const key = distkeys[0];
  if (key === undefined) {
    if (style === undefined) return fallback;
    if (style === 'key') throw invalidTableDefinition('DISTSTYLE KEY requires a DISTKEY column');
    return { diststyle: style, effectiveDiststyle: style === 'auto' ? 'all' : style };
  }
  if (style !== undefined && style !== 'key') {
    throw invalidTableDefinition(`DISTKEY cannot be specified with DISTSTYLE ${style.toUpperCase()}`);
  }
  return { diststyle: 'key', effectiveDiststyle: 'key', distkey: keyOf(columns, key, 'distribution') };
}

/** What AUTO becomes when a table is too large for every node: its primary key when that is one column, else EVEN. */
export function grownDistribution(table: TableObject): DistributionFields {
  const key = table.constraints.find((c) => c.kind === 'primary')?.attnums;
  const column = table.columns.find((c) => c.attnum === key?.[0]);
  if (key?.length !== 1 || column === undefined || !canBeKey(column))
    return { diststyle: 'auto', effectiveDiststyle: 'even', distkey: undefined };
  return { diststyle: 'auto', effectiveDiststyle: 'key', distkey: key[0]! };
}

/** ALTER DISTSTYLE AUTO: a small table goes to every node, a large one keeps its key or is spread evenly. */
export function automaticDistribution(table: TableObject, small: boolean): DistributionFields {
  if (small) return { diststyle: 'auto', effectiveDiststyle: 'all', distkey: undefined };
  if (table.effectiveDiststyle === 'key') {
    return {
      diststyle: 'auto',
      effectiveDiststyle: 'key',
      ...(table.distkey === undefined ? {} : { distkey: table.distkey }),
    };
  }
  return { diststyle: 'auto', effectiveDiststyle: 'even', distkey: undefined };
}

/** Sort key by the attributes or by the columns, not both. */
export function sortOf(
  columns: readonly CatalogColumn[],
  attributes: TableAttributes,
  keys: ColumnKeys,
  fallback: SortFields = { sortkey: [], sortkeyStyle: 'auto' },
): SortFields {
  const declared = attributes.sortkey;
  if (declared !== undefined && keys.sortkeys.length > 0) {
    throw invalidTableDefinition('multiple sort keys are not allowed');
  }
  if (declared === undefined && keys.sortkeys.length === 0) return fallback;
  if (declared !== undefined && (declared.style === 'auto' || declared.style === 'none')) {
    return { sortkey: [], sortkeyStyle: declared.style };
  }
  const names = declared?.columns ?? keys.sortkeys.slice(0, 1);
  const style = declared?.style === 'interleaved' ? 'interleaved' : 'compound';
  const max = style === 'interleaved' ? INTERLEAVED_SORTKEY_COLUMNS_MAX : COMPOUND_SORTKEY_COLUMNS_MAX;
  if (names.length > max) throw invalidTableDefinition(`${style} sort keys can have at most ${max} columns`);
  names.forEach((name, i) => {
    if (names.indexOf(name) !== i) throw duplicateColumn(name);
  });
  return { sortkey: names.map((n) => keyOf(columns, n, 'sort')), sortkeyStyle: style };
}
