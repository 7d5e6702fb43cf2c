/**
 * The buffer of a step whose rows leave, in the state: u32 CUR, END, START, ROWS, then LONG_ROW, the address of the row that
 * has holes, or 0, then how many HOLES it has, i64 HOLE_BYTES, which belong there, u32 PENDING, 1 when the buffer has to go before
 * another row is made, and the holes themselves.
 *
 * A hole is a place in the buffer where the bytes of a long value belong: { u32 AT, its address; u32 FORM (late-cell.ts);
 * i64 VALUE, the reference }. The sink (run.ts) sends them from where they lie. A row with holes is the last of its buffer.
 */
export const OUTPUT = {
  CUR: 0,
  END: 4,
  START: 8,
  ROWS: 12,
  LONG_ROW: 16,
  HOLES: 20,
  HOLE_BYTES: 24,
  PENDING: 32,
  BYTES: 40,
} as const;
export const HOLE = { AT: 0, FORM: 4, VALUE: 8, BYTES: 16 } as const;
