/**
 * Field text of UNLOAD, and values that name its partitions. Both kernels write at `out` and return the end; the caller keeps 2 * length + 2 bytes free.
 * The emitted unload step writes delimiters, NULL strings and line feeds itself and formats numbers with fmt_<type>.
 */
import { json_byte } from './json-byte.ts';
import { countChars } from './utf8.ts';

/**
 * Delimited text. `escape`: ESCAPE puts a backslash before line feed, carriage return, delimiter, backslash and (with
 * ADDQUOTES) quotes; `addquotes`: the field stands in double quotes, inner ones doubled unless escaped.
 */
export function unload_field_text(ctx: usize, out: usize, s: i64, delim: i32, escape: i32, addquotes: i32): usize {
  let p = <usize>(<u32>s);
  const end = p + <usize>(s >>> 32);
  if (addquotes) store<u8>(out++, 34);
  if (!escape && !addquotes) {
    memory.copy(out, p, end - p);
    return out + (end - p);
  }
  while (p < end) {
    const c = <i32>load<u8>(p++);
    if (escape) {
      if (c == 10 || c == 13 || c == delim || c == 92 || (addquotes && (c == 34 || c == 39))) store<u8>(out++, 92);
    } else if (c == 34) store<u8>(out++, 34);
    store<u8>(out++, <u8>c);
  }
  if (addquotes) store<u8>(out++, 34);
  return out;
}

/** CSV: quoted only when the field holds the delimiter, a quote, CR or LF; quotes are doubled. */
export function unload_field_csv(ctx: usize, out: usize, s: i64, delim: i32, quote: i32): usize {
  const start = <usize>(<u32>s);
  const end = start + <usize>(s >>> 32);
  let p = start;
  while (p < end) {
    const c = <i32>load<u8>(p);
    if (c == delim || c == quote || c == 10 || c == 13) break;
    p++;
  }
  if (p == end) {
    memory.copy(out, start, end - start);
    return out + (end - start);
  }
  store<u8>(out++, <u8>quote);
  for (p = start; p < end; p++) {
    const c = <i32>load<u8>(p);
    if (c == quote) store<u8>(out++, <u8>c);
    store<u8>(out++, <u8>c);
  }
  store<u8>(out++, <u8>quote);
  return out;
}

/** A JSON string; the caller keeps 6 * length + 2 bytes free. */
export function unload_field_json(ctx: usize, out: usize, s: i64): usize {
  let p = <usize>(<u32>s);
  const end = p + <usize>(s >>> 32);
  store<u8>(out++, 34);
  while (p < end) out = <usize>json_byte(<i32>out, <i32>load<u8>(p++));
  store<u8>(out++, 34);
  return out;
}

/** FIXEDWIDTH: blanks behind the field [start, end) up to `width` characters. 0: it is longer. */
export function unload_pad(start: usize, end: usize, width: i32): usize {
  const missing = width - countChars(<i32>start, <i32>(end - start));
  if (missing < 0) return 0;
  memory.fill(end, 32, missing);
  return end + missing;
}

/** '__HIVE_DEFAULT_PARTITION__' in words. */
const DEFAULT_0: u64 = 0x445f455649485f5f;
const DEFAULT_8: u64 = 0x505f544c55414645;
const DEFAULT_16: u64 = 0x4e4f495449545241;
const DEFAULT_24: u16 = 0x5f5f;
const DEFAULT_BYTES = 26;

/**
 * A text's part of a partition's path (s3/partitioned-writer.ts): 1 and the text, or 0 for what lies where NULL does, the empty text and
 * the name of that folder itself.
 */
export function unload_partition(out: usize, s: i64): usize {
  const start = <usize>(<u32>s);
  const bytes = <usize>(s >>> 32);
  const isDefault =
    bytes == 0 ||
    (bytes == DEFAULT_BYTES &&
      load<u64>(start) == DEFAULT_0 &&
      load<u64>(start, 8) == DEFAULT_8 &&
      load<u64>(start, 16) == DEFAULT_16 &&
      load<u16>(start, 24) == DEFAULT_24);
  store<u8>(out++, isDefault ? 0 : 1);
  if (isDefault) return out;
  memory.copy(out, start, bytes);
  return out + bytes;
}
