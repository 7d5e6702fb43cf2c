/**
 * The return step at run time when the client asked for columns (common/result-format.ts): rows leave the slice as batches of
 * columns. A row with long values goes alone, as a row.
 */
import { ColumnBuffers, columnKind, encodeBatch } from '../../types/column-buffers.ts';
import { OutputSink } from './output-sink.ts';
import type { ReturnSpec } from './spec.ts';

const COLUMNAR_BUFFER = 256 * 1024;

export class ColumnarSink extends OutputSink {
  private readonly buffers: ColumnBuffers;
  protected override capacity = COLUMNAR_BUFFER;

  constructor(columns: ReturnSpec['columns'], ...base: ConstructorParameters<typeof OutputSink>) {
    super(...base);
    this.buffers = new ColumnBuffers(columns.map(({ type }) => columnKind(type.name)));
  }
  protected override shaped(rows: Uint8Array): Uint8Array {
    const { buffers } = this;
    const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
    for (let at = 0; at < rows.length;) at = buffers.take(rows, view, at);
    const { rows: count } = buffers;
    return encodeBatch(count, buffers.finish());
  }
}
