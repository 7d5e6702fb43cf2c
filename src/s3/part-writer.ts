/**
 * The objects one writer of an UNLOAD makes: rows of text go in, a new part begins when the next rows would pass the
 * size limit, each part starts with the header. Nothing is visible until the leader places the sealed parts, so a
 * failed UNLOAD leaves nothing. Used by the slices, and by the leader when rows end there.
 */
import { createObjectWriter, type ObjectWriter } from './writer.ts';

export interface PartsSpec {
  readonly root: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly parallel: boolean;
  /** Behind the part number, with its dot. */
  readonly extension: string;
  readonly compression: 'none' | 'gzip';
  readonly maxFileBytes: number;
  readonly header: Uint8Array | undefined;
  /** Begins the names of the temporary files of one UNLOAD. */
  readonly token: string;
}
export interface SealedPart {
  readonly key: string;
  readonly temporary: string;
  readonly bytes: number;
  /** Without header lines. */
  readonly rows: number;
  readonly startMicros: bigint;
  readonly endMicros: bigint;
}

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
  private writer: ObjectWriter | undefined;
  private key = '';
  private rows = 0;
  private startMicros = 0n;

  constructor(
    private readonly spec: PartsSpec,
    private readonly slice: number,
    private readonly nowMicros: () => bigint,
  ) {}
  /** Whole rows. */
  write(lines: Uint8Array, rows: number): void {
    const { maxFileBytes } = this.spec;
    if (this.writer && this.writer.sizeMax + lines.length > maxFileBytes) this.seal();
    this.open();
    this.writer!.write(lines);
    this.rows += rows;
  }
  private open(): void {
    if (this.writer) return;
    this.key = partKey(this.spec.prefix, this.spec, this.slice, this.done.length);
    this.startMicros = this.nowMicros();
    this.writer = createObjectWriter({ ...this.spec, key: this.key });
    if (this.spec.header) this.writer.write(this.spec.header);
  }
  private seal(): void {
    if (!this.writer) return;
    const { temporary, size } = this.writer.seal();
    this.done.push({
      key: this.key,
      temporary,
      bytes: size,
      rows: this.rows,
      startMicros: this.startMicros,
      endMicros: this.nowMicros(),
    });
    this.writer = undefined;
    this.rows = 0;
  }
  /** Ends the last part; `always`: makes an empty one when there was no row. */
  finish(always = false): readonly SealedPart[] {
    if (always && this.done.length === 0) this.open();
    this.seal();
    return this.done;
  }
  abort(): void {
    this.writer?.abort();
    this.writer = undefined;
  }
}
