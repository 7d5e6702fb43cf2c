/**
 * COMPUPDATE: whether a load sets the columns' encodings first, and how.
 *   omitted  by type (preset), only if the table is empty and no column declares an encoding other than RAW
 *   PRESET   by type, if the table is empty
 *   ON       from a sample of the data, if the table is empty and the sample is large enough; else by nothing
 *   OFF      never
 * Sort key columns stay RAW. The chooser that bids on samples is handed in.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { CopyOptions } from './options.ts';

export interface CompressibleColumn {
  readonly attnum: number;
  readonly type: SqlType;
  readonly encoding: string;
  /** The first column of a compound sort key, or any of an interleaved one. */
  readonly sortkey: boolean;
}
export interface CompressionInput {
  readonly options: Pick<CopyOptions, 'compUpdate' | 'compRows' | 'noLoad'>;
  readonly tableIsEmpty: boolean;
  readonly columns: readonly CompressibleColumn[];
  readonly slices: number;
}
export type CompressionPlan =
  | { readonly kind: 'keep' }
  | { readonly kind: 'preset'; readonly encodings: ReadonlyMap<number, string> }
  /** Sample this many rows on each slice, then ask applySample. */
  | { readonly kind: 'sample'; readonly rowsPerSlice: number };

export const SAMPLE_ROWS_DEFAULT = 100_000;

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

export function planCompression(input: CompressionInput): CompressionPlan {
  const { options, tableIsEmpty, columns } = input;
  if (options.noLoad || !tableIsEmpty || options.compUpdate === 'off') return { kind: 'keep' };
  if (options.compUpdate === 'on') {
    // COMPROWS is shared by all slices; less than the default on each is raised to it.
    const each = Math.ceil((options.compRows ?? 0) / input.slices);
    return { kind: 'sample', rowsPerSlice: Math.max(SAMPLE_ROWS_DEFAULT, each) };
  }
  if (options.compUpdate === 'default' && columns.some((c) => c.encoding !== 'raw' && c.encoding !== 'none')) return { kind: 'keep' };
  return { kind: 'preset', encodings: new Map(columns.map((c) => [c.attnum, presetEncoding(c.type, c.sortkey)])) };
}

/** What a sample said about one column. */
export interface EncodingBid {
  readonly attnum: number;
  readonly encoding: string;
  readonly rawBytes: number;
  readonly encodedBytes: number;
}
/** Bids on the sampled rows; compute runs it where the sample lies. */
export type EncodingChooser = (columns: readonly CompressibleColumn[], rowsPerSlice: number) => Promise<{ readonly rowsSampled: number; readonly bids: readonly EncodingBid[] }>;

/** Encodings to set after sampling; empty when the sample was too small to say anything. */
export async function sampledEncodings(plan: CompressionPlan, columns: readonly CompressibleColumn[], slices: number, choose: EncodingChooser | undefined): Promise<readonly EncodingBid[]> {
  if (plan.kind !== 'sample') return [];
  if (choose === undefined) throw featureNotSupported('COPY with COMPUPDATE ON is not supported here');
  const { rowsSampled, bids } = await choose(columns, plan.rowsPerSlice);
  if (rowsSampled < SAMPLE_ROWS_DEFAULT * slices) return [];
  return bids.map((bid) => (columns.find((c) => c.attnum === bid.attnum)?.sortkey ? { ...bid, encoding: 'raw' } : bid));
}
