/**
 * Numbers of column encodings in pg_attribute.attencodingtype, and back for format_encoding(). The real service does not
 * publish its numbers; these are fixed once given.
 */
export const ENCODING_CODES: Readonly<Record<string, number>> = {
  raw: 0,
  bytedict: 1,
  delta: 2,
  lzo: 3,
  runlength: 4,
  mostly8: 5,
  mostly16: 6,
  mostly32: 7,
  text255: 8,
  text32k: 9,
  delta32k: 10,
  zstd: 11,
  az64: 12,
};
/** The name behind a number: 'none' for raw, as catalogs print it; undefined for a number nobody has. */
export function encodingName(code: number): string | undefined {
  const found = Object.entries(ENCODING_CODES).find(([, c]) => c === code)?.[0];
  return found === 'raw' ? 'none' : found;
}
