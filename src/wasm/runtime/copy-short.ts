/**
 * Copies few bytes without leaving WebAssembly: the engine carries memory.copy out by a call, which takes longer than a short
 * text. Nothing beyond [from, from + length) is read, nothing beyond [to, to + length) written; the two do not overlap.
 */
const CALL_BYTES: u32 = 64;

// @ts-ignore: decorator
@inline
export function copyShort(from: usize, to: usize, length: u32): void {
  if (length >= 16) {
    if (length >= CALL_BYTES) {
      memory.copy(to, from, length);
      return;
    }
    for (let i: u32 = 0; i + 16 < length; i += 16) v128.store(to + i, v128.load(from + i));
    v128.store(to + length - 16, v128.load(from + length - 16));
  } else if (length >= 8) {
    const last = load<u64>(from + length - 8);
    store<u64>(to, load<u64>(from));
    store<u64>(to + length - 8, last);
  } else if (length >= 4) {
    const last = load<u32>(from + length - 4);
    store<u32>(to, load<u32>(from));
    store<u32>(to + length - 4, last);
  } else if (length > 0) {
    const last = load<u8>(from + length - 1);
    const middle = load<u8>(from + (length >> 1));
    store<u8>(to, load<u8>(from));
    store<u8>(to + (length >> 1), middle);
    store<u8>(to + length - 1, last);
  }
}

/** memory.copy for generated code. */
export function copy_text(to: i32, from: i32, length: i32): void {
  copyShort(<usize><u32>from, <usize><u32>to, <u32>length);
}
