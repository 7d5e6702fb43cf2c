/**
 * Where a writer's finished chunks go. While the write is small they stay in memory and end as one tail buffer; past
 * SMALL_WRITE_BYTES_MAX (or when blocks are asked for) chunks are packed per column into blocks of at most 1 MB in one
 * write-once file, synced once at the end together with its directory.
 */
import type { DiskFile } from '../common/disk.ts';
import { assert } from '../common/assert.ts';
import { crc32c } from '../common/crc32c.ts';
import { BLOCK_BYTES_MAX, SMALL_WRITE_BYTES_MAX } from '../common/limits.ts';
import { align8 } from '../encodings/chunk-layout.ts';
import {
  BLOCK_ENTRY_BYTES,
  blockBytes,
  buildBlock,
  pieceCount,
  piecesOf,
  STORED_CHUNK_BYTES_MAX,
  type BlockChunk,
  type ChunkMeta,
  type GroupMeta,
} from './disk-layout.ts';
import { onDisk, type SliceContext } from './slice-context.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export interface DraftChunk {
  readonly meta: Mutable<ChunkMeta>;
  readonly stored: Uint8Array;
}
export interface DraftGroup {
  readonly meta: Omit<GroupMeta, 'chunks' | 'file'>;
  readonly chunks: readonly DraftChunk[];
}
export interface SinkResult {
  readonly groups: readonly GroupMeta[];
  readonly tail: Uint8Array;
  readonly blocks: number;
}
interface OpenBlock {
  readonly chunks: { readonly draft: DraftChunk; readonly group: DraftGroup }[];
  storedAligned: number;
}

/** A name that no other write of the slice has. */
export const blockFileName = (context: SliceContext, tableId: number, xid: number, statement: number): string =>
  `t${tableId}-x${xid}-s${statement}-${context.nextFileNumber()}.blk`;

/** Blocks that chunks of these stored sizes take when they are packed in this order. */
export function packedBlocks(storedBytes: Iterable<number>): number {
  let blocks = 0,
    chunks = 0,
    stored = 0;
  for (const bytes of storedBytes) {
    if (bytes > STORED_CHUNK_BYTES_MAX) {
      blocks += pieceCount(bytes);
      chunks = BLOCK_BYTES_MAX;
      continue;
    }
    if (blocks === 0 || !fits(chunks, stored, align8(bytes))) {
      blocks++;
      chunks = stored = 0;
    }
    chunks++;
    stored += align8(bytes);
  }
  return blocks;
}
/** Whether one more chunk finds room in a block that holds `chunks`. */
const fits = (chunks: number, storedAligned: number, bytes: number): boolean =>
  blockBytes(chunks, storedAligned) + BLOCK_ENTRY_BYTES + bytes <= BLOCK_BYTES_MAX;

/** The bytes are on disk: the reference goes, so that a long load does not hold its whole table. */
function placed(draft: DraftChunk, block: number, position: number): void {
  draft.meta.block = block;
  draft.meta.position = position;
  (draft as { stored: Uint8Array | undefined }).stored = undefined;
}

export class BlockSink {
  blocks = 0;
  private readonly drafts: DraftGroup[] = [];
  private readonly open = new Map<number, OpenBlock>();
  private total = 0;
  private file: DiskFile | undefined;
  private size = 0;

  constructor(
    private readonly context: SliceContext,
    private readonly tableId: number,
    private readonly xid: number,
    readonly fileName: string,
    private readonly mode: 'auto' | 'blocks' | 'memory',
  ) {}

  add(group: DraftGroup): void {
    this.drafts.push(group);
    if (this.file !== undefined) return this.pack(group);
    for (const chunk of group.chunks) this.total += chunk.stored.length;
    if (this.mode === 'blocks' || (this.mode === 'auto' && this.total > SMALL_WRITE_BYTES_MAX)) {
      const { disk, directory } = this.context;
      this.file = onDisk(this.context, () => disk.open(`${directory}/${this.fileName}`, 'create'));
      for (const draft of this.drafts) this.pack(draft);
    }
  }

  private pack(group: DraftGroup): void {
    for (const draft of group.chunks) {
      if (draft.stored.length > STORED_CHUNK_BYTES_MAX) {
        this.writePieces(draft, group);
        continue;
      }
      const bytes = align8(draft.stored.length);
      let block = this.open.get(draft.meta.attnum);
      if (block && !fits(block.chunks.length, block.storedAligned, bytes)) {
        this.flush(draft.meta.attnum, block);
        block = undefined;
      }
      if (block === undefined) this.open.set(draft.meta.attnum, (block = { chunks: [], storedAligned: 0 }));
      block.chunks.push({ draft, group });
      block.storedAligned += bytes;
    }
  }

  private flush(attnum: number, block: OpenBlock): void {
    const { encoding } = block.chunks[0]!.draft.meta;
    const offsets: number[] = [];
    const chunks = block.chunks.map(({ draft, group }): BlockChunk => ({
      groupId: group.meta.id,
      rows: group.meta.rows,
      ...draft.meta,
      stored: draft.stored,
    }));
    const at = this.writeBlock(attnum, encoding, chunks, offsets);
    block.chunks.forEach(({ draft }, i) => placed(draft, at, at + offsets[i]!));
    this.open.delete(attnum);
  }
  /** Gives the block's offset in the file. */
  private writeBlock(attnum: number, encoding: string, chunks: readonly BlockChunk[], offsets: number[]): number {
    const { slice, warehouse } = this.context;
    const identity = { warehouse, slice, tableId: this.tableId, attnum, xid: this.xid, encoding };
    const bytes = buildBlock(identity, chunks, offsets);
    assert(bytes.length <= BLOCK_BYTES_MAX, 'block larger than 1 MB');
    const at = this.size;
    onDisk(this.context, () => this.file!.write(at, bytes));
    this.size += bytes.length;
    this.blocks++;
    return at;
  }
  private writePieces(draft: DraftChunk, group: DraftGroup): void {
    const { meta, stored } = draft;
    const block = this.size;
    const offsets: number[] = [];
    for (const { start, bytes } of piecesOf({ ...meta, block })) {
      const piece = stored.subarray(start, start + bytes);
      const { layout, codec } = meta;
      const [rows, memoryBytes] = start === 0 ? [group.meta.rows, meta.memoryBytes] : [0, 0];
      const chunk = {
        groupId: group.meta.id,
        rows,
        layout,
        codec,
        memoryBytes,
        checksum: crc32c(piece),
        stored: piece,
      };
      this.writeBlock(meta.attnum, meta.encoding, [chunk], offsets);
    }
    placed(draft, block, block + offsets[0]!);
  }

  /** `durable` false: a temporary file that nobody reads after a crash. */
  finish(durable = true): SinkResult {
    if (this.file === undefined) return this.finishTail();
    const file = this.file;
    for (const [attnum, block] of [...this.open]) this.flush(attnum, block);
    onDisk(this.context, () => {
      if (durable) file.sync();
      file.close();
      if (durable) this.context.disk.syncDirectory(this.context.directory);
    });
    const groups = this.drafts.map((d) => ({ ...d.meta, file: this.fileName, chunks: d.chunks.map((c) => c.meta) }));
    return { groups, tail: new Uint8Array(0), blocks: this.blocks };
  }
  private finishTail(): SinkResult {
    const tail = new Uint8Array(
      this.drafts.reduce((n, d) => n + d.chunks.reduce((m, c) => m + c.stored.length, 0), 0),
    );
    let at = 0;
    const groups = this.drafts.map((draft) => {
      for (const chunk of draft.chunks) {
        tail.set(chunk.stored, at);
        chunk.meta.position = at;
        at += chunk.stored.length;
      }
      return { ...draft.meta, file: null, chunks: draft.chunks.map((c) => c.meta) };
    });
    return { groups, tail, blocks: 0 };
  }
  abort(): void {
    if (this.file === undefined) return;
    this.file.close();
    this.context.disk.remove(`${this.context.directory}/${this.fileName}`);
    this.file = undefined;
  }
}
