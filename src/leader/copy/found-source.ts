/**
 * What FROM stands for, once it is found: the same for every kind of source, so that the load behind it knows none of them.
 */
import type { SliceId } from '../../common/ids.ts';
import type { LoadPiece } from '../../formats/load-work.ts';
import type { SliceLoad } from './load-records.ts';
import type { SourceObject } from './sources.ts';

export interface FoundSource {
  /** Objects that a format may look into; none where the source has no objects. */
  readonly objects: readonly SourceObject[];
  /** As views count it: files (or what stands for them) and bytes, which may be a guess. */
  readonly files: number;
  readonly bytes: number;
  /** Each slice's work. */
  deal(slices: number): Promise<ReadonlyMap<SliceId, readonly LoadPiece[]>>;
  /** Throws when what was read is not enough. */
  check?(loads: readonly SliceLoad[]): void;
}
