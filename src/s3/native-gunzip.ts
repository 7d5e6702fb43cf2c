/**
 * Gunzip by zlib's own engine, pulled synchronously: compressed bytes come from a source, text goes into the caller's
 * buffer, and at most one input chunk's worth of output is held. zlib's documented synchronous functions want whole
 * files, so this drives the chunk function behind them (as npm's own tar reader does); where it is missing,
 * openGunzip gives the reader of inflate.ts. Used by reader.ts.
 */
import { constants, createGunzip } from 'node:zlib';
import { gzipDamaged, Gunzip, type PullSource } from './inflate.ts';

interface Engine {
  _handle: { close(): void } | null;
  _processChunk?(chunk: Uint8Array, flush: number): Buffer;
  close(): void;
  removeAllListeners(event: string): void;
  on(event: 'error', listener: () => void): void;
}
/** Input is small so that even the best compressed chunk comes to few megabytes. */
const INPUT_BYTES = 32 * 1024;

class NativeGunzip {
  private readonly input = Buffer.alloc(INPUT_BYTES);
  private output: Uint8Array = new Uint8Array(0);
  private at = 0;
  private ended = false;
  private any = false;

  constructor(
    private readonly source: PullSource,
    private readonly engine: Engine,
  ) {}

  read(into: Uint8Array): number {
    while (this.at === this.output.length && !this.ended) this.next();
    const n = Math.min(into.length, this.output.length - this.at);
    into.set(this.output.subarray(this.at, this.at + n));
    this.at += n;
    return n;
  }
  private next(): void {
    const n = this.source(this.input);
    this.at = 0;
    this.any ||= n > 0;
    if (n === 0) this.ended = true;
    if (!this.any) throw gzipDamaged('the file is empty');
    this.output = this.process(this.input.subarray(0, n), n === 0 ? constants.Z_FINISH : constants.Z_NO_FLUSH);
    if (this.ended) this.close();
  }
  /** The chunk function closes its engine when it is done; here it must live on. */
  private process(chunk: Uint8Array, flush: number): Uint8Array {
    const { engine } = this;
    const handle = engine._handle!;
    const closeHandle = handle.close;
    handle.close = () => undefined;
    try {
      return engine._processChunk!(chunk, flush);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      // What zlib says when the first bytes are no header.
      throw gzipDamaged(what === 'incorrect header check' ? 'not a gzip file' : what);
    } finally {
      handle.close = closeHandle;
      engine._handle = handle;
      engine.removeAllListeners('error');
      // The engine also announces a failure later, as a stream: it has been thrown already.
      engine.on('error', () => undefined);
    }
  }
  close(): void {
    this.engine.close();
  }
}

export interface GunzipReader {
  read(into: Uint8Array): number;
  close(): void;
}
export function openGunzip(source: PullSource): GunzipReader {
  const engine = createGunzip({ chunkSize: 256 * 1024 }) as unknown as Engine;
  if (typeof engine._processChunk === 'function' && engine._handle) return new NativeGunzip(source, engine);
  engine.close();
  const portable = new Gunzip(source);
  return { read: (into) => portable.read(into), close: () => undefined };
}
