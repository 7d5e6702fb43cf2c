/**
 * The limit step at run time: what its counters start from is known then, because LIMIT and OFFSET may be parameters.
 */
import type { SegmentHost, StepHost, Transform, TransformRuntime } from '../host.ts';
import type { LimitSpec } from './step.ts';

export const limitRuntime: TransformRuntime<LimitSpec> = {
  open: (host: StepHost, segment: SegmentHost, spec: LimitSpec): Transform => {
    const { transforms } = segment.fragment.spec;
    const index = transforms.filter((t) => t.kind === 'limit').indexOf(spec);
    const at = segment.state + segment.fragment.layout.limits[index]!;
    host.memory.setI64(at, BigInt(spec.limit ? (segment.evaluateCount(spec.limit) ?? -1) : -1));
    host.memory.setI64(at + 8, BigInt(spec.offset ? (segment.evaluateCount(spec.offset) ?? 0) : 0));
    return {};
  },
};
