/**
 * What samples of the slices say of a table's encodings: bids come from where the rows lie (steps/insert/sample.ts). Used by
 * COMPUPDATE and ANALYZE COMPRESSION. The first sort key column stays RAW.
 */
import { liveColumns, type TableObject } from './objects.ts';

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

/** Encodings by column; none when nothing is known. The encoding that won on the most sampled rows is taken. */
export function encodingsFor(
  table: TableObject,
  samples: readonly SampledColumn[],
): ReadonlyMap<number, ChosenEncoding> {
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
