/**
 * The unload step at run time: lines go into the participant's own objects, or framed to the leader as a return step's.
 */
import type { SegmentHost, SinkRuntime, StepHost, UnloadTarget } from '../host.ts';
import { OutputSink } from '../return/run.ts';
import type { UnloadSpec } from './spec.ts';

class ObjectSink extends OutputSink {
  private target!: UnloadTarget;
  constructor(
    run: StepHost,
    segment: SegmentHost,
    private readonly unload: UnloadSpec,
  ) {
    super(run, segment, { edge: unload.edge, last: true });
  }
  protected override openWay(): void {
    this.target = this.run.openUnload(this.unload.unload);
  }
  protected override send(bytes: Uint8Array, rows: number): boolean {
    return this.target.write(bytes, rows);
  }
  override finish(): boolean {
    if (!super.finish()) return false;
    const written = this.target.finish();
    if (written === undefined) return false;
    this.run.unloadResults.push(written);
    return true;
  }
}

export const unloadRuntime: SinkRuntime<UnloadSpec> = {
  open: (host, segment, spec) =>
    spec.framed || segment.fragment.spec.locus === 'leader'
      ? new OutputSink(host, segment, { edge: spec.edge, last: true })
      : new ObjectSink(host, segment, spec),
};
