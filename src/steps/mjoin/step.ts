/**
 * The definitions of the mjoin step and of the scan of its inner side. The scan reserves the cursors and vectors, the join
 * is a stage of its own.
 */
import { assert } from '../../common/assert.ts';
import type { ColId } from '../../common/ids.ts';
import { PHYS_BYTES, physOf } from '../../types/sql-type.ts';
import { viewOf, type Operation, type TransformStep } from '../definition.ts';
import type { ColumnAccess } from '../segment-code.ts';
import { emitMerge } from './emit.ts';
import { innerCode, type InnerColumn } from './inner.ts';
import type { MjoinSpec, MscanSpec } from './spec.ts';
import { cursorBytes, MERGE, NULL_ROW } from './state.ts';

/** Behind the last row: what a decoder may touch. */
const VECTOR_SLACK = 17;

export const mscan: TransformStep<MscanSpec> = {
  view: (spec) => ({
    kind: 'scan',
    label: spec.label,
    tableId: spec.table.tableId,
    tableName: spec.table.name,
  }),
  design: (flow, spec, step) => {
    const { code } = flow;
    const columns = spec.columns.map((c, index): InnerColumn => {
      const phys = physOf(c.type);
      const values = code.allocate((NULL_ROW + 1 + VECTOR_SLACK) * PHYS_BYTES[phys], 16);
      const nulls = code.allocate(NULL_ROW + 1 + 24);
      code.nullRows.push(nulls + NULL_ROW);
      return { id: c.id, index, access: { type: c.type, phys, values, nulls, nullable: c.nullable } };
    });
    const layout = { at: 0, columns: columns.length };
    const at = code.allocate(MERGE.BYTES + 2 * cursorBytes(layout), 64);
    code.merge = { ...layout, at };
    flow.inner = { columns, conditions: spec.conditions, layout: code.merge, step };
  },
};

export const mjoin: TransformStep<MjoinSpec> = {
  view: (spec) => viewOf('mjoin', spec.label),
  design: (flow, spec, step) => {
    const { code, inner } = flow;
    assert(inner !== undefined, 'a merge join follows the scan of its inner side');
    flow.inner = undefined;
    const slot = flow.rows.tuples.length;
    const keepsInner = spec.joinType === 'inner' || spec.joinType === 'left';
    const output = code.rowSet(flow.rows.selection >= 0, slot + (keepsInner ? 1 : 0));
    const columns = new Map<ColId, ColumnAccess>(flow.columns);
    for (const { id, access } of inner.columns) {
      const nullable = access.nullable || spec.joinType === 'left';
      columns.set(id, { kind: 'numbered', slot, ...access, nullable });
    }
    const keyPhys = physOf(spec.outerKey.type);
    const operations: Operation[] = [];
    const merge = {
      ...spec,
      layout: inner.layout,
      inner: innerCode(code, inner, spec.innerKey, spec.residual),
      input: flow.rows,
      output,
      slot,
      keepsInner,
      resume: code.allocate(4, 4),
      cursor: code.allocate(4, 4),
      phase: code.allocate(4, 4),
      matched: code.allocate(4, 4),
      same: code.allocate(4, 4),
      hasLast: code.allocate(4, 4),
      outcome: code.allocate(4, 4),
      last: code.allocate(16, 16),
      lastText: keyPhys === 'str' ? code.allocate(spec.outerKey.type.length ?? 65535) : -1,
      step,
    };
    flow.stages.push({
      input: flow.rows,
      output,
      columns,
      operations,
      emit: (env) => emitMerge(env, merge),
      drain: undefined,
    });
    flow.operations = operations;
    if (keepsInner) flow.stores.push(-1);
    flow.columns = keepsInner ? columns : new Map(flow.columns);
    flow.rows = output;
  },
};
