/**
 * The objects one writer of an UNLOAD makes: rows of text go in, a new part begins when the next rows would pass the
 * size limit, each part starts with the header. A codec packs one member for each 1 MB. Nothing
 * is visible until the leader places the sealed parts, so a failed UNLOAD leaves nothing. Used by the nodes' object I/O
 * threads, and by the leader when rows end there.
 */
import { systemClock } from '../common/clock.ts';
import type { Compression } from '../common/compress/compression.ts';
import { encryptedBytes, EncryptedWriter, type Metadata } from './client-encryption.ts';
import { CODECS } from './codecs/registry.ts';
import type { ObjectIo, ObjectWriter, Traffic } from './object-io.ts';

export interface PartsSpec {
  readonly bucket: string;
  readonly prefix: string;
  readonly parallel: boolean;
  /** Behind the part number, with its dot. */
  readonly extension: string;
  readonly compression: Compression;
  readonly maxFileBytes: number;
  readonly header: Uint8Array | undefined;
  /** Begins the names of the temporary files of one UNLOAD. */
  readonly token: string;
  /** Names of PARTITION BY's columns: rows come framed (partitioned-writer.ts). */
  readonly partition?: readonly string[] | undefined;
  /** The writer tells what objects hold (told-parts.ts). */
  readonly told?: boolean;
  /** Objects are encrypted under it (client-encryption.ts). */
  readonly masterKey?: string | undefined;
}
export interface SealedPart {
  /** Folder of the partition; undefined without PARTITION BY. */
  readonly folder: string | undefined;
  readonly key: string;
  readonly temporary: string;
  readonly bytes: number;
  /** Without header lines. */
  readonly rows: number;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
  /** Of text, header lines included; the same as `bytes` without compression. */
  readonly textBytes: number;
  readonly traffic: Traffic;
  /** Of the object: what it was encrypted with. */
  readonly metadata?: Metadata | undefined;
}

const BUFFER_BYTES = 1024 * 1024;
/** Of each partition. */
const PARTITION_BUFFER_BYTES = 64 * 1024;
/** What a member may add to bytes that do not compress. */
const MEMBER_BYTES = 16 * 1024;

/** Parallel: <prefix><slice:4>_part_<part:2><ext>; serial: <prefix><part:3><ext>. */
export function partKey(
  prefix: string,
  options: Pick<PartsSpec, 'parallel' | 'extension'>,
  slice: number,
  part: number,
): string {
  const number = options.parallel
    ? `${String(slice).padStart(4, '0')}_part_${String(part).padStart(2, '0')}`
    : String(part).padStart(3, '0');
  return `${prefix}${number}${options.extension}`;
}

export class PartWriter {
  private readonly done: SealedPart[] = [];
  /** Of all parts. */
  private readonly writers: ObjectWriter[] = [];
  private writer: ObjectWriter | EncryptedWriter | undefined;
  private readonly buffer: Buffer;
  private used = 0;
  /** Bytes of the part so far, compressed; what is buffered is not counted. */
  private size = 0;
  private key = '';
  private textBytes = 0;
  private rows = 0;
  private startMicros = 0n;
  private readonly pack: ((text: Uint8Array) => Promise<Uint8Array>) | undefined;

  constructor(
    private readonly io: ObjectIo,
    private readonly spec: PartsSpec,
    private readonly slice: number,
    private readonly nowMicros: () => bigint,
    private readonly folder?: string,
  ) {
    this.buffer = Buffer.alloc(folder === undefined ? BUFFER_BYTES : PARTITION_BUFFER_BYTES);
    this.pack = spec.compression === 'none' ? undefined : CODECS[spec.compression].pack;
  }
  /** Whole rows; one call at a time. */
  async write(lines: Uint8Array, rows: number): Promise<void> {
    await this.beginRows(lines.length, rows);
    await this.add(lines);
  }
  /** A row of so many bytes, which follow in pieces. */
  beginRow(bytes: number): Promise<void> {
    return this.beginRows(bytes, 1);
  }
  private async beginRows(bytes: number, rows: number): Promise<void> {
    const { maxFileBytes, compression } = this.spec;
    const most = this.size + this.used + bytes + (compression !== 'none' ? MEMBER_BYTES : 0);
    if (this.writer !== undefined && this.stored(most) > maxFileBytes) await this.seal();
    await this.open();
    this.rows += rows;
  }
  /** Bytes of an object that holds so many. */
  private stored(bytes: number): number {
    return this.spec.masterKey === undefined ? bytes : encryptedBytes(bytes);
  }
  /** Bytes of the part, and the rows that they end; it ends with seal() alone. */
  async append(bytes: Uint8Array, rows: number): Promise<void> {
    await this.open();
    await this.add(bytes);
    this.rows += rows;
  }
  private async open(): Promise<void> {
    if (this.writer !== undefined) return;
    const { bucket, prefix, header, token, masterKey } = this.spec;
    this.key = partKey(prefix, this.spec, this.slice, this.done.length);
    this.startMicros = this.nowMicros();
    const made = await this.io.create({ bucket, key: this.key, token });
    this.writer = masterKey === undefined ? made : new EncryptedWriter(made, masterKey);
    this.writers.push(this.writer);
    if (header !== undefined) await this.add(header);
  }
  async add(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const n = Math.min(bytes.length - at, this.buffer.length - this.used);
      this.buffer.set(bytes.subarray(at, at + n), this.used);
      this.used += n;
      at += n;
      if (this.used === this.buffer.length) await this.flush();
    }
  }
  private async flush(): Promise<void> {
    const plain = this.buffer.subarray(0, this.used);
    const start = systemClock.monotonicMs();
    const bytes = (await this.pack?.(plain)) ?? plain;
    this.writer!.traffic.packMicros += (systemClock.monotonicMs() - start) * 1000;
    await this.writer!.write(bytes);
    this.size += bytes.length;
    this.textBytes += plain.length;
    this.used = 0;
  }
  async seal(): Promise<void> {
    if (this.writer === undefined) return;
    const isEmptyMember = this.pack !== undefined && this.size === 0;
    if (this.used > 0 || isEmptyMember) await this.flush();
    const temporary = await this.writer.seal();
    this.done.push({
      folder: this.folder,
      key: this.key,
      temporary,
      bytes: this.stored(this.size),
      rows: this.rows,
      startMicros: this.startMicros,
      endMicros: this.nowMicros(),
      textBytes: this.textBytes,
      traffic: { ...this.writer.traffic },
      metadata: 'metadata' in this.writer ? this.writer.metadata : undefined,
    });
    this.writer = undefined;
    this.textBytes = 0;
    this.rows = 0;
    this.size = 0;
  }
  /** Ends the last part; `always`: makes an empty one when there was no row. */
  async finish(always = false): Promise<readonly SealedPart[]> {
    if (always && this.done.length === 0) await this.open();
    await this.seal();
    return this.done;
  }
  /** Forgets all parts; not while another call is under way. */
  async abort(): Promise<void> {
    this.writer = undefined;
    for (const writer of this.writers) await writer.abort();
  }
}
