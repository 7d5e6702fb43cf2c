/**
 * Row form ("tuple") of hash tables, groups, worktables and exchange frames.
 *
 *   +0  u32 next    chain pointer (hash tables, group tables); 0 ends the chain
 *   +4  u32 hash
 *   +8  one null byte per nullable field (1 = NULL)
 *   ..  fields, widest first, each at its natural alignment; the size is a multiple of 8
 */
import { PHYS_BYTES, physOf, type Phys, type SqlType } from './sql-type.ts';

export interface TupleField {
  readonly id: number;
  readonly type: SqlType;
  /** The type's own form. */
  readonly phys: Phys;
  readonly offset: number;
  /** -1: never NULL. */
  readonly nullOffset: number;
}
export interface TupleLayout {
  readonly size: number;
  readonly fields: readonly TupleField[];
}
export const TUPLE_NEXT = 0;
export const TUPLE_HASH = 4;
const HEADER_BYTES = 8;

/** Order of the result's fields is the order given; ids must be unique. */
export function layoutTuple(
  fields: readonly { readonly id: number; readonly type: SqlType; readonly nullable: boolean }[],
): TupleLayout {
  let at = HEADER_BYTES;
  const nullOffset = fields.map((f) => (f.nullable ? at++ : -1));
  const offset = new Array<number>(fields.length).fill(0);
  for (const width of [16, 8, 4]) {
    const align = Math.min(width, 8);
    for (const [i, f] of fields.entries()) {
      if (PHYS_BYTES[physOf(f.type)] !== width) continue;
      at = Math.ceil(at / align) * align;
      offset[i] = at;
      at += width;
    }
  }
  return {
    size: Math.ceil(at / 8) * 8,
    fields: fields.map(({ id, type }, i) => ({
      id,
      type,
      phys: physOf(type),
      offset: offset[i]!,
      nullOffset: nullOffset[i]!,
    })),
  };
}
