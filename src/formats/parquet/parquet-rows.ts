/**
 * UNLOAD's rows as Parquet files: row groups in a file until it would pass the size limit, then the footer and the next one. With partitions
 * the rows of each are kept until there are many, and become a row group at once. What is written goes out as told parts
 * (s3/told-parts.ts), whoever makes objects of them.
 */
import { tooManyPartitions } from '../../common/errors/catalogue.ts';
import { UNLOAD_PARTITIONS_MAX, UNLOAD_PARTITION_BYTES } from '../../common/limits.ts';
import { SLICEHOUSE_VERSION } from '../../common/version.ts';
import { GroupEncoder, type EncodedGroup, type EncoderHost } from './group-encoder.ts';
import { MAGIC } from './metadata.ts';
import { thriftBytes, type ThriftField } from './thrift.ts';
import { writtenSchema, writtenType, type WrittenColumn } from './written-type.ts';

export interface ParquetUnload {
  readonly columns: readonly WrittenColumn[];
  readonly rowGroupBytes: number;
  readonly maxFileBytes: number;
  /** Rows come framed: u32 bytes behind it, u32 bytes of the path, path, row. */
  readonly isPartitioned: boolean;
}
/** Bytes for the object of a path: `rows` that they end, or the object's end. */
export type Told = (path: Uint8Array, bytes: Uint8Array | undefined, rows: number) => void;

const HEAD_BYTES = 8;
const VERSION_NUMBER = 1;
/** Of a file's end, where a group fills the whole of it. */
const FOOTER_BYTES = 64 * 1024;
const MAGIC_BYTES = Buffer.from(MAGIC);
const NO_PATH = new Uint8Array(0);

interface OpenFile {
  readonly path: Uint8Array;
  /** Bytes so far; 0: nothing was written. */
  offset: number;
  rows: number;
  groups: ThriftField[];
  /** Rows that wait, at the front. */
  waiting: Buffer;
  waitingBytes: number;
}
const FIRST_WAITING_BYTES = 4096;

export class ParquetRows {
  private readonly encoder: GroupEncoder;
  private readonly schema: readonly ThriftField[];
  private readonly files = new Map<string, OpenFile>();
  private readonly groupBytes: number;
  private waitingBytes = 0;
  private area = 0;
  private areaBytes = 0;

  constructor(
    private readonly host: EncoderHost,
    private readonly unload: ParquetUnload,
    private readonly tell: Told,
  ) {
    const types = unload.columns.map(({ type }) => writtenType(type)!);
    this.schema = writtenSchema(unload.columns, types);
    this.encoder = new GroupEncoder(host, unload.columns, types);
    this.groupBytes = Math.min(unload.rowGroupBytes, unload.maxFileBytes) - FOOTER_BYTES;
  }
  /** Rows; of the host's memory, or of another. */
  write(rows: Uint8Array): void {
    if (this.unload.isPartitioned) return this.spread(rows);
    const file = this.file('', NO_PATH);
    const from = this.inMemory(rows);
    const end = from + rows.length;
    for (let at = from; at < end;) {
      at = this.encoder.take(at, end, this.groupBytes);
      if (this.encoder.isFull(this.groupBytes)) this.endGroup(file);
    }
  }
  private inMemory(rows: Uint8Array): number {
    const { memory } = this.host;
    if (rows.buffer === memory.bytes.buffer) return rows.byteOffset;
    if (this.areaBytes < rows.length) {
      if (this.area !== 0) this.host.free(this.area);
      this.areaBytes = rows.length * 2;
      this.area = this.host.allocate(this.areaBytes);
    }
    memory.bytes.set(rows, this.area);
    return this.area;
  }
  private file(key: string, path: Uint8Array): OpenFile {
    const known = this.files.get(key);
    if (known !== undefined) return known;
    if (this.files.size >= UNLOAD_PARTITIONS_MAX) throw tooManyPartitions(String(UNLOAD_PARTITIONS_MAX));
    // The path lies in the caller's bytes.
    const file = {
      path: Uint8Array.from(path),
      offset: 0,
      rows: 0,
      groups: [],
      waiting: Buffer.alloc(0),
      waitingBytes: 0,
    };
    this.files.set(key, file);
    return file;
  }

  // ---- partitions ----

  private spread(frames: Uint8Array): void {
    const bytes = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
    for (let at = 0; at < bytes.length;) {
      const end = at + 4 + bytes.readUInt32LE(at);
      const row = at + HEAD_BYTES + bytes.readUInt32LE(at + 4);
      const path = bytes.subarray(at + HEAD_BYTES, row);
      this.wait(this.file(path.toString('latin1'), path), bytes.subarray(row, end));
      at = end;
    }
    while (this.waitingBytes > UNLOAD_PARTITION_BYTES) {
      let largest: OpenFile | undefined;
      for (const file of this.files.values())
        if (largest === undefined || file.waitingBytes > largest.waitingBytes) largest = file;
      this.encodeWaiting(largest!);
    }
  }
  private wait(file: OpenFile, row: Uint8Array): void {
    const bytes = file.waitingBytes + row.length;
    if (file.waiting.length < bytes) {
      const larger = Buffer.alloc(Math.max(FIRST_WAITING_BYTES, bytes * 2));
      larger.set(file.waiting.subarray(0, file.waitingBytes));
      file.waiting = larger;
    }
    file.waiting.set(row, file.waitingBytes);
    file.waitingBytes = bytes;
    this.waitingBytes += row.length;
  }
  private encodeWaiting(file: OpenFile): void {
    if (file.waitingBytes === 0) return;
    const rows = file.waiting.subarray(0, file.waitingBytes);
    this.waitingBytes -= file.waitingBytes;
    file.waiting = Buffer.alloc(0);
    file.waitingBytes = 0;
    const from = this.inMemory(rows);
    const end = from + rows.length;
    for (let at = from; at < end;) {
      at = this.encoder.take(at, end, this.groupBytes);
      if (this.encoder.isFull(this.groupBytes)) this.endGroup(file);
    }
    if (!this.encoder.isEmpty) this.endGroup(file);
  }

  // ---- files ----

  private endGroup(file: OpenFile): void {
    const group = this.encoder.finish();
    if (group.rows === 0) return;
    if (file.offset > 0 && file.offset + group.bytes > this.unload.maxFileBytes) this.endFile(file);
    this.begin(file);
    this.append(file, group);
  }
  private begin(file: OpenFile): void {
    if (file.offset > 0) return;
    this.tell(file.path, MAGIC_BYTES, 0);
    file.offset = MAGIC_BYTES.length;
  }
  private append(file: OpenFile, group: EncodedGroup): void {
    file.groups.push(group.footer(file.offset));
    for (const [i, piece] of group.pieces.entries())
      this.tell(file.path, piece, i === group.pieces.length - 1 ? group.rows : 0);
    file.offset += group.bytes;
    file.rows += group.rows;
  }
  private endFile(file: OpenFile): void {
    const footer = thriftBytes({
      1: { i32: VERSION_NUMBER },
      2: { list: this.schema, of: 'struct' },
      3: { i64: file.rows },
      4: { list: file.groups, of: 'struct' },
      6: { text: `slicehouse version ${SLICEHOUSE_VERSION}` },
    });
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(footer.length);
    MAGIC_BYTES.copy(tail, 4);
    this.tell(file.path, Buffer.concat([footer, tail]), 0);
    this.tell(file.path, undefined, 0);
    Object.assign(file, { offset: 0, rows: 0, groups: [] });
  }
  /** Ends all files; `always`: makes one without rows when there was none. */
  finish(always = false): void {
    if (!this.unload.isPartitioned && !this.encoder.isEmpty) this.endGroup(this.file('', NO_PATH));
    if (always && this.files.size === 0) this.begin(this.file('', NO_PATH));
    for (const file of this.files.values()) {
      this.encodeWaiting(file);
      if (file.offset > 0) this.endFile(file);
    }
  }
}
