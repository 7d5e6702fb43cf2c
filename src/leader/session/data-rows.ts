/**
 * DataRow messages on the leader: small results (SHOW, EXPLAIN, commands) are framed here, chunks from the slices are cut
 * here, and the leader's own small queries are read back.
 * Layout: 'D' | int32 length | int16 columns | (int32 cell length, -1 = NULL | bytes) ...
 */
import { assert } from '../../common/assert.ts';
import { limitReached } from '../../common/errors/catalogue.ts';
import { formatOf, RESULT_FORMAT } from '../../common/result-format.ts';
import type { FieldDescription } from '../../common/sql-service.ts';
import type { ConstValue } from '../../expressions/bound.ts';
import { physOf, TYPE_INFO, type SqlType } from '../../types/sql-type.ts';
import { parseText } from '../../types/text.ts';

/** extra_float_digits for cells that the server itself reads back. */
export const EVERY_DIGIT = 3;
export type TextRow = readonly (string | null)[];

const D = 0x44;

/** Offset behind `rows` whole DataRow messages that start at `offset`. */
export function dataRowsEnd(chunk: Uint8Array, offset: number, rows: number): number {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  let at = offset;
  for (let i = 0; i < rows; i++) {
    assert(chunk[at] === D, 'result chunk does not hold whole DataRow messages');
    at += 1 + view.getInt32(at + 1);
  }
  return at;
}

/** The cell of a small type in binary form. */
function binaryCell(type: SqlType, text: string): Buffer {
  const value = parseText(type, text);
  const { size, phys } = TYPE_INFO[type.name];
  if (phys === 'str') return Buffer.from(text);
  assert(
    phys === 'i32' || phys === 'i64',
    'only texts, whole numbers, booleans and timestamps are sent by the leader',
  );
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value as number | bigint));
  return bytes.subarray(8 - size);
}

/** Text cells as one DataRow each. Without `types` all are texts, whose binary form is the same. */
export function textRows(
  rows: readonly TextRow[],
  types?: readonly SqlType[],
  formats: readonly number[] = [],
): Buffer {
  const parts: Buffer[] = [];
  for (const row of rows) {
    const cells = row.map((cell, i) => {
      const type = types?.[i];
      if (cell === null) return null;
      return type !== undefined && formatOf(formats, i) !== RESULT_FORMAT.text
        ? binaryCell(type, cell)
        : Buffer.from(cell);
    });
    const size = 6 + cells.reduce((sum, c) => sum + 4 + (c?.length ?? 0), 0);
    const message = Buffer.allocUnsafe(size + 1);
    message[0] = D;
    message.writeInt32BE(size, 1);
    message.writeInt16BE(cells.length, 5);
    let at = 7;
    for (const cell of cells) {
      at = message.writeInt32BE(cell === null ? -1 : cell.length, at);
      if (cell !== null) at += cell.copy(message, at);
    }
    parts.push(message);
  }
  return Buffer.concat(parts);
}

/** Appends the rows of a chunk of whole DataRow messages in text format; more than `rowsMax` in all are an error. */
export function readTextRows(chunk: Uint8Array, into: TextRow[], rowsMax: number): void {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  for (let at = 0; at < bytes.length;) {
    if (into.length === rowsMax) throw limitReached('rows of a query of the server itself', String(rowsMax));
    const end = at + 1 + bytes.readInt32BE(at + 1);
    const row: (string | null)[] = [];
    for (let cell = at + 7; cell < end;) {
      const length = bytes.readInt32BE(cell);
      cell += 4;
      row.push(length < 0 ? null : bytes.toString('utf8', cell, cell + length));
      cell += Math.max(0, length);
    }
    into.push(row);
    at = end;
  }
}

export const textField = (name: string): FieldDescription => ({
  name,
  tableOid: 0,
  columnNumber: 0,
  typeOid: TYPE_INFO.text.oid,
  typeSize: -1,
  typeModifier: -1,
});

/** A cell of a result as the leader holds it: texts as they are, without the blanks of CHAR. */
export function readCell(type: SqlType, cell: string): ConstValue {
  if (type.name === 'char') return cell.replace(/ +$/, '');
  return physOf(type) === 'str' ? cell : parseText(type, cell);
}
