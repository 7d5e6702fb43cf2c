/**
 * The scan of generate_series: whole numbers made by the code itself, a batch at a time. The bounds come with the query's
 * start (SeriesBounds); its state is the area SERIES and a base vector per column.
 */
import { baseVectors } from '../base-vectors.ts';
import type { SourceStep } from '../definition.ts';
import type { RowField } from '../spec.ts';
import { emitSeries, SERIES } from './emit.ts';

export interface SeriesSpec {
  readonly kind: 'series';
  /** Number of its bounds. */
  readonly rows: number;
  /** int4 or int8; an ordinal numbers the rows from 1. */
  readonly columns: readonly (RowField & { readonly isOrdinal: boolean })[];
  readonly label: string;
}

export const series: SourceStep<SeriesSpec> = {
  view: (spec) => ({ kind: 'scan', label: spec.label, tableId: 0, tableName: 'Internal Worktable' }),
  design: (code, spec) => {
    const rows = code.rowSet(true, 0);
    code.chunkFields = code.allocate(SERIES.BYTES, 8);
    const { columns, accesses } = baseVectors(code, spec.columns);
    return {
      rows,
      columns,
      stores: [],
      hasFast: false,
      emit: (env, { operations }) => {
        emitSeries(
          env,
          rows,
          accesses.map((vector, i) => ({ vector, isOrdinal: spec.columns[i]!.isOrdinal })),
        );
        return operations;
      },
    };
  },
};
