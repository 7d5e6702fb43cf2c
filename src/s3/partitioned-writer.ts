/**
 * The objects one writer of an UNLOAD with PARTITION BY makes: rows come framed with the values of their partition columns, and
 * each partition has parts of its own under Hive's path, `name=value/`. A value's bytes that a path cannot hold are
 * written %XX, NULL and the empty text are __HIVE_DEFAULT_PARTITION__.
 *
 *   frame   u32 bytes behind it, u32 bytes of the path, path: per column 1 and the value's text, or 0 for that folder, then NUL; line
 */
import { tooManyPartitions } from '../common/errors/catalogue.ts';
import { UNLOAD_PARTITIONS_MAX } from '../common/limits.ts';
import type { ObjectIo } from './object-io.ts';
import { PartWriter, type PartsSpec, type SealedPart } from './part-writer.ts';

const HEAD_BYTES = 8;
/** As Hive escapes: control characters and what means something in a path. */
const SPECIAL = /[\x00-\x1f"#%'*/:=?\\\x7f{[\]^]/g;
const escaped = (text: string): string =>
  text.replace(SPECIAL, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

/** What an UNLOAD writes through. */
export interface LineWriter {
  write(lines: Uint8Array, rows: number): Promise<void>;
  /** One row of so many bytes, which are then added in pieces. */
  beginRow(bytes: number): Promise<void>;
  add(piece: Uint8Array): Promise<void>;
  finish(always?: boolean): Promise<readonly SealedPart[]>;
  abort(): Promise<void>;
}

export class PartitionedWriter implements LineWriter {
  private readonly parts: ReturnType<typeof partWriters>;
  constructor(io: ObjectIo, spec: PartsSpec, slice: number, nowMicros: () => bigint) {
    this.parts = partWriters(io, spec, slice, nowMicros);
  }
  async write(frames: Uint8Array): Promise<void> {
    const bytes = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
    const lines = new Map<string, Buffer[]>();
    for (let at = 0; at < bytes.length;) {
      const end = at + 4 + bytes.readUInt32LE(at);
      const line = at + HEAD_BYTES + bytes.readUInt32LE(at + 4);
      const path = bytes.toString('latin1', at + HEAD_BYTES, line);
      const some = lines.get(path);
      if (some === undefined) lines.set(path, [bytes.subarray(line, end)]);
      else some.push(bytes.subarray(line, end));
      at = end;
    }
    for (const [path, some] of lines) await this.parts.of(path).write(Buffer.concat(some), some.length);
  }
  /** A long row: what came of its head, then its writer. */
  private long: { readonly bytes: number; head: Buffer; writer?: PartWriter } | undefined;
  beginRow(bytes: number): Promise<void> {
    this.long = { bytes, head: Buffer.alloc(0) };
    return Promise.resolve();
  }
  async add(piece: Uint8Array): Promise<void> {
    const long = this.long!;
    if (long.writer !== undefined) return await long.writer.add(piece);
    const head = (long.head = Buffer.concat([long.head, piece]));
    const line = head.length < HEAD_BYTES ? undefined : HEAD_BYTES + head.readUInt32LE(4);
    if (line === undefined || head.length < line) return;
    long.writer = this.parts.of(head.toString('latin1', HEAD_BYTES, line));
    await long.writer.beginRow(long.bytes - line);
    await long.writer.add(head.subarray(line));
  }
  finish(): Promise<readonly SealedPart[]> {
    return this.parts.finish();
  }
  abort(): Promise<void> {
    return this.parts.abort();
  }
}

/** The values of a path; undefined: the default partition, whose byte is the NUL that parts values, too. */
function pathValues(path: string, count: number): readonly (string | undefined)[] {
  let at = 0;
  return Array.from({ length: count }, (_, i) => {
    const isNull = path[at] === '\0';
    const next = i === count - 1 || isNull ? -1 : path.indexOf('\0', at);
    const end = isNull ? at + 1 : next < 0 ? path.length : next;
    const value = isNull ? undefined : path.slice(at + 1, end);
    at = end + 1;
    return value;
  });
}

/** The writers of parts by the bytes of their paths. */
export function partWriters(
  io: ObjectIo,
  spec: PartsSpec,
  slice: number,
  nowMicros: () => bigint,
): {
  of(path: string): PartWriter;
  finish(): Promise<readonly SealedPart[]>;
  abort(): Promise<void>;
} {
  const writers = new Map<string, PartWriter>();
  const folderOf = (path: string): string | undefined => {
    if (spec.partition === undefined) return undefined;
    const values = pathValues(Buffer.from(path, 'latin1').toString('utf8'), spec.partition.length);
    const folders = spec.partition.map((name, i) => {
      const value = values[i];
      return `${escaped(name)}=${value === undefined ? NULL_PARTITION : escaped(value)}/`;
    });
    return spec.prefix + folders.join('');
  };
  return {
    of(path) {
      const known = writers.get(path);
      if (known !== undefined) return known;
      if (writers.size >= UNLOAD_PARTITIONS_MAX) throw tooManyPartitions(String(UNLOAD_PARTITIONS_MAX));
      const folder = folderOf(path);
      const writer = new PartWriter(io, { ...spec, prefix: folder ?? spec.prefix }, slice, nowMicros, folder);
      writers.set(path, writer);
      return writer;
    },
    async finish() {
      const parts: SealedPart[] = [];
      for (const writer of writers.values()) parts.push(...(await writer.finish()));
      return parts;
    },
    async abort() {
      for (const writer of writers.values()) await writer.abort();
    },
  };
}
const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__';
