/**
 * Constants of a long IN list as data, made once where the list is analysed: the list in shared memory that segments search
 * (value-list.ts), and what plans show and estimates ask of it. Its fields are private on purpose: what walks or copies
 * expressions member by member finds nothing inside. Written as JSON, as keys of expressions are, it is a digest of its values:
 * lists of the same values are the same.
 */
import { createHash } from 'node:crypto';
import type { ListForm } from './value-list.ts';

type Value = null | number | bigint | string;

export interface PackedParts {
  readonly form: ListForm;
  readonly bytes: Uint8Array;
  /** Items as written, NULLs and repetitions among them. */
  readonly length: number;
  /** The first of them, in the order they were written in. */
  readonly head: readonly Value[];
  /** Least and greatest; undefined when all are NULL. */
  readonly bounds: readonly [Value, Value] | undefined;
}

export class PackedList {
  readonly length: number;
  readonly #parts: PackedParts;
  #digest: string | undefined;

  constructor(parts: PackedParts) {
    this.length = parts.length;
    this.#parts = parts;
  }
  toJSON(): unknown {
    const { form, bytes } = this.#parts;
    this.#digest ??= createHash('sha256').update(bytes).digest('base64');
    return { form, digest: this.#digest };
  }
  get form(): ListForm {
    return this.#parts.form;
  }
  get bytes(): Uint8Array {
    return this.#parts.bytes;
  }
  get head(): readonly Value[] {
    return this.#parts.head;
  }
  get bounds(): PackedParts['bounds'] {
    return this.#parts.bounds;
  }
}
