/**
 * Parts of an UNLOAD whose writer decides what an object holds and where it ends: frames of bytes for an object, or its end.
 *
 *   frame   u32 bytes of the path, path (partitioned-writer.ts), u8 (0 bytes follow, 1 the object ends), bytes
 */
import type { ObjectIo } from './object-io.ts';
import type { PartsSpec, SealedPart } from './part-writer.ts';
import { partWriters, type LineWriter } from './partitioned-writer.ts';

const HEAD_BYTES = 4;
const END = 1;
/** A frame has no more, so that both sides go on meanwhile. */
const FRAME_BYTES_MAX = 256 * 1024;

/** Frames that tell of bytes (undefined: the object's end); rows are those that the last frame ends. */
export function* toldFrames(
  path: Uint8Array,
  bytes: Uint8Array | undefined,
  rows: number,
): Generator<{ readonly bytes: Uint8Array; readonly rows: number }> {
  const frame = (data: Uint8Array, op: number): Uint8Array => {
    const out = Buffer.alloc(HEAD_BYTES + path.length + 1 + data.length);
    out.writeUInt32LE(path.length);
    out.set(path, HEAD_BYTES);
    out[HEAD_BYTES + path.length] = op;
    out.set(data, HEAD_BYTES + path.length + 1);
    return out;
  };
  if (bytes === undefined) return yield { bytes: frame(new Uint8Array(0), END), rows: 0 };
  for (let at = 0; at < bytes.length; at += FRAME_BYTES_MAX) {
    const isLast = at + FRAME_BYTES_MAX >= bytes.length;
    yield { bytes: frame(bytes.subarray(at, at + FRAME_BYTES_MAX), 0), rows: isLast ? rows : 0 };
  }
}

export class ToldWriter implements LineWriter {
  private readonly parts: ReturnType<typeof partWriters>;
  constructor(io: ObjectIo, spec: PartsSpec, slice: number, nowMicros: () => bigint) {
    this.parts = partWriters(io, spec, slice, nowMicros);
  }
  /** One frame. */
  async write(frame: Uint8Array, rows: number): Promise<void> {
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
    const end = HEAD_BYTES + bytes.readUInt32LE(0);
    const writer = this.parts.of(bytes.toString('latin1', HEAD_BYTES, end));
    if (bytes[end] === END) return writer.seal();
    await writer.append(bytes.subarray(end + 1), rows);
  }
  beginRow(): Promise<void> {
    return Promise.resolve();
  }
  add(frame: Uint8Array): Promise<void> {
    return this.write(frame, 0);
  }
  finish(): Promise<readonly SealedPart[]> {
    return this.parts.finish();
  }
  abort(): Promise<void> {
    return this.parts.abort();
  }
}
