/**
 * DataRow messages read back on the leader: text cells of small internal queries. A message is 'D', an i32 length, an i16
 * count of cells, and each cell as i32 length (-1: NULL) and bytes.
 */
/** extra_float_digits for cells that the server itself reads back. */
export const EVERY_DIGIT = 3;
export type TextRow = readonly (string | null)[];

/** Appends the rows of a chunk of DataRow messages, up to `rowsMax` in all. */
export function readTextRows(chunk: Uint8Array, count: number, into: TextRow[], rowsMax: number): void {
  const b = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  let at = 0;
  for (let i = 0; i < count && into.length < rowsMax; i++) {
    const cells: (string | null)[] = [];
    let p = at + 7;
    for (let c = b.readInt16BE(at + 5); c > 0; c--) {
      const n = b.readInt32BE(p);
      p += 4;
      cells.push(n < 0 ? null : b.toString('utf8', p, p + n));
      p += Math.max(n, 0);
    }
    into.push(cells);
    at += 1 + b.readInt32BE(at + 1);
  }
}
