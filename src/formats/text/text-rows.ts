/**
 * A batch of texts that a format puts field by field, for records that no kernel splits.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import { TextRoom } from '../columnar/vectors.ts';
import type { Delivery, LoadHost } from '../load-format.ts';
import type { TextPlan } from './text-load.ts';

/** Bytes of a raw line or value that are kept: 1024 characters. */
export const RAW_BYTES_MAX = 4096;

export class TextRows {
  private readonly fields: number;
  private readonly nulls: number;
  private readonly room: TextRoom;
  constructor(
    private readonly load: LoadHost,
    columns: number,
  ) {
    this.fields = load.allocate(columns * BATCH_ROWS * 8);
    this.nulls = load.allocate(columns * BATCH_ROWS);
    this.room = new TextRoom(load);
  }
  delivery({ dateProgram, timeProgram }: Pick<TextPlan, 'dateProgram' | 'timeProgram'>): Delivery {
    return { kind: 'text', fields: this.fields, nulls: this.nulls, dateProgram, timeProgram };
  }
  /** For the next batch. */
  clear(): void {
    this.room.clear();
  }
  /** Undefined: NULL. Gives its bytes. */
  put(column: number, row: number, text: Uint8Array | undefined): number {
    const { memory } = this.load;
    const slot = column * BATCH_ROWS + row;
    memory.bytes[this.nulls + slot] = text === undefined ? 1 : 0;
    memory.view.setBigInt64(this.fields + slot * 8, text === undefined ? 0n : this.room.copy(text), true);
    return text?.length ?? 0;
  }
  text(column: number, row: number): Uint8Array | undefined {
    const { memory } = this.load;
    const slot = column * BATCH_ROWS + row;
    if (memory.bytes[this.nulls + slot] === 1) return undefined;
    const at = memory.u32(this.fields + slot * 8);
    return memory.bytes.slice(at, at + Math.min(RAW_BYTES_MAX, memory.u32(this.fields + slot * 8 + 4)));
  }
}
