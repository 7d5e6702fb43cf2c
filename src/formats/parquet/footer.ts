/**
 * The footer of a Parquet file, read from its end: on the leader at once, on a slice from what comes. The last bytes are asked for first, and hold
 * all of it in most files.
 */
import { PARQUET_FOOTER_BYTES_MAX } from '../../common/limits.ts';
import type { ByteSource, LoadHost, LoadObject } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import { fileMetadata, MAGIC, TAIL_BYTES, type FileMetadata } from './metadata.ts';
import { schemaFields, type SchemaNode } from './schema.ts';
import { ParquetDamage } from './thrift.ts';

const FIRST_BYTES = 64 * 1024;
const ENCRYPTED_MAGIC = 'PARE';

export interface ParquetFile {
  readonly meta: FileMetadata;
  readonly fields: readonly SchemaNode[];
}
/** The file is none: `magic` is what it ends with. */
export class NoParquet extends ParquetDamage {
  constructor(readonly magic: string) {
    super(`the file ends with ${magic}`);
  }
}

/** Bytes of the metadata, by the file's last bytes. */
function footerBytes(tail: Uint8Array, size: number): number {
  const end = Buffer.from(tail.subarray(-4)).toString('latin1');
  if (end === ENCRYPTED_MAGIC) throw new ParquetDamage('it is encrypted');
  if (size < TAIL_BYTES + MAGIC.length || end !== MAGIC) throw new NoParquet(end.replace(/[^\x20-\x7e]/g, '.'));
  const bytes = Buffer.from(tail).readUInt32LE(tail.length - TAIL_BYTES);
  if (bytes > size - TAIL_BYTES - MAGIC.length) throw new ParquetDamage('the footer is larger than the file');
  if (bytes > PARQUET_FOOTER_BYTES_MAX) throw new ParquetDamage('the footer is too large');
  return bytes;
}
function parquetFile(footer: Uint8Array, size: number): ParquetFile {
  const meta = fileMetadata(footer, size);
  return { meta, fields: schemaFields(meta.schema) };
}

export async function readFooter(object: LoadObject): Promise<ParquetFile> {
  const { size } = object;
  const tail = await object.read(Math.max(0, size - FIRST_BYTES), size);
  const bytes = footerBytes(tail, size);
  const end = size - TAIL_BYTES;
  const footer =
    bytes <= tail.length - TAIL_BYTES
      ? tail.subarray(tail.length - TAIL_BYTES - bytes, -TAIL_BYTES)
      : await object.read(end - bytes, end);
  return parquetFile(footer, size);
}

/** Bytes that come piece by piece. */
class Gathering {
  private readonly bytes: Uint8Array;
  private used = 0;
  private readonly source: ByteSource;
  constructor(load: LoadHost, piece: LoadPiece, start: number, end: number) {
    this.bytes = new Uint8Array(end - start);
    this.source = load.open({ ...piece, start, end });
  }
  /** undefined: they are on the way. */
  read(): Uint8Array | undefined {
    for (;;) {
      const n = this.source.read(this.bytes.subarray(this.used));
      if (n === 'wait') return undefined;
      if (n === 0) return this.bytes.subarray(0, this.used);
      this.used += n;
    }
  }
  close(): void {
    this.source.close();
  }
}

export class FooterReader {
  private gathering: Gathering;
  private isTail = true;
  constructor(
    private readonly load: LoadHost,
    private readonly piece: LoadPiece,
  ) {
    const { size } = piece.state;
    this.gathering = new Gathering(load, piece, Math.max(0, size - FIRST_BYTES), size);
  }
  /** undefined: its bytes are on the way. */
  read(): ParquetFile | undefined {
    const { size } = this.piece.state;
    for (;;) {
      const bytes = this.gathering.read();
      if (bytes === undefined) return undefined;
      if (!this.isTail) return parquetFile(bytes, size);
      const footer = footerBytes(bytes, size);
      if (footer <= bytes.length - TAIL_BYTES)
        return parquetFile(bytes.subarray(bytes.length - TAIL_BYTES - footer, bytes.length - TAIL_BYTES), size);
      this.gathering.close();
      this.isTail = false;
      const end = size - TAIL_BYTES;
      this.gathering = new Gathering(this.load, this.piece, end - footer, end);
    }
  }
  close(): void {
    this.gathering.close();
  }
}
