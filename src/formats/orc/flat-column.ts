/**
 * A column of an ORC file without parts, into a vector of the batch.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import { PHYS_BYTES, type SqlType } from '../../types/sql-type.ts';
import type { PieceUnpacker } from '../columnar/unpack.ts';
import { NullColumn } from '../columnar/null-column.ts';
import type { VectorTable } from '../columnar/vectors.ts';
import type { ChunkHost } from './chunks.ts';
import type { OrcKernels } from './kernels.ts';
import { BadLeaf, LeafReader, type LeafForm } from './leaf.ts';
import { STREAM, type OrcType } from './metadata.ts';
import type { StripeData } from './stripe.ts';
import { StreamWindow } from './window.ts';

/** A column of the load. */
export interface OrcColumn {
  begin(stripe: StripeData): void;
  /** The next n rows, into the table. */
  read(n: number): void;
}
/** A value that the column does not take; rows count from the batch's first. */
export interface BadValue {
  readonly kind: 'long' | 'utf8' | 'multibyte' | 'range';
  readonly row: number;
  /** Bytes of a string. */
  readonly at: number;
  readonly length: number;
}
const KINDS_BY_CODE = [undefined, 'long', 'utf8', 'multibyte'] as const;

/** NULLs of a column: its PRESENT stream. */
export class Presence {
  readonly nulls: number;
  private readonly window: StreamWindow;
  private readonly kernels: OrcKernels;
  private hasStream = false;
  constructor(
    private readonly host: ChunkHost,
    unpacker: PieceUnpacker,
    private readonly column: number,
  ) {
    this.kernels = host.kernels as unknown as OrcKernels;
    this.nulls = host.allocate(BATCH_ROWS);
    this.window = new StreamWindow(host, unpacker);
  }
  begin(stripe: StripeData): void {
    const stored = stripe.stream(this.column, STREAM.present);
    this.hasStream = stored !== undefined;
    this.window.open(stored, stripe.codec, stripe.blockBytes);
  }
  /** Writes the null bytes of n rows, at most BATCH_ROWS; gives how many are there. */
  read(n: number): number {
    if (!this.hasStream) {
      this.host.memory.bytes.fill(0, this.nulls, this.nulls + n);
      return n;
    }
    this.window.bits(this.nulls, n, 1);
    return this.kernels.orc_count(this.nulls, n);
  }
}

export class FlatColumn implements OrcColumn {
  private readonly presence: Presence;
  private readonly leaf: LeafReader;
  private readonly kernels: OrcKernels;
  constructor(
    private readonly host: ChunkHost,
    unpacker: PieceUnpacker,
    private readonly table: VectorTable,
    private readonly column: number,
    private readonly target: SqlType,
    type: OrcType,
    private readonly form: LeafForm,
    /** Byte that stands for what is no UTF-8; -1: such a text is refused. */
    private readonly replace: number,
    private readonly refuse: (column: number, bad: BadValue) => never,
  ) {
    this.kernels = host.kernels as unknown as OrcKernels;
    this.presence = new Presence(host, unpacker, type.column);
    this.leaf = new LeafReader(host, unpacker, type, form);
  }
  begin(stripe: StripeData): void {
    this.presence.begin(stripe);
    this.leaf.begin(stripe);
  }
  read(n: number): void {
    const { presence, kernels, form } = this;
    const there = presence.read(n);
    const values = this.valuesOf(there);
    const bad = form.phys === 'str' ? this.check(values, there) : undefined;
    if (bad !== undefined) this.refuse(this.column, bad);
    if (there < n) kernels[`spread_${PHYS_BYTES[form.phys] as 4 | 8 | 16}`](values, presence.nulls, n, there);
    this.table.point(this.column, values, presence.nulls);
  }
  private valuesOf(there: number): number {
    try {
      return this.leaf.read(there);
    } catch (error) {
      if (!(error instanceof BadLeaf)) throw error;
      return this.refuse(this.column, { kind: 'range', row: this.rowOf(error.index), at: 0, length: 0 });
    }
  }
  private check(values: number, there: number): BadValue | undefined {
    const { name, length } = this.target;
    const { view } = this.host.memory;
    if (name === 'varbyte') {
      for (let i = 0; i < there; i++) {
        const bytes = view.getUint32(values + i * 8 + 4, true);
        if (bytes > (length ?? 64_000)) return { kind: 'long', row: this.rowOf(i), at: 0, length: bytes };
      }
      return undefined;
    }
    const found = this.kernels.check_strings(values, there, length ?? 1, name === 'char' ? 1 : 0, this.replace);
    if (found < 0n) return undefined;
    const index = Number(found & 0xffffffffn);
    return {
      kind: KINDS_BY_CODE[Number(found >> 32n)]!,
      row: this.rowOf(index),
      at: view.getUint32(values + index * 8, true),
      length: view.getUint32(values + index * 8 + 4, true),
    };
  }
  /** Row of the value that is there as the `index`th. */
  private rowOf(index: number): number {
    const { bytes } = this.host.memory;
    for (let row = 0, left = index; ; row++) if (bytes[this.presence.nulls + row] === 0 && left-- === 0) return row;
  }
}

/** A column that the file has not, with FILLRECORD. */
export class MissingColumn extends NullColumn implements OrcColumn {
  begin(): void {}
  read(): void {
    this.point();
  }
}
