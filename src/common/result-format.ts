/**
 * How a result column goes to the client: the format codes of Bind, and one of our own for what Redshift's drivers take for
 * binary from transfer protocol 2 on, where NUMERIC is an integer scaled by its type modifier: 8 bytes, or 16 from 19
 * digits on, big-endian; everything else as in binary. Decided when a portal is bound (session.ts), carried out by the return step; RowDescription tells
 * clients 0 or 1.
 */
export const RESULT_FORMAT = { text: 0, binary: 1, scaled: 2 } as const;
export type ResultFormat = (typeof RESULT_FORMAT)[keyof typeof RESULT_FORMAT];

/**
 * Added to the format of every column: whole batches of columns instead of rows, where the slices can make them
 * (types/column-buffers.ts). For clients in this process; the wire knows rows only.
 */
export const COLUMNAR = 16;
export const isColumnar = (formats: readonly number[]): boolean =>
  formats.length > 0 && formats.every((f) => f >= COLUMNAR);

/** The format of column `i`: none = all text, one = for every column, else one each. */
export function formatOf(formats: readonly number[], i: number): ResultFormat {
  const asked = formats.length === 1 ? formats[0] : formats[i];
  const given = (asked ?? RESULT_FORMAT.text) % COLUMNAR;
  return given === RESULT_FORMAT.binary || given === RESULT_FORMAT.scaled ? given : RESULT_FORMAT.text;
}
