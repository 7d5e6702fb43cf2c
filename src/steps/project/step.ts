/**
 * The project step names expressions; it has no code. A plain column under a new name is read where it lies; everything
 * else is evaluated where it is used.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { viewOf, type TransformStep } from '../definition.ts';

export interface ProjectSpec {
  readonly kind: 'project';
  readonly columns: readonly { readonly id: ColId; readonly expr: BoundExpr }[];
}

export const project: TransformStep<ProjectSpec> = {
  view: () => ({ ...viewOf('project'), passesRows: true }),
  design: (flow, spec) => {
    const before = flow.columns;
    const after = new Map(before);
    for (const c of spec.columns) {
      const plain = c.expr.kind === 'column' ? before.get(c.expr.id) : undefined;
      after.set(c.id, plain ?? { kind: 'expr', expr: c.expr });
    }
    flow.columns = after;
  },
};
