/**
 * Segments of one running query in parts (steps/split-join.ts): compiled between the events of the leader's thread, once for
 * all participants that ask for the same. Their modules are held with the query's own.
 */
import { inTurns } from '../../common/steps.ts';
import type { SlotValue } from '../../steps/normalise.ts';
import { splitSegment } from '../../steps/split-join.ts';
import type { SegmentSpec } from '../../steps/spec.ts';
import type { CompiledSegment, HeldModules } from '../compiler/code-cache.ts';

/** Numbers of parts of segments, and of stores between them. */
const PARTS_FROM = 1_000_000;
const PARTS_OF_SEGMENT = 1_000;

export interface SegmentPart {
  readonly compiled: CompiledSegment;
  readonly part: { readonly before: number; readonly isLast: boolean };
}

export class SegmentParts {
  private readonly asked = new Map<string, Promise<readonly SegmentPart[]>>();

  constructor(
    private readonly segments: readonly SegmentSpec[],
    private readonly parameters: readonly SlotValue[],
    private readonly held: HeldModules,
    /** The query has ended. */
    private readonly ended: AbortSignal,
  ) {}

  /** The parts of a segment, cut at these transforms. */
  of(segment: number, joins: readonly number[]): Promise<readonly SegmentPart[]> {
    const key = `${segment}:${joins.join()}`;
    let parts = this.asked.get(key);
    if (parts === undefined) this.asked.set(key, (parts = this.make(segment, joins)));
    return parts;
  }
  private async make(segment: number, joins: readonly number[]): Promise<readonly SegmentPart[]> {
    const whole = this.segments.find((s) => s.segment === segment)!;
    // The same numbers every time, so that the parts' shapes are known the next time.
    let next = PARTS_FROM + segment * PARTS_OF_SEGMENT;
    const parts = splitSegment(whole, joins, () => next++);
    const compiling = this.held.compiled(
      parts.map((p) => p.spec),
      this.parameters.length,
    );
    const compiled = await inTurns(compiling, this.ended);
    return parts.map(({ before }, i) => ({
      compiled: compiled[i]!,
      part: { before, isLast: i === parts.length - 1 },
    }));
  }
}
