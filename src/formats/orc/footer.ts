/**
 * An ORC file's footer, read from its end: on the leader at once, on a slice from what comes. The last bytes are asked for first, and hold all of it in
 * most files.
 */
import { ORC_FOOTER_BYTES_MAX } from '../../common/limits.ts';
import type { ByteSource, LoadHost, LoadObject } from '../load-format.ts';
import type { LoadPiece } from '../load-work.ts';
import { leaderHost, unpackMetadata, type ChunkHost } from './chunks.ts';
import { ORC_MAGIC, readFooter, readPostscript, type OrcFile, type OrcPostscript } from './metadata.ts';
import { OrcDamage } from './protobuf.ts';

const FIRST_BYTES = 64 * 1024;

/** The file is none: `magic` is what it ends with. */
export class NoOrc extends OrcDamage {
  constructor(readonly magic: string) {
    super(`the file ends with ${magic}`);
  }
}
interface Tail {
  readonly postscript: OrcPostscript;
  /** Of the file's end that hold the footer and what is behind it. */
  readonly bytes: number;
  readonly behind: number;
}
function tailOf(last: Uint8Array, size: number): Tail {
  const length = last[last.length - 1] ?? 0;
  const end = Buffer.from(last.slice(-4, -1)).toString('latin1');
  if (size < ORC_MAGIC.length + 2 || end !== ORC_MAGIC || length + 1 > last.length)
    throw new NoOrc(end.replace(/[^\x20-\x7e]/g, '.'));
  const postscript = readPostscript(last.slice(-1 - length, -1));
  const behind = length + 1;
  const bytes = postscript.footerBytes + behind;
  if (bytes + postscript.metadataBytes > size) throw new OrcDamage('its footer is larger than the file');
  if (postscript.footerBytes > ORC_FOOTER_BYTES_MAX) throw new OrcDamage('its footer is too large');
  return { postscript, bytes, behind };
}
/** `last`: the file's last bytes, as many as the footer needs at least. */
function fileOf(host: ChunkHost, last: Uint8Array, { postscript, bytes, behind }: Tail, size: number): OrcFile {
  const stored = last.slice(last.length - bytes, last.length - behind);
  return readFooter(unpackMetadata(host, postscript.codec, postscript.blockBytes, stored), postscript, size);
}

/** The leader's way. */
export async function orcFileOf(object: LoadObject): Promise<OrcFile> {
  const { size } = object;
  let last = await object.read(Math.max(0, size - FIRST_BYTES), size);
  const tail = tailOf(last, size);
  if (tail.bytes > last.length) last = await object.read(size - tail.bytes, size);
  return fileOf(leaderHost(tail.bytes + tail.postscript.blockBytes), last, tail, size);
}

/** Bytes of a file that come piece by piece. */
export class Gathering {
  private readonly bytes: Uint8Array;
  private used = 0;
  private readonly source: ByteSource;
  constructor(load: Pick<LoadHost, 'open'>, piece: LoadPiece, start: number, end: number) {
    this.bytes = new Uint8Array(end - start);
    this.source = load.open({ ...piece, start, end });
  }
  /** undefined: they are on the way. */
  read(): Uint8Array | undefined {
    while (this.used < this.bytes.length) {
      const n = this.source.read(this.bytes.subarray(this.used));
      if (n === 'wait') return undefined;
      if (n === 0) throw new OrcDamage('the file is shorter than it was');
      this.used += n;
    }
    return this.bytes;
  }
  close(): void {
    this.source.close();
  }
}
/** A slice's way. */
export class FooterRequest {
  private gathering: Gathering;
  private tail: Tail | undefined;
  constructor(
    private readonly load: LoadHost,
    private readonly piece: LoadPiece,
  ) {
    const { size } = piece.state;
    this.gathering = new Gathering(load, piece, Math.max(0, size - FIRST_BYTES), size);
  }
  read(): OrcFile | undefined {
    const { size } = this.piece.state;
    for (;;) {
      const last = this.gathering.read();
      if (last === undefined) return undefined;
      const tail = (this.tail ??= tailOf(last, size));
      if (tail.bytes <= last.length) return fileOf(this.load, last, tail, size);
      this.gathering.close();
      this.gathering = new Gathering(this.load, this.piece, size - tail.bytes, size);
    }
  }
  close(): void {
    this.gathering.close();
  }
}
