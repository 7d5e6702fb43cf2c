/**
 * Which row groups VACUUM writes anew only to pack their chunks into fewer blocks. Groups come in files, each written at
 * once, and every file ends with a block per column that may be nearly empty; blocks also empty when VACUUM moves some of
 * their groups away. Files whose blocks are less than half full are worth it when their chunks together take at most three
 * quarters of the blocks they hold now; packing once leaves nothing to pack, so that the next VACUUM finds nothing.
 */
import { BLOCK_BYTES_MAX } from '../common/limits.ts';
import { packedBlocks } from './block-file.ts';
import type { Group } from './row-group.ts';

interface BlockFile {
  readonly groups: Group[];
  readonly blocks: Set<string>;
  bytes: number;
}

export function sparseGroups(groups: readonly Group[]): readonly Group[] {
  const sparse = filesOf(groups).filter((f) => f.bytes * 2 < f.blocks.size * BLOCK_BYTES_MAX);
  const held = sparse.reduce((n, f) => n + f.blocks.size, 0);
  const chosen = new Set(sparse.flatMap((f) => f.groups));
  const inOrder = groups.filter((g) => chosen.has(g));
  return packedSize(inOrder) * 4 <= held * 3 ? inOrder : [];
}

function filesOf(groups: readonly Group[]): readonly BlockFile[] {
  const files = new Map<string, BlockFile>();
  for (const group of groups) {
    if (group.file === null) continue;
    let file = files.get(group.file);
    if (file === undefined) files.set(group.file, (file = { groups: [], blocks: new Set(), bytes: 0 }));
    file.groups.push(group);
    for (const chunk of group.chunks.values()) for (const key of chunk.blockKeys) file.blocks.add(key);
    file.bytes += group.storedBytes;
  }
  return [...files.values()];
}

function packedSize(groups: readonly Group[]): number {
  const chains = new Map<number, number[]>();
  for (const group of groups) {
    for (const { meta } of group.chunks.values()) {
      const chain = chains.get(meta.attnum);
      if (chain === undefined) chains.set(meta.attnum, [meta.storedBytes]);
      else chain.push(meta.storedBytes);
    }
  }
  return [...chains.values()].reduce((n, chain) => n + packedBlocks(chain), 0);
}
