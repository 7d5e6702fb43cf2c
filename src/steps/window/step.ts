/**
 * The window step's definitions: the sink that orders the rows, the source that reads them with their functions' results.
 */
import type { ColId } from '../../common/ids.ts';
import { viewOf, type SinkStep, type SourceStep } from '../definition.ts';
import type { ColumnAccess } from '../segment-code.ts';
import { emitSort } from '../sort/emit.ts';
import { sortedBy } from '../sort/step.ts';
import { designWideRow } from '../wide-row.ts';
import { designWindowed, emitWindowed } from './emit.ts';
import type { WindowedSpec, WindowSpec } from './spec.ts';

export const windowStep: SinkStep<WindowSpec> = {
  view: (spec) => viewOf('window', spec.label),
  design: (code, { store, keys: written, levels, shape }) => {
    const keys = written.map(sortedBy);
    const wideKeys = designWideRow(
      code,
      keys.map((k) => k.expr),
    );
    const marks = levels.flatMap(({ keys: count, field }) => (field === undefined ? [] : [{ keys: count, field }]));
    return { emit: (env, { rows, step }) => emitSort(env, rows, store, keys, wideKeys, shape, step, marks) };
  },
};

export const windowed: SourceStep<WindowedSpec> = {
  view: (spec) => ({ kind: 'scan', label: spec.label, tableId: 0, tableName: 'Internal Worktable' }),
  design: (code, spec) => {
    const rows = code.rowSet(false, 2);
    const design = designWindowed(code, spec, rows);
    const columns = new Map<ColId, ColumnAccess>();
    for (const [slot, { layout }] of [spec.shape, spec.results].entries())
      for (const field of layout.fields) columns.set(field.id, { kind: 'tuple', slot, field, alwaysNullable: false });
    return {
      rows,
      columns,
      stores: [spec.store, -1],
      hasFast: false,
      emit: (env, { operations }) => {
        emitWindowed(env, design);
        return operations;
      },
    };
  },
};
