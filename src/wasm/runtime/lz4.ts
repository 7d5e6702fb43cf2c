/**
 * LZ4's block format: sequences of literals and a match, the last one literals alone. Every read, write and back reference is
 * checked against its bounds.
 */
import { copyShort } from './copy-short.ts';
import { copyBack } from './snappy.ts';

/** Writes the text, at most `room` bytes; its length, or -1 when the data is broken or does not fit. */
export function lz4_decompress(from: i32, bytes: i32, out_: i32, room: i32): i32 {
  let ip = <usize><u32>from;
  const end = ip + <u32>bytes;
  const first = <usize><u32>out_;
  let out = first;
  const outEnd = first + <u32>room;
  while (ip < end) {
    const token = <u32>load<u8>(ip++);
    let count = token >> 4;
    if (count == 15) {
      let more: u32 = 255;
      while (more == 255) {
        if (ip >= end) return -1;
        more = <u32>load<u8>(ip++);
        count += more;
      }
    }
    if (count > <u32>(end - ip) || count > <u32>(outEnd - out)) return -1;
    copyShort(ip, out, count);
    out += count;
    ip += count;
    if (ip == end) return <i32>(out - first);
    if (<u32>(end - ip) < 2) return -1;
    const offset = <u32>load<u16>(ip);
    ip += 2;
    count = (token & 15) + 4;
    if (count == 19) {
      let more: u32 = 255;
      while (more == 255) {
        if (ip >= end) return -1;
        more = <u32>load<u8>(ip++);
        count += more;
      }
    }
    if (offset == 0 || offset > <u32>(out - first) || count > <u32>(outEnd - out)) return -1;
    out = copyBack(out, outEnd, offset, count);
  }
  return bytes == 0 ? 0 : -1;
}
