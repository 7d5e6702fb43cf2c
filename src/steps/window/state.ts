/**
 * What the code of a windowed source and the host tell each other, in the segment's state:
 *
 *   +0  u32 READY    1 once the host has said how many rows there are
 *   +4  u32 ROWS     of this participant, numbered from 0 in order
 *   +8  i32 WANT     what the code needs before it goes on: a cursor's rows (its number + 1), room in a ring (-2 - its
 *                    number), or a pause (-1)
 *   +12 u32 INDEX    the row the cursor wants
 *   then per cursor { u32 BASE, u32 COUNT, u32 LIST }: rows BASE .. BASE + COUNT - 1 are listed at LIST,
 *                                                   { u32 address, u32 marks } each: bit i says that it begins a group of level i
 *   then per ring   { u32 ADDRESS, u32 CAPACITY, u32 START, u32 END, u32 ENTRY, u32 HOLDS }: entry of row i at place
 *                   i mod CAPACITY, a power of two; ENTRY bytes each; HOLDS: entries point into the rows START .. END - 1
 */
export const WINDOWED = { READY: 0, ROWS: 4, WANT: 8, INDEX: 12, CURSORS: 16 } as const;
export const CURSOR = { BASE: 0, COUNT: 4, LIST: 8, BYTES: 12 } as const;
export const LISTED = { ROW: 0, MARKS: 4 } as const;
export const RING = { ADDRESS: 0, CAPACITY: 4, START: 8, END: 12, ENTRY: 16, HOLDS: 20, BYTES: 24 } as const;
export const WANT_NOTHING = 0;
export const WANT_PAUSE = -1;
export const wantRing = (ring: number): number => -2 - ring;

/** Where these lie; plain data, part of a segment's layout. */
export interface WindowedLayout {
  readonly at: number;
  readonly cursors: number;
  readonly rings: number;
}
export const ringsAt = ({ at, cursors }: WindowedLayout): number => at + WINDOWED.CURSORS + cursors * CURSOR.BYTES;
