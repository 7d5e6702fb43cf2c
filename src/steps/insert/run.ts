/**
 * The insert step at run time: vectors go to the slice's writer, or to a sample on which encodings bid. What the writer
 * wrote becomes one of the query's changes.
 */
import { assert } from '../../common/assert.ts';
import type { SliceChange, SliceWriter, Steps } from '../../slices/storage.ts';
import { BaseSink } from '../base-sink.ts';
import type { SinkRuntime } from '../host.ts';
import { Sampler } from './sample.ts';
import type { InsertSpec } from './spec.ts';

/** A writer, or a sample. */
type Taker = Pick<SliceWriter, 'append'> & Partial<Pick<SliceWriter, 'hasWork' | 'step'>>;

class InsertSink extends BaseSink<InsertSpec> {
  override readonly goesOn = true;
  private writer: Taker | undefined;
  /** One step towards the end; true when it is reached. */
  private finishWriter: () => boolean = () => true;

  insertRows(rows: number): 1 | 2 {
    if (rows === 0) return this.hasWork ? 2 : 1;
    const { segment, spec } = this;
    this.writer ??= this.openWriter();
    const { layout } = segment.fragment;
    this.writer.append(
      spec.columns.map((c, i) => ({
        attnum: c.attnum,
        values: segment.state + layout.vectors[i]!.values,
        nulls: segment.state + layout.vectors[i]!.nulls,
      })),
      rows,
    );
    return this.hasWork ? 2 : 1;
  }
  get hasWork(): boolean {
    return this.writer?.hasWork === true;
  }
  step(): void {
    this.writer!.step!();
  }
  private openWriter(): Taker {
    const { run, spec } = this;
    const { storage } = run.surroundings;
    assert(storage, 'insert step without storage');
    if (spec.sample) {
      const sampler = new Sampler(storage, spec.table);
      run.writers.add(sampler);
      this.finishWriter = () => (run.unloadResults.push(sampler.finish()), run.writers.delete(sampler), true);
      return sampler;
    }
    const { xid, statement } = run.start;
    const writer = storage.openWriter(spec.table, xid, statement, { sortRows: spec.sorted });
    run.writers.add(writer);
    let steps: Steps<SliceChange> | undefined;
    this.finishWriter = () => {
      const { done, value } = (steps ??= writer.finishSteps()).next();
      if (done !== true) return false;
      run.changes.push(value);
      run.writers.delete(writer);
      return true;
    };
    return writer;
  }
  finish(): boolean {
    if (this.writer && !this.finishWriter()) return false;
    this.writer = undefined;
    return true;
  }
}

export const insertRuntime: SinkRuntime<InsertSpec> = {
  open: (host, segment, spec) => new InsertSink(host, segment, spec),
};
