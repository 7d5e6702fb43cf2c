/**
 * The root of a warehouse: what must be there when it is opened. Two copies, `root-a` and `root-b`, are written in turn:
 *
 *   'SLHROOT1' | sequence f64 | lsn f64 | segment f64 | end f64 | checkpoint f64 | checkpoint lsn f64 | chain u32 | zero u32 |
 *   warehouse (16 hex digits) | zero to 120 | crc32c of the 120 bytes before u32 | zero to 512
 *
 * Records up to `lsn` were on disk; the last of them ends at byte `end` of log segment number `segment`, and `chain` is its
 * checksum, which stands for the whole log before it. Checkpoint number `checkpoint` was on disk. So a log that is cut,
 * emptied, replaced by an older state of itself or gone is told from one that a crash tore. Synced when a segment is begun
 * (before a record in it is acknowledged), at checkpoints and at the end; after every group commit it is written, before the
 * commits are acknowledged, and synced within ROOT_SYNC_MS: a mark lost with the power names an older, true state.
 */
import type { Disk, DiskFile } from '../../common/disk.ts';
import { settleFile } from '../../common/settle-file.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { ROOT_SYNC_MS } from '../../common/limits.ts';
import { pathIn } from './checkpoint.ts';
import { crc32c } from '../../common/crc32c.ts';

export interface RootState {
  readonly lsn: number;
  readonly segment: number;
  readonly end: number;
  readonly chain: number;
  readonly checkpoint: number;
  readonly checkpointLsn: number;
}
const NEW: RootState = { lsn: 0, segment: 0, end: 0, chain: 0, checkpoint: -1, checkpointLsn: 0 };
const MAGIC = 'SLHROOT1';
const BYTES = 512;
const CRC_AT = 120;
export const ROOT_COPIES = ['root-a', 'root-b'] as const;

export function encodeRoot(state: RootState, sequence: number, warehouse: string): Uint8Array {
  const bytes = new Uint8Array(BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from(MAGIC, 'latin1'));
  const { lsn, segment, end, checkpoint, checkpointLsn, chain } = state;
  [sequence, lsn, segment, end, checkpoint, checkpointLsn].forEach((n, i) => view.setFloat64(8 + i * 8, n, true));
  view.setUint32(56, chain, true);
  bytes.set(Buffer.from(warehouse, 'latin1').subarray(0, 16), 64);
  view.setUint32(CRC_AT, crc32c(bytes.subarray(0, CRC_AT)), true);
  return bytes;
}

export interface DecodedRoot extends RootState {
  readonly sequence: number;
  readonly warehouse: string;
}
/** A copy, or what is wrong with it. */
export function decodeRoot(bytes: Uint8Array): DecodedRoot | string {
  if (bytes.length !== BYTES) return `it has ${bytes.length} bytes, not ${BYTES}`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== MAGIC) return 'it does not begin as a root file';
  if (view.getUint32(CRC_AT, true) !== crc32c(bytes.subarray(0, CRC_AT))) return 'wrong checksum';
  const [sequence, lsn, segment, end, checkpoint, checkpointLsn] = [8, 16, 24, 32, 40, 48].map((at) =>
    view.getFloat64(at, true),
  ) as [number, number, number, number, number, number];
  const warehouse = Buffer.from(bytes.subarray(64, 80)).toString('latin1');
  return { sequence, lsn, segment, end, checkpoint, checkpointLsn, chain: view.getUint32(56, true), warehouse };
}

export class Root {
  /** What the copies said; undefined in a warehouse that is being made. */
  readonly found: RootState | undefined;
  /** Copies that exist and do not verify, or should exist: path and what is wrong. */
  readonly notes: readonly string[];
  private state: RootState;
  private sequence = 0;
  private readonly files: (DiskFile | undefined)[] = [undefined, undefined];
  private readonly unsynced = new Set<DiskFile>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private syncing: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly disk: Disk,
    private readonly directory: string,
    private readonly warehouse: string,
  ) {
    const notes: string[] = [];
    const good: DecodedRoot[] = [];
    for (const [index, name] of ROOT_COPIES.entries()) {
      settleFile(disk, pathIn(directory, name));
      const copy = this.read(name, index);
      if (typeof copy === 'string') notes.push(`${pathIn(directory, name)}: ${copy}`);
      else if (copy !== undefined) good.push(copy);
    }
    good.sort((a, b) => b.sequence - a.sequence);
    if (good.length === 1 && notes.length === 0) {
      const other = ROOT_COPIES[(good[0]!.sequence + 1) % 2]!;
      notes.push(`${pathIn(directory, other)}: it is missing`);
    }
    this.found = good[0];
    this.notes = notes;
    this.state = good[0] ?? NEW;
    this.sequence = good[0]?.sequence ?? 0;
  }
  private read(name: string, index: number): DecodedRoot | string | undefined {
    const path = pathIn(this.directory, name);
    if (!this.disk.exists(path)) return undefined;
    const file = this.disk.open(path, 'read');
    const bytes = new Uint8Array(file.size());
    file.read(0, bytes);
    file.close();
    const copy = decodeRoot(bytes);
    if (typeof copy === 'string') return copy;
    if (copy.warehouse !== this.warehouse) return 'it belongs to another warehouse';
    return copy.sequence % 2 === index ? copy : `it is a copy of ${ROOT_COPIES[1 - index]!}`;
  }

  get current(): RootState {
    return this.state;
  }
  /** Records up to `lsn` are on disk. Written now, synced soon; a write that fails is made good by the next. */
  mark(state: Partial<RootState>): void {
    this.state = { ...this.state, ...state };
    try {
      this.write();
    } catch {
      return;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.syncing = this.syncSoon();
    }, ROOT_SYNC_MS).unref();
  }
  /** The same, on disk when the call returns. */
  settle(state: Partial<RootState>): void {
    this.state = { ...this.state, ...state };
    const isNew = this.files.every((f) => f === undefined);
    this.write();
    this.sync();
    if (!isNew) return;
    // A first write makes both copies, one after the other, so that a missing one is seen.
    this.write();
    this.sync();
    this.disk.syncDirectory(this.directory);
  }
  private sync(): void {
    for (const file of this.unsynced) file.sync();
    this.unsynced.clear();
  }
  private write(): void {
    if (this.closed) return;
    const index = (this.sequence + 1) % 2;
    const path = pathIn(this.directory, ROOT_COPIES[index]!);
    const file = (this.files[index] ??= this.disk.open(path, this.disk.exists(path) ? 'append' : 'create'));
    const bytes = encodeRoot(this.state, this.sequence + 1, this.warehouse);
    if (file.size() > bytes.length) file.truncate(bytes.length);
    file.write(0, bytes);
    this.unsynced.add(file);
    this.sequence++;
  }
  /** What fails here is synced again, and reported, by the next checkpoint. */
  private async syncSoon(): Promise<void> {
    for (const file of [...this.unsynced]) {
      this.unsynced.delete(file);
      try {
        if (file.syncAsync !== undefined) await file.syncAsync();
        else file.sync();
      } catch {
        this.unsynced.add(file);
      }
    }
  }
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.closed = true;
    await this.syncing;
    for (const file of this.files) file?.close();
  }
}

/** What the log cannot make up for is named together with what it would have to make up for. */
export function withNotes<T>(notes: readonly string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SqlError) || notes.length === 0) throw error;
    const { sqlstate, severity, hint, message } = error;
    throw new SqlError({ sqlstate, severity, hint, message: `${message} (${notes.join('; ')})` });
  }
}
