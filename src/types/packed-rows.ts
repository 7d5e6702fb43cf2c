/**
 * Constant rows as data, column by column, in the physical forms that storage takes: what INSERT ... VALUES of literals
 * writes. A text is its start and length (u32 each) in its column's pool. The rows' fields are private on purpose, as those
 * of a packed list are.
 */
import { PHYS_BYTES, physOf, type Phys, type SqlType } from './sql-type.ts';
import { TextPool } from './text-pool.ts';
import { writeForm } from './value-table.ts';

export class ColumnValues {
  readonly phys: Phys;
  readonly width: number;
  readonly values: Uint8Array;
  /** A byte a row, 1 for NULL; undefined while there is none. */
  nulls: Uint8Array | undefined;
  readonly texts = new TextPool();
  private readonly view: DataView;

  constructor(
    readonly type: SqlType,
    readonly rows: number,
  ) {
    this.phys = physOf(type);
    this.width = PHYS_BYTES[this.phys];
    this.values = new Uint8Array(rows * this.width);
    this.view = new DataView(this.values.buffer);
  }
  setNull(row: number): void {
    this.nulls ??= new Uint8Array(this.rows);
    this.nulls[row] = 1;
  }
  setInteger(row: number, value: number): void {
    if (this.phys === 'i32') this.view.setInt32(row * 4, value, true);
    else this.view.setBigInt64(row * 8, BigInt(value), true);
  }
  setText(row: number, text: string): void {
    const i = this.texts.count;
    this.texts.add(text);
    this.view.setUint32(row * 8, this.texts.start(i), true);
    this.view.setUint32(row * 8 + 4, this.texts.byteLength(i), true);
  }
  /** Any value of the type. */
  set(row: number, value: unknown): void {
    if (value === null || value === undefined) this.setNull(row);
    else if (this.phys === 'str' && typeof value === 'string' && this.type.name !== 'varbyte')
      this.setText(row, value);
    else writeForm(this.view, row * this.width, this.type, value, (text) => this.place(text));
  }
  private place(text: Uint8Array): bigint {
    const i = this.texts.count;
    this.texts.addBytes(text);
    return BigInt(this.texts.start(i)) | (BigInt(text.length) << 32n);
  }
  /** The text of a row that is not NULL. */
  textOf(row: number): Uint8Array {
    const start = this.view.getUint32(row * 8, true);
    return this.texts.all().subarray(start, start + this.view.getUint32(row * 8 + 4, true));
  }
  textLength(row: number): number {
    return this.view.getUint32(row * 8 + 4, true);
  }
  /** A float that is not NULL. */
  double(row: number): number {
    return this.phys === 'f32' ? this.view.getFloat32(row * 4, true) : this.view.getFloat64(row * 8, true);
  }
  /** Low and high word of an exact number that is not NULL. */
  words(row: number): readonly [bigint, bigint] {
    if (this.phys === 'i128')
      return [this.view.getBigInt64(row * 16, true), this.view.getBigInt64(row * 16 + 8, true)];
    const low =
      this.phys === 'i32' ? BigInt(this.view.getInt32(row * 4, true)) : this.view.getBigInt64(row * 8, true);
    return [low, low >> 63n];
  }
  isNull(row: number): boolean {
    return this.nulls?.[row] === 1;
  }
}

let lastNumber = 0;

export class PackedRows {
  readonly packed = ++lastNumber;
  readonly length: number;
  readonly #columns: readonly ColumnValues[];

  constructor(
    columns: readonly ColumnValues[],
    length: number,
    /** Columns whose identity values are still to be made. */
    readonly identities: readonly number[] = [],
  ) {
    this.length = length;
    this.#columns = columns;
  }
  get columns(): readonly ColumnValues[] {
    return this.#columns;
  }
}
