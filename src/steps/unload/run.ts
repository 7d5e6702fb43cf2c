/**
 * The unload step at run time: lines go into the participant's own objects, or framed to the leader as a return step's.
 */
import type { SegmentHost, SinkRuntime, StepHost, UnloadTarget } from '../host.ts';
import { OutputSink, type Rows } from '../return/output-sink.ts';
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
  protected override send({ pieces, rows, isLong }: Rows): boolean {
    return isLong ? this.target.writeLong(pieces) : this.target.write(pieces[0] as Uint8Array, rows);
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
