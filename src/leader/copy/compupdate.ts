/**
 * COMPUPDATE: whether a load into an empty table sets the columns' encodings first, and how.
 *   omitted  from a sample of the data when the table's encodings are automatic (no column declares one); a sample too
 *            small to say anything leaves them as they are by type
 *   PRESET   by type
 *   ON       from a sample, whatever was declared
 *   OFF      never
 * The first sort key column stays RAW. Bids come from the slices, where the sample lies (steps/insert/sample.ts).
 */
import type { SqlType } from '../../types/sql-type.ts';
import { liveColumns, type TableObject } from '../catalog/objects.ts';
import {
  encodingsFor as sampledEncodings,
  type ChosenEncoding,
  type SampledColumn,
} from '../catalog/sampled-encodings.ts';
import type { CopyOptions } from './options.ts';

/** Redshift's encoding by type when nobody measured: RAW for sort keys, booleans and floats, AZ64, LZO for strings. */
export function presetEncoding(type: SqlType, sortkey: boolean): string {
  if (sortkey) return 'raw';
  switch (type.name) {
    case 'bool':
    case 'float4':
    case 'float8':
      return 'raw';
    case 'char':
    case 'varchar':
    case 'text':
      return 'lzo';
    default:
      return 'az64';
  }
}

export function wantsEncodings(
  options: Pick<CopyOptions, 'compUpdate'>,
  table: Pick<TableObject, 'encodeAuto' | 'columns'>,
): 'keep' | 'preset' | 'sample' {
  switch (options.compUpdate) {
    case 'off':
      return 'keep';
    case 'preset':
      return 'preset';
    case 'on':
      return 'sample';
    case 'default':
      return table.encodeAuto || table.columns.every((c) => c.dropped || c.encoding === 'raw') ? 'sample' : 'keep';
  }
}

export function presetEncodings(table: TableObject): ReadonlyMap<number, ChosenEncoding> {
  return new Map(
    liveColumns(table).map((c) => [
      c.attnum,
      { encoding: presetEncoding(c.type, table.sortkey.includes(c.attnum)), reduction: 0 },
    ]),
  );
}

/** Encodings to set; empty when nothing is known. */
export const encodingsFor = (
  table: TableObject,
  samples: readonly SampledColumn[],
  preset: ReadonlyMap<number, ChosenEncoding> | undefined,
): ReadonlyMap<number, ChosenEncoding> => preset ?? sampledEncodings(table, samples);
