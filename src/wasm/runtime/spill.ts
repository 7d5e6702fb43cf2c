/**
 * Tuples on their way to the temporary disk and back. A page holds tuples from its front and the bytes of their texts
 * from its end down; a text's field says how far from the page's end its bytes lie, so a page can be moved as it is. A
 * header per page that is being filled: +0 FRONT  +4 BACK  +8 COUNT  +12 START  +16 END, 24 bytes.
 * `fields` are the tuple's texts: (offset, offset of the null byte or -1), an i32 each. References to long values stay.
 */
import { copyShort } from './copy-short.ts';
import { isReference } from './long-values.ts';

const FRONT: usize = 0;
const BACK: usize = 4;
const COUNT: usize = 8;
const END: usize = 16;
const HEADER_BYTES: i32 = 24;

// @ts-ignore: decorator
@inline
function isNull(t: i32, field: i32): bool {
  const nullOffset = load<i32>(field, 4);
  return nullOffset >= 0 && load<u8>(t + nullOffset) != 0;
}
/** Bytes that go with the tuple. */
// @ts-ignore: decorator
@inline
function bytesOf(t: i32, field: i32): i64 {
  const s = load<i64>(t + load<i32>(field));
  return isReference(s) ? 0 : s >>> 32;
}

/**
 * Packs list[from..n) into the page of (hash >>> shift) & mask. Stops at a tuple whose page has no room for it: its index
 * is returned, and `out` holds the page's number and the bytes it needs.
 */
export function pack_tuples(
  list: i32, from: i32, n: i32, size: i32, fields: i32, fieldCount: i32, headers: i32, shift: i32, mask: i32, out: i32,
): i32 {
  const fieldsEnd = fields + fieldCount * 8;
  for (let i = from; i < n; i++) {
    const t = load<i32>(list + (i << 2));
    let need: i64 = size;
    for (let f = fields; f < fieldsEnd; f += 8) if (!isNull(t, f)) need += bytesOf(t, f);
    const page = (load<i32>(t, 4) >>> shift) & mask;
    const h = headers + page * HEADER_BYTES;
    const front = load<i32>(h, FRONT);
    let back = load<i32>(h, BACK);
    if (<i64>(back - front) < need) {
      store<i32>(out, page);
      store<i32>(out, <i32>min<i64>(need, 0x7fffffff), 4);
      return i;
    }
    memory.copy(front, t, size);
    store<i32>(front, 0);
    const end = load<i32>(h, END);
    for (let f = fields; f < fieldsEnd; f += 8) {
      const at = load<i32>(f);
      if (isNull(t, f)) {
        store<i64>(front + at, 0);
        continue;
      }
      if (isReference(load<i64>(t + at))) continue;
      const length = load<i32>(t + at + 4);
      back -= length;
      copyShort(<usize>load<u32>(t + at), <usize><u32>back, <u32>length);
      store<i32>(front + at, end - back);
    }
    store<i32>(h, front + size, FRONT);
    store<i32>(h, back, BACK);
    store<i32>(h, load<i32>(h, COUNT) + 1, COUNT);
  }
  return n;
}

/** Makes addresses of the texts of `rows` packed tuples at `start` in a page that ends at `end`. */
export function relocate_tuples(start: i32, rows: i32, size: i32, fields: i32, fieldCount: i32, end: i32): void {
  const fieldsEnd = fields + fieldCount * 8;
  const last = start + rows * size;
  for (let t = start; t < last; t += size) {
    for (let f = fields; f < fieldsEnd; f += 8) {
      const at = t + load<i32>(f);
      if (!isNull(t, f) && !isReference(load<i64>(at))) store<i32>(at, end - load<i32>(at));
    }
  }
}
