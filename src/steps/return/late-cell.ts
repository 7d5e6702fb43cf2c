/**
 * A long value on its way out, made of what is kept of it a piece at a time: its bytes, or their hexadecimal digits.
 */
import type { LateBytes } from '../../interconnect/ring.ts';
import { lengthOf, type LongValues } from '../long-values.ts';

export const CELL_FORM = { bytes: 0, hex: 1, upperHex: 2 } as const;
const DIGITS = { [CELL_FORM.hex]: '0123456789abcdef', [CELL_FORM.upperHex]: '0123456789ABCDEF' } as const;

export function lateCell(longs: LongValues, value: bigint, form: number): LateBytes {
  const length = lengthOf(value);
  if (form === CELL_FORM.bytes) return { length, read: (from, into) => longs.read(value, from, into) };
  const digits = Buffer.from(DIGITS[form === CELL_FORM.hex ? form : CELL_FORM.upperHex], 'latin1');
  return {
    length: length * 2,
    read: (from, into) => {
      const first = from >> 1;
      const bytes = Buffer.allocUnsafe(((from + into.length + 1) >> 1) - first);
      longs.read(value, first, bytes);
      for (let i = 0, at = from - first * 2; i < into.length; i++, at++) {
        const byte = bytes[at >> 1]!;
        into[i] = digits[at % 2 === 0 ? byte >> 4 : byte & 15]!;
      }
    },
  };
}
