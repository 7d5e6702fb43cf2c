/**
 * A compression of whole objects as an entry (registry.ts): COPY unpacks, UNLOAD packs. Packed members follow each other in
 * an object and are one stream to every reader.
 */
import { SqlError } from '../../common/errors/sql-error.ts';

export interface ObjectCodec {
  /** What UNLOAD ends its names with; the usual ending of such files. */
  readonly extension: string;
  /** Bytes of text that a byte of the object stands for, where only a guess is needed. */
  readonly ratio: number;
  /** The text of an object, in pieces. Throws damaged(). */
  unpack(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** One member. Missing where UNLOAD has no such option. */
  readonly pack?: (text: Uint8Array) => Promise<Uint8Array>;
}

/** The object's own fault. `option`: the parameter of COPY. */
export const damaged = (option: string, what: string): SqlError =>
  new SqlError({
    sqlstate: 'XX000',
    message: `${option.toLowerCase()} data is corrupt: ${what}`,
    hint: `Check that the file is complete and that ${option} is the right option.`,
  });
