/**
 * The return step's definition.
 */
import { spatialText } from '../../functions/spatial-calls.ts';
import { superText } from '../../functions/super-calls.ts';
import { isSpatial } from '../../types/sql-type.ts';
import { viewOf, type SinkStep } from '../definition.ts';
import { designWideRow } from '../wide-row.ts';
import { emitReturn } from './emit.ts';
import { outputBytes } from './holes.ts';
import type { ReturnSpec } from './spec.ts';

/** Values of dynamic type leave as JSON text, geometries as hexadecimal EWKB. */
function sent(column: ReturnSpec['columns'][number]): ReturnSpec['columns'][number] {
  if (column.type.name === 'super') return { ...column, expr: superText(column.expr) };
  return isSpatial(column.type) ? { ...column, expr: spatialText(column.expr) } : column;
}

export const returnStep: SinkStep<ReturnSpec> = {
  view: () => viewOf('return'),
  design: (code, returned) => {
    const spec = { ...returned, columns: returned.columns.map(sent) };
    code.output = code.allocate(outputBytes(spec));
    const wide = designWideRow(
      code,
      spec.columns.map((c) => c.expr),
    );
    return { emit: (env, { rows, step }) => emitReturn(env, spec, wide, rows, step) };
  },
};
