/**
 * The unload step's definition.
 */
import { spatialText } from '../../functions/spatial-calls.ts';
import { superText } from '../../functions/super-calls.ts';
import { isSpatial, TEXT } from '../../types/sql-type.ts';
import { viewOf, type SinkStep } from '../definition.ts';
import { outputBytes } from '../return/holes.ts';
import { designWideRow } from '../wide-row.ts';
import { emitUnload } from './emit.ts';
import type { UnloadSpec } from './spec.ts';

type TextColumn = UnloadSpec['columns'][number] & { readonly isJson?: boolean };

/** Values of dynamic type are written as JSON text, geometries as hexadecimal EWKB. */
function asText(column: UnloadSpec['columns'][number]): TextColumn {
  if (column.type.name === 'super') return { expr: superText(column.expr), type: TEXT, isJson: true };
  return isSpatial(column.type) ? { expr: spatialText(column.expr), type: TEXT } : column;
}

export const unload: SinkStep<UnloadSpec> = {
  view: () => viewOf('unload'),
  design: (code, written) => {
    const spec = { ...written, columns: written.columns.map(asText) };
    code.output = code.allocate(outputBytes(spec));
    const wide = designWideRow(
      code,
      spec.columns.map((c) => c.expr),
    );
    return { emit: (env, { rows, step }) => emitUnload(env, spec, wide, rows, step) };
  },
};
