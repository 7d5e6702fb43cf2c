/**
 * The parse step's definition: its state is the parse area (PARSE) and a base vector per column.
 */
import { baseVectors } from '../base-vectors.ts';
import { viewOf, type SourceStep } from '../definition.ts';
import { emitParsed, PARSE } from './emit.ts';
import type { ParseSpec } from './spec.ts';

export const parse: SourceStep<ParseSpec> = {
  view: () => viewOf('parse'),
  design: (code, spec) => {
    const rows = code.rowSet(true, 0);
    code.chunkFields = code.allocate(PARSE.BYTES, 8);
    const { columns, accesses } = baseVectors(code, spec.columns);
    return {
      rows,
      columns,
      stores: [],
      hasFast: false,
      emit: (env, { operations }) => {
        emitParsed(env, rows, spec, accesses);
        return operations;
      },
    };
  },
};
