/**
 * The delete step at run time: row addresses are collected for the query and go to storage when all its segments are
 * done.
 */
import type { StepHost, Transform, TransformRuntime } from '../host.ts';
import { KNOWN } from './known.ts';
import type { DeleteSpec } from './step.ts';

class DeleteTransform implements Transform {
  constructor(
    private readonly run: StepHost,
    private readonly spec: DeleteSpec,
  ) {}
  deleteRows(addresses: number, rows: number): boolean {
    const list = this.run.deletesOf(this.spec.table);
    const { memory } = this.run;
    for (let at = addresses; at < addresses + rows * 8; at += 8) {
      const isNew = list.add(memory.u32(at), memory.u32(at + 4));
      if (!isNew && this.spec.comesAgain === true) memory.setI64(at, KNOWN);
    }
    return true;
  }
}

export const deleteRuntime: TransformRuntime<DeleteSpec> = {
  open: (host, _segment, spec) => new DeleteTransform(host, spec),
};
