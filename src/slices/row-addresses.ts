/**
 * Rows to delete, a bit each, by row group: a statement that deletes ten million rows of large groups holds little more than a
 * megabyte. A group's bits reach as far as its rows were seen, so that many small groups take little too.
 * An address is groupId * 2^ROW_BITS + row, as a scan of ROW_ADDRESS_ATTNUM gives it; one that comes twice counts once.
 */
import { ROW_GROUP_ROWS } from '../common/limits.ts';
import { ROW_BITS } from './hidden-columns.ts';

const ROW_MASK = (1 << Number(ROW_BITS)) - 1;
const WORDS_FIRST = 2;

export class RowAddresses {
  private readonly groups = new Map<number, Uint32Array>();
  private lastGroup = -1;
  private lastBits: Uint32Array = new Uint32Array(0);

  static of(addresses: readonly bigint[]): RowAddresses {
    const rows = new RowAddresses();
    for (const a of addresses) rows.add(Number(a & 0xffffffffn), Number(a >> 32n));
    return rows;
  }
  /** The address's low and high 32 bits; whether it is new. */
  add(low: number, high: number): boolean {
    const group = high * 2 ** (32 - Number(ROW_BITS)) + (low >>> Number(ROW_BITS));
    const row = low & ROW_MASK;
    const word = row >>> 5;
    if (group !== this.lastGroup || word >= this.lastBits.length) this.turnTo(group, word);
    const bit = 1 << (row & 31);
    const isNew = (this.lastBits[word]! & bit) === 0;
    this.lastBits[word]! |= bit;
    return isNew;
  }
  /** Makes the group's bits the last ones, and long enough for the word. */
  private turnTo(group: number, word: number): void {
    let bits = this.groups.get(group);
    if (bits === undefined || word >= bits.length) {
      const longer = new Uint32Array(Math.max((bits?.length ?? 0) * 2, word + 1, WORDS_FIRST));
      if (bits !== undefined) longer.set(bits);
      this.groups.set(group, (bits = longer));
    }
    this.lastGroup = group;
    this.lastBits = bits;
  }
  /** Groups, as they came first, and their rows in order: these are valid until the next group is asked for. */
  *[Symbol.iterator](): Generator<{ readonly groupId: number; readonly rows: Uint32Array }> {
    const buffer = new Uint32Array(ROW_GROUP_ROWS);
    for (const [groupId, bits] of this.groups) yield { groupId, rows: rowsOf(bits, buffer) };
  }
}

function rowsOf(bits: Uint32Array, rows: Uint32Array): Uint32Array {
  let count = 0;
  for (let i = 0; i < bits.length; i++) {
    for (let left = bits[i]!; left !== 0; left &= left - 1) rows[count++] = i * 32 + 31 - Math.clz32(left & -left);
  }
  return rows.subarray(0, count);
}
