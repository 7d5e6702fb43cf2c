/**
 * Rows to delete, a bit each, by row group: a statement that deletes ten million rows holds little more than a megabyte.
 * An address is groupId * 2^ROW_BITS + row, as a scan of ROW_ADDRESS_ATTNUM gives it; one that comes twice counts once.
 */
import { ROW_GROUP_ROWS } from '../common/limits.ts';
import { ROW_BITS } from './hidden-columns.ts';

const ROW_MASK = (1 << Number(ROW_BITS)) - 1;
const WORDS = ROW_GROUP_ROWS / 32;

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
    if (group !== this.lastGroup) {
      let bits = this.groups.get(group);
      if (bits === undefined) this.groups.set(group, (bits = new Uint32Array(WORDS)));
      this.lastGroup = group;
      this.lastBits = bits;
    }
    const row = low & ROW_MASK;
    const bit = 1 << (row & 31);
    const isNew = (this.lastBits[row >>> 5]! & bit) === 0;
    this.lastBits[row >>> 5]! |= bit;
    return isNew;
  }
  /** Groups, as they came first, and their rows in order. */
  *[Symbol.iterator](): Generator<{ readonly groupId: number; readonly rows: Uint32Array }> {
    for (const [groupId, bits] of this.groups) yield { groupId, rows: rowsOf(bits) };
  }
}

function rowsOf(bits: Uint32Array): Uint32Array {
  const rows = new Uint32Array(ROW_GROUP_ROWS);
  let count = 0;
  for (const [i, word] of bits.entries()) {
    for (let left = word; left !== 0; left &= left - 1) rows[count++] = i * 32 + 31 - Math.clz32(left & -left);
  }
  return rows.slice(0, count);
}
