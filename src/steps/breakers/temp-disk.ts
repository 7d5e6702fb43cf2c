/**
 * The temporary disk of one participant: a file per breaker that spills, in a folder of its own that is emptied when the
 * participant starts. A file goes with its breaker; a full disk ends the query that wrote, with Redshift's Disk Full.
 */
import { diskFull } from '../../common/errors/recorded-errors.ts';
import { isSystemError } from '../../common/errors/fault.ts';
import type { Disk, DiskFile } from '../../common/disk.ts';

export class TempDisk {
  private nextFile = 1;
  /** Bytes of the files there are. */
  bytes = 0;
  files = 0;

  constructor(
    private readonly disk: Disk,
    private readonly directory: string,
    private readonly slice: number,
    /** Under --memory the files are in RAM. */
    readonly bytesMax = Number.MAX_SAFE_INTEGER,
  ) {
    disk.removeDirectory(directory);
  }
  create(): TempFile {
    if (this.nextFile === 1) this.disk.makeDirectory(this.directory);
    const path = `${this.directory}/${this.nextFile++}`;
    this.files++;
    return new TempFile(
      this,
      this.guard(() => this.disk.open(path, 'create')),
    );
  }
  hasRoom(bytes: number): boolean {
    return this.bytes + bytes <= this.bytesMax;
  }
  /** Before so many bytes more are written. */
  reserve(bytes: number): void {
    if (!this.hasRoom(bytes)) this.full();
    this.bytes += bytes;
  }
  full(): never {
    throw diskFull(this.slice, this.bytes);
  }
  remove(file: DiskFile, bytes: number): void {
    file.close();
    this.disk.remove(file.path);
    this.files--;
    this.bytes -= bytes;
  }
  guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isSystemError(error) && (error as { readonly code?: string }).code === 'ENOSPC') this.full();
      throw error;
    }
  }
}

/** Bytes behind one another; what is written stays until the file goes. */
export class TempFile {
  private end = 0;
  private isOpen = true;
  constructor(
    private readonly disk: TempDisk,
    private readonly file: DiskFile,
  ) {}
  get bytes(): number {
    return this.end;
  }
  /** Where the pieces, written one behind another, begin. */
  append(...pieces: readonly Uint8Array[]): number {
    const at = this.end;
    for (const piece of pieces) {
      this.disk.reserve(piece.length);
      this.end += piece.length;
      this.disk.guard(() => this.file.write(this.end - piece.length, piece));
    }
    return at;
  }
  /** Where room for so many bytes begins, at a multiple of `grain`; they are written there in any order. */
  reserve(bytes: number, grain: number): number {
    const at = Math.ceil(this.end / grain) * grain;
    this.disk.reserve(at + bytes - this.end);
    this.end = at + bytes;
    return at;
  }
  write(at: number, piece: Uint8Array): void {
    this.disk.guard(() => this.file.write(at, piece));
  }
  /** append() of one piece, off the calling thread; it must stay as it is meanwhile. */
  async appendAsync(piece: Uint8Array): Promise<number> {
    if (this.file.writeAsync === undefined) return this.append(piece);
    const at = this.end;
    this.disk.reserve(piece.length);
    this.end += piece.length;
    await this.file.writeAsync(at, piece).catch((error: unknown) =>
      this.disk.guard(() => {
        throw error;
      }),
    );
    return at;
  }
  read(at: number, into: Uint8Array): void {
    this.file.read(at, into);
  }
  remove(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.disk.remove(this.file, this.end);
  }
}
