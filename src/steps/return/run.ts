/**
 * The return step's runtime: rows as they are, or batches of columns.
 */
import type { SinkRuntime } from '../host.ts';
import { ColumnarSink } from './columnar.ts';
import { OutputSink } from './output-sink.ts';
import type { ReturnSpec } from './spec.ts';

export const returnRuntime: SinkRuntime<ReturnSpec> = {
  open: (host, segment, spec) =>
    spec.columnar === true
      ? new ColumnarSink(spec.columns, host, segment, spec)
      : new OutputSink(host, segment, spec),
};
