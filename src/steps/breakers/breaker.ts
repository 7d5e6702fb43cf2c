/**
 * A breaker keeps the rows of a segment until it has ended: hash, aggr, sort, save. Its life: the segment's code appends;
 * when memory is short (or a table too small) the code stops and `help` does what is needed, then the code goes on;
 * `seal` when the input has ended; then the next segment reads, and `free` gives everything back. All work is in steps of
 * a few milliseconds.
 */
import { HELP, STORE } from '../tuple-code.ts';
import type { TupleLayout } from '../../types/tuple-layout.ts';
import type { BreakerHost } from './host.ts';
import { PartitionWriter, TextFields, type PageSink, type Partition } from './partitions.ts';
import { RowStore } from './row-store.ts';
import type { TempFile } from './temp-disk.ts';

export type Work = Generator<undefined, void, undefined>;
/** Rows in node memory, valid until the next are asked for. `pointers`: an array of addresses. */
export interface RowsPart {
  readonly address: number;
  readonly rows: number;
  readonly pointers: boolean;
}
/** 'busy': ask again, something was done. */
export type NextRows = RowsPart | 'busy' | undefined;

export interface RowsReader {
  next(): NextRows;
  close(): void;
}

export interface BreakerStatistics {
  readonly peakBytes: number;
  /** Bytes and rows written to the temporary disk; rows that went twice count twice. */
  readonly spilledBytes: number;
  readonly spilledRows: number;
}

export abstract class Breaker {
  readonly store: RowStore;
  protected file: TempFile | undefined;
  protected spilledBytes = 0;
  protected spilledRows = 0;
  private texts: TextFields | undefined;

  constructor(
    protected readonly host: BreakerHost,
    readonly layout: TupleLayout,
    canSpill: boolean,
    extraBytes = 0,
  ) {
    this.store = new RowStore(host, layout, canSpill, extraBytes);
  }
  /** Told when the arena was emptied: segments that append must not go on in its regions. */
  readonly arenaUsers = new Set<() => void>();
  private helping: Work | undefined;

  get address(): number {
    return this.store.address;
  }
  get isDiskbased(): boolean {
    return this.file !== undefined;
  }
  get statistics(): BreakerStatistics {
    const { peakBytes, peakTableBytes } = this.store;
    return { peakBytes: peakBytes + peakTableBytes, spilledBytes: this.spilledBytes, spilledRows: this.spilledRows };
  }
  /** Nothing may be appended until helpStep says true. */
  get isHelping(): boolean {
    return this.helping !== undefined;
  }
  get needsHelp(): boolean {
    return this.isHelping || this.store.get(STORE.HELP) !== 0;
  }
  /** One step of the help that emitted code asked for; true when it can go on. */
  helpStep(): boolean {
    this.helping ??= this.help();
    if (this.helping.next().done !== true) return false;
    this.helping = undefined;
    return true;
  }
  *help(): Work {
    const asked = this.store.get(STORE.HELP);
    this.store.set(STORE.HELP, 0);
    if ((asked & HELP.SPILL) !== 0) yield* this.spill();
    else if ((asked & HELP.LIMIT) !== 0) yield* this.onLimit();
  }
  /** COUNT passed LIMIT. */
  protected *onLimit(): Work {}
  protected abstract spill(): Work;
  abstract seal(): Work;
  abstract next(): NextRows;
  /** The rows from the first on; several readers only where the breaker says so. */
  reader(): RowsReader {
    return { next: () => this.next(), close: () => undefined };
  }

  protected get tempFile(): TempFile {
    return (this.file ??= this.host.temp.create());
  }
  protected get textFields(): TextFields {
    return (this.texts ??= new TextFields(this.host, this.layout));
  }
  protected writer(level: number, bits?: number, sink: PageSink = this.tempFile): PartitionWriter {
    return new PartitionWriter(this.host, this.layout, this.textFields, sink, level, bits);
  }
  /** All rows in memory go to the writer's partitions. */
  protected *spillTo(writer: PartitionWriter): Work {
    this.store.close();
    yield* writer.packExtents(this.store.extents);
    this.emptied();
  }
  protected emptied(): void {
    this.store.clear();
    this.forgetArena();
  }
  protected forgetArena(): void {
    for (const forget of this.arenaUsers) forget();
  }
  /** The writer's last pages; what it wrote to disk is counted. */
  protected *finish(writer: PartitionWriter): Generator<undefined, readonly Partition[], undefined> {
    const partitions = yield* writer.finish();
    if (!writer.isOnDisk) return partitions;
    this.spilledBytes += writer.bytes;
    this.spilledRows += writer.rows;
    return partitions;
  }
  free(): void {
    this.store.free();
    this.removeFile();
  }
  removeFile(): void {
    this.file?.remove();
  }
}

/** Extents of a store, one after another. */
export function nextExtent(store: RowStore, index: number): RowsPart | undefined {
  const e = store.extents[index];
  if (e === undefined) return undefined;
  return { address: e.start, rows: (e.end - e.start) / store.layout.size, pointers: false };
}
