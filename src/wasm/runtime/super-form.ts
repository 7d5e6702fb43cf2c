/**
 * How a SUPER value lies in memory and in blocks (docs/decisions/0033-super-form.md). A value is a tag and bytes; where it
 * ends is known from outside, so that a part of a value is a value without a copy when it is a scalar.
 *
 *   NULL 1  FALSE 2  TRUE 3
 *   INTEGER 4    1, 2, 4 or 8 bytes, two's complement, as few as hold it
 *   DECIMAL 5    u8 scale, then the unscaled integer in 8 or 16 bytes
 *   FLOAT8 6     8 bytes                 FLOAT4 7   4 bytes
 *   STRING 8     UTF-8
 *   ARRAY 9      elements, their ends[count], u32 count, u8 width
 *   OBJECT 10    values, their ends[count], key numbers[count], u32 count, u8 width: both lists in the order as written
 *   DOCUMENT 11  u32 where the root begins, keys, their ends u32[count], u32 count, the root
 *
 * Ends count from the container's tag (in a document from its tag), in words of `width` bytes. A container with objects in it is the root of a document,
 * whose keys are the dictionary of every object below; one without stands alone. `dict` is the document's address, 0 = none.
 */
export const NULL: i32 = 1;
export const FALSE: i32 = 2;
export const TRUE: i32 = 3;
export const INTEGER: i32 = 4;
export const DECIMAL: i32 = 5;
export const FLOAT8: i32 = 6;
export const FLOAT4: i32 = 7;
export const STRING: i32 = 8;
export const ARRAY: i32 = 9;
export const OBJECT: i32 = 10;
export const DOCUMENT: i32 = 11;
/** Tag and where the root begins. */
export const DOCUMENT_HEAD: i32 = 5;
/** Count and width behind a container's directory. */
export const TAIL: i32 = 5;
/** common/limits.ts: SUPER_BYTES_MAX, SUPER_NESTING_MAX. */
export const BYTES_MAX: i32 = 16777216;
export const NESTING_MAX: i32 = 1000;

// @ts-ignore: decorator
@inline
export function tagOf(p: i32): i32 {
  return <i32>load<u8>(p);
}
// @ts-ignore: decorator
@inline
export function isContainer(tag: i32): bool {
  return tag == ARRAY || tag == OBJECT;
}
/** Where the value itself begins. */
// @ts-ignore: decorator
@inline
export function rootOf(p: i32): i32 {
  return load<u8>(p) == DOCUMENT ? p + load<i32>(p, 1) : p;
}
// @ts-ignore: decorator
@inline
export function dictOf(p: i32): i32 {
  return load<u8>(p) == DOCUMENT ? p : 0;
}
// @ts-ignore: decorator
@inline
export function countOf(end: i32): i32 {
  return load<i32>(end - TAIL);
}
// @ts-ignore: decorator
@inline
export function widthOf(end: i32): i32 {
  return <i32>load<u8>(end - 1);
}
export function wordAt(at: i32, width: i32): i32 {
  if (width == 1) return <i32>load<u8>(at);
  return width == 2 ? <i32>load<u16>(at) : load<i32>(at);
}
/** Where a container's ends are listed. */
export function endsOf(p: i32, end: i32): i32 {
  const words = load<u8>(p) == OBJECT ? countOf(end) * 2 : countOf(end);
  return end - TAIL - words * widthOf(end);
}
/** Where item `i` of a container begins and ends. */
export function itemStart(p: i32, end: i32, i: i32): i32 {
  if (i == 0) return p + 1;
  const width = widthOf(end);
  return p + wordAt(endsOf(p, end) + (i - 1) * width, width);
}
export function itemEnd(p: i32, end: i32, i: i32): i32 {
  const width = widthOf(end);
  return p + wordAt(endsOf(p, end) + i * width, width);
}
/** Number of the key of an object's item `i`. */
export function keyAt(end: i32, i: i32): i32 {
  const width = widthOf(end);
  return wordAt(end - TAIL - (countOf(end) - i) * width, width);
}

/** Keys of a dictionary. */
export function keyCount(dict: i32): i32 {
  return dict == 0 ? 0 : load<i32>(rootOf(dict) - 4);
}
export function keyStart(dict: i32, key: i32): i32 {
  if (key == 0) return dict + DOCUMENT_HEAD;
  const root = rootOf(dict);
  return dict + load<i32>(root - 4 - (load<i32>(root - 4) - key + 1) * 4);
}
export function keyEnd(dict: i32, key: i32): i32 {
  const root = rootOf(dict);
  return dict + load<i32>(root - 4 - (load<i32>(root - 4) - key) * 4);
}

/** An integer's value; `end` is behind its bytes. */
export function integerOf(p: i32, end: i32): i64 {
  switch (end - p - 1) {
    case 1: return <i64>load<i8>(p, 1);
    case 2: return <i64>load<i16>(p, 1);
    case 4: return <i64>load<i32>(p, 1);
    default: return load<i64>(p, 1);
  }
}
/** Low and high word of a decimal, and its scale. */
export function decimalLow(p: i32): i64 {
  return load<i64>(p, 2);
}
export function decimalHigh(p: i32, end: i32): i64 {
  return end - p == 18 ? load<i64>(p, 10) : load<i64>(p, 2) >> 63;
}
export function decimalScale(p: i32): i32 {
  return <i32>load<u8>(p, 1);
}
export function isNumber(tag: i32): bool {
  return tag >= INTEGER && tag <= FLOAT4;
}
export function isExact(tag: i32): bool {
  return tag == INTEGER || tag == DECIMAL;
}
export function exactLow(p: i32, end: i32): i64 {
  return load<u8>(p) == INTEGER ? integerOf(p, end) : decimalLow(p);
}
export function exactHigh(p: i32, end: i32): i64 {
  return load<u8>(p) == INTEGER ? integerOf(p, end) >> 63 : decimalHigh(p, end);
}
export function exactScale(p: i32): i32 {
  return load<u8>(p) == INTEGER ? 0 : decimalScale(p);
}
/** A float4's or float8's value. */
export function floatOf(p: i32): f64 {
  return load<u8>(p) == FLOAT8 ? load<f64>(p, 1) : <f64>load<f32>(p, 1);
}
