/**
 * UNLOAD of Parquet on a slice: its rows are encoded here, in the query's memory, and what objects hold is told to the node's object I/O
 * thread.
 */
import type { QueryRun } from '../execution/query-run.ts';
import { ParquetRows, type ParquetUnload } from '../formats/parquet/parquet-rows.ts';
import type { LateBytes } from '../interconnect/ring.ts';
import { toldFrames } from '../s3/told-parts.ts';
import type { UnloadTarget } from '../steps/host.ts';
import type { LineSink } from './object-io/io-client.ts';

type Frame = ReturnType<typeof toldFrames>;

export class ParquetTarget implements UnloadTarget {
  private readonly rows: ParquetRows;
  /** What waits for room on its way; frames are made when they go. */
  private readonly waiting: Frame[] = [];
  private frame: { readonly bytes: Uint8Array; readonly rows: number } | undefined;
  /** The rows that are given again were taken. */
  private isTaken = false;
  private isFinished = false;

  constructor(
    run: QueryRun,
    unload: ParquetUnload,
    private readonly sink: LineSink,
    private readonly check: () => void,
  ) {
    const host = {
      memory: run.memory,
      kernels: run.surroundings.kernelExports,
      allocate: (bytes: number) => run.mustAllocate(bytes),
      free: (address: number) => run.memory.free(address),
    };
    this.rows = new ParquetRows(
      host,
      unload,
      (path, bytes, rows) => void this.waiting.push(toldFrames(path, bytes, rows)),
    );
  }
  write(rows: Uint8Array): boolean {
    this.check();
    if (!this.isTaken) this.rows.write(rows);
    this.isTaken = !this.flush();
    return !this.isTaken;
  }
  writeLong(pieces: readonly (Uint8Array | LateBytes)[]): boolean {
    if (this.isTaken) return this.write(new Uint8Array(0));
    const row = Buffer.alloc(pieces.reduce((sum, p) => sum + p.length, 0));
    let at = 0;
    for (const piece of pieces) {
      const into = row.subarray(at, at + piece.length);
      if (piece instanceof Uint8Array) into.set(piece);
      else piece.read(0, into);
      at += piece.length;
    }
    return this.write(row);
  }
  /** False: the rest waits for room. */
  private flush(): boolean {
    for (;;) {
      while (this.frame === undefined) {
        const [first] = this.waiting;
        if (first === undefined) return true;
        const next = first.next();
        if (next.done === true) this.waiting.shift();
        else this.frame = next.value;
      }
      if (!this.sink.write(this.frame.bytes, this.frame.rows)) return false;
      this.frame = undefined;
    }
  }
  finish(): unknown {
    this.check();
    if (!this.isFinished) this.rows.finish();
    this.isFinished = true;
    return this.flush() ? this.sink.finish() : undefined;
  }
  abort(): void {
    this.sink.abort();
  }
}
