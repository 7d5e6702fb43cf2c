/**
 * Values in memory by their physical form, and tables of them: what the arms of a long OR, AND or CASE of one shape
 * differ in, as data (steps/normalise.ts). A table in node memory:
 *
 *   +0  u32 rows
 *   +8  rows of columns of ITEM_BYTES each: the value (16 bytes; a text by its distance from the table's start, low, and
 *       its length, high), then a u32, 1 for NULL; the texts follow
 */
import { physOf, type SqlType } from './sql-type.ts';
import { intervalHigh, type IntervalValue } from './value.ts';

export const ITEM_BYTES = 24;
/** Offset of an item's NULL flag. */
export const ITEM_NULL = 16;
/** Offset of a table's first row. */
export const TABLE_ROWS = 8;

const utf8 = new TextEncoder();
/** Bytes of a value of form str: a VARBYTE's text is hexadecimal. */
function textBytes(type: SqlType, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const text = typeof value === 'string' ? value : String(value);
  return type.name === 'varbyte' ? Buffer.from(text, 'hex') : utf8.encode(text);
}

/** Writes one value that is not NULL; `place` puts a text somewhere and gives its string value. */
export function writeForm(
  view: DataView,
  at: number,
  type: SqlType,
  value: unknown,
  place: (text: Uint8Array) => bigint,
): void {
  const word = (offset: number, v: bigint): void => view.setBigInt64(at + offset, BigInt.asIntN(64, v), true);
  switch (physOf(type)) {
    case 'i32':
      view.setInt32(at, typeof value === 'boolean' ? Number(value) : Number(value) | 0, true);
      return;
    case 'i64':
      return word(0, typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value))));
    case 'f32':
      view.setFloat32(at, Number(value), true);
      return;
    case 'f64':
      view.setFloat64(at, Number(value), true);
      return;
    case 'i128': {
      if (type.name === 'interval') {
        const i = value as IntervalValue;
        word(0, BigInt(i.micros));
        return word(8, intervalHigh(i));
      }
      const v = BigInt(value as bigint);
      word(0, v);
      return word(8, v >> 64n);
    }
    case 'str':
      return word(0, place(textBytes(type, value)));
  }
}

/** A table in memory that threads share; null is NULL. */
export function packTable(types: readonly SqlType[], rows: readonly (readonly unknown[])[]): Uint8Array {
  const fixed = TABLE_ROWS + rows.length * types.length * ITEM_BYTES;
  const texts: Uint8Array[] = [];
  let end = fixed;
  const scratch = new DataView(new ArrayBuffer(fixed));
  scratch.setUint32(0, rows.length, true);
  const place = (text: Uint8Array): bigint => {
    texts.push(text);
    const value = BigInt(end) | (BigInt(text.length) << 32n);
    end += text.length;
    return value;
  };
  for (const [r, row] of rows.entries()) {
    for (const [c, type] of types.entries()) {
      const at = TABLE_ROWS + (r * types.length + c) * ITEM_BYTES;
      const value = row[c];
      if (value === null || value === undefined) scratch.setUint32(at + ITEM_NULL, 1, true);
      else writeForm(scratch, at, type, value, place);
    }
  }
  const bytes = new Uint8Array(new SharedArrayBuffer(end));
  bytes.set(new Uint8Array(scratch.buffer));
  let at = fixed;
  for (const text of texts) {
    bytes.set(text, at);
    at += text.length;
  }
  return bytes;
}
