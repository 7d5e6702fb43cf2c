/**
 * What STV_BLOCKLIST and SVV_TABLE_INFO ask of a slice: the blocks of a table with their zone maps, the tail as one open
 * block per column, and row counts.
 */
import { blockBytes, piecesOf, type ChunkPiece } from './disk-layout.ts';
import { align8 } from '../encodings/chunk-layout.ts';
import type { Chunk, TableState } from './row-group.ts';
import { scanOrder } from './scan.ts';
import type { SliceContext } from './slice-context.ts';
import type { BlockInfo, TableStorageInfo } from './storage.ts';

const asInt64 = (value: bigint | number | undefined): bigint => {
  if (value === undefined) return 0n;
  return BigInt.asIntN(64, typeof value === 'bigint' ? value : BigInt(Math.trunc(value)));
};

/** What of a chunk is in a block. */
interface Held {
  readonly chunk: Chunk;
  readonly piece: ChunkPiece;
}

/** Blocks ordered by column, then by their place in the chain. */
export function listBlocks(context: SliceContext, state: TableState): readonly BlockInfo[] {
  const chains = new Map<number, Map<string, Held[]>>();
  for (const group of scanOrder(state, undefined)) {
    if (!group.committed) continue;
    for (const chunk of group.chunks.values()) {
      let chain = chains.get(chunk.meta.attnum);
      if (chain === undefined) chains.set(chunk.meta.attnum, (chain = new Map()));
      const pieces = piecesOf(chunk.meta);
      for (const [i, key] of chunk.blockKeys.entries()) {
        const held = { chunk, piece: pieces[i]! };
        const block = chain.get(key);
        if (block) block.push(held);
        else chain.set(key, [held]);
      }
    }
  }
  const list: BlockInfo[] = [];
  for (const [attnum, chain] of [...chains].sort((a, b) => order(a[0]) - order(b[0]))) {
    let blockNumber = 0;
    for (const chunks of [...chain.values()].sort(
      (a, b) => Number(a[0]!.piece.block < 0) - Number(b[0]!.piece.block < 0),
    )) {
      list.push(describe(context, state, attnum, blockNumber++, chunks));
    }
  }
  return list;
}
/** User columns first, then insert_xid, delete_xid, row_id. */
const order = (attnum: number): number => (attnum > 0 ? attnum : 100_000 - attnum);

function describe(
  context: SliceContext,
  state: TableState,
  attnum: number,
  blockNumber: number,
  held: readonly Held[],
): BlockInfo {
  const first = held[0]!.chunk;
  const { block } = held[0]!.piece;
  const onDisk = block >= 0;
  const chunks = held.map((h) => h.chunk);
  let min: bigint | number | undefined, max: bigint | number | undefined;
  for (const chunk of chunks) {
    if (chunk.min !== undefined && (min === undefined || chunk.min < min)) min = chunk.min;
    if (chunk.max !== undefined && (max === undefined || chunk.max > max)) max = chunk.max;
  }
  const stored = held.reduce((sum, h) => sum + align8(h.piece.bytes), 0);
  const live = held.filter((h) => !h.chunk.group.removedCommitted);
  // Rows that VACUUM moved out of a block stand in another one.
  const told = live.length > 0 ? live : held;
  return {
    tableId: state.tableId,
    attnum,
    blockNumber,
    rowCount: told.reduce((sum, h) => sum + (h.piece.start === 0 ? h.chunk.group.rows : 0), 0),
    bytes: onDisk ? blockBytes(chunks.length, stored) : stored,
    minValue: asInt64(min),
    maxValue: asInt64(max),
    sorted: chunks.every((c) => c.group.meta.sorted),
    onDisk,
    encoding: first.meta.encoding,
    file: onDisk ? `${context.directory}/${first.group.file}` : '',
    offset: onDisk ? block : 0,
    tombstone: live.length === 0,
  };
}

/** Counts what listBlocks lists without tombstones. */
export function tableInfo(state: TableState): TableStorageInfo {
  const blocks = new Set<string>();
  let rowCount = 0,
    deletedRowCount = 0,
    sortedRowCount = 0,
    tailRowCount = 0,
    tailBytes = 0;
  for (const group of state.groups) {
    if (!group.live) continue;
    rowCount += group.rows;
    deletedRowCount += group.deletedCount;
    if (group.meta.sorted) sortedRowCount += group.rows;
    if (group.file === null) {
      tailRowCount += group.rows;
      tailBytes += group.storedBytes;
    }
    for (const { meta, blockKeys } of group.chunks.values())
      for (const key of blockKeys) blocks.add(`${meta.attnum}:${key}`);
  }
  const blockCount = blocks.size;
  return { tableId: state.tableId, rowCount, deletedRowCount, sortedRowCount, blockCount, tailRowCount, tailBytes };
}
