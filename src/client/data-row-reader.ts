/**
 * Reads DataRow messages into JavaScript values: 'D' | int32 length | int16 columns | (int32 cell length, -1 = NULL |
 * bytes) ... A chunk holds whole messages; its bytes are valid during the call only, so everything is copied.
 */
import type { FieldDescription } from '../common/sql-service.ts';
import { cellOf, type SqlValue } from './values.ts';

export class DataRowReader {
  private readonly cells: readonly ReturnType<typeof cellOf>[];

  /** `formats`: of each column; none: text. */
  constructor(fields: readonly FieldDescription[], formats: readonly number[] = []) {
    this.cells = fields.map((field, i) => cellOf(field, formats[i] ?? 0));
  }

  *rows(chunk: Uint8Array): Generator<SqlValue[]> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + bytes.readInt32BE(at + 1);
      const row: SqlValue[] = [];
      let cell = at + 7;
      for (const value of this.cells) {
        const length = bytes.readInt32BE(cell);
        cell += 4;
        row.push(length < 0 ? null : value(bytes, cell, cell + length));
        cell += Math.max(0, length);
      }
      yield row;
      at = end;
    }
  }
}
