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
import type { CopyOptions } from './options.ts';

/** One slice's sample: what steps/insert/sample.ts gives. */
export interface SampledColumn {
  readonly rows: number;
  readonly choices: readonly {
    readonly attnum: number;
    readonly encoding: string;
    readonly rawBytes: number;
    readonly encodedBytes: number;
  }[];
}
export interface ChosenEncoding {
  readonly encoding: string;
  /** Percent of the raw size that is saved. */
  readonly reduction: number;
}
/** Fewer sampled rows say nothing. */
export const SAMPLE_ROWS_MIN = 64;

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

/** Encodings to set; empty when nothing is known. The encoding that won on the most sampled rows is taken. */
export function encodingsFor(
  table: TableObject,
  _options: Pick<CopyOptions, 'compUpdate'>,
  samples: readonly SampledColumn[],
  preset: ReadonlyMap<number, ChosenEncoding> | undefined,
): ReadonlyMap<number, ChosenEncoding> {
  if (preset !== undefined) return preset;
  if (samples.reduce((n, s) => n + s.rows, 0) < SAMPLE_ROWS_MIN) return new Map();
  const out = new Map<number, ChosenEncoding>();
  for (const c of liveColumns(table)) {
    const votes = new Map<string, { rows: number; raw: number; encoded: number }>();
    for (const s of samples) {
      const choice = s.choices.find((x) => x.attnum === c.attnum);
      if (choice === undefined || s.rows < SAMPLE_ROWS_MIN) continue;
      const v = votes.get(choice.encoding) ?? { rows: 0, raw: 0, encoded: 0 };
      votes.set(choice.encoding, {
        rows: v.rows + s.rows,
        raw: v.raw + choice.rawBytes,
        encoded: v.encoded + choice.encodedBytes,
      });
    }
    const best = [...votes].sort((a, b) => b[1].rows - a[1].rows || a[1].encoded - b[1].encoded)[0];
    if (best === undefined) continue;
    const [encoding, { raw, encoded }] = best;
    out.set(c.attnum, {
      encoding: table.sortkey[0] === c.attnum ? 'raw' : encoding,
      reduction: raw === 0 ? 0 : Math.max(0, Math.round((1 - encoded / raw) * 10_000) / 100),
    });
  }
  return out;
}
