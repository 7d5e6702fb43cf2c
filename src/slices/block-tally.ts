/**
 * The blocks of one column as one scan met them. Held are those of every row group the snapshot sees; each of them is read
 * when a chunk of it was decoded, and skipped when all its groups were passed over (zone maps, deleted rows, a LIMIT that
 * was satisfied before). Held is counted at the start, the other two as the scan goes, so that a sum which does not come
 * out shows a mistake.
 */
import type { Group } from './row-group.ts';
import type { BlockCounts } from './storage.ts';

export class BlockTally {
  private readonly held = new Set<string>();
  private readonly read = new Set<string>();
  private readonly passed = new Set<string>();
  constructor(readonly attnum: number) {}

  hold(group: Group): void {
    this.note(this.held, group);
  }
  decode(group: Group): void {
    this.note(this.read, group);
  }
  pass(group: Group): void {
    this.note(this.passed, group);
  }
  private note(blocks: Set<string>, group: Group): void {
    for (const key of group.chunks.get(this.attnum)?.blockKeys ?? []) blocks.add(key);
  }
  counts(): BlockCounts {
    let skipped = 0;
    for (const key of this.passed) if (!this.read.has(key)) skipped++;
    return { attnum: this.attnum, held: this.held.size, read: this.read.size, skipped };
  }
}
