/**
 * The tail: row groups of small writes, which live in the commit log and in memory. mergeTail joins many small groups that
 * every transaction sees into larger ones, in memory, so that scans stay fast; the commit log keeps naming the original
 * groups, and the merged group knows its parts. moveTailsToBlocks gives large tail groups blocks at a checkpoint.
 */
import { ROW_GROUP_ROWS, SMALL_WRITE_BYTES_MAX } from '../common/limits.ts';
import { PHYS_NAMES } from '../encodings/chunk-layout.ts';
import { FLOAT4, FLOAT8, INT4, INT8, TEXT, numeric, type Phys, type SqlType } from '../types/sql-type.ts';
import { BlockSink, blockFileName } from './block-file.ts';
import { STORED_CHUNK_BYTES_MAX } from './disk-layout.ts';
import type { ChunkMeta } from './disk-layout.ts';
import { GroupFeeder } from './group-feeder.ts';
import { HIDDEN_ATTNUMS, INSERT_XID_ATTNUM, ROW_ID_ATTNUM } from './hidden-columns.ts';
import { packRun } from './group-parts.ts';
import { Group, joinDeletes, type Chunk, type TableState } from './row-group.ts';
import type { SliceContext } from './slice-context.ts';
import type { StorageColumn, StorageTable } from './storage.ts';
import { TableWriter } from './writer.ts';

const TAIL_GROUPS_MAX = 64;
const TAIL_ROWS_MAX = ROW_GROUP_ROWS;
const TYPE_OF: Readonly<Record<Phys, SqlType>> = {
  i32: INT4,
  i64: INT8,
  f32: FLOAT4,
  f64: FLOAT8,
  i128: numeric(38, 0),
  str: TEXT,
};

export interface Merging {
  readonly oldestXmin: number;
  /** Every transaction that may have read addresses of the groups is below. */
  readonly nextXid: number;
  /** Ids of merged groups. */
  readonly nextId: () => number;
}

/** Merges small tail groups of a table when there are many. */
export function mergeTail(context: SliceContext, state: TableState, merging: Merging): void {
  const small = state.groups.filter((g) => isMergeable(g, merging.oldestXmin));
  const rows = small.reduce((n, g) => n + g.rows, 0);
  if (small.length < 2 || (small.length <= TAIL_GROUPS_MAX && rows <= TAIL_ROWS_MAX)) return;
  const kinds = new Map<string, Group[]>();
  for (const group of small.sort((a, b) => a.place - b.place)) {
    const kind = `${[...group.chunks.keys()].sort().join()}`;
    const list = kinds.get(kind);
    if (list) list.push(group);
    else kinds.set(kind, [group]);
  }
  for (const list of kinds.values()) {
    for (let at = 0; at < list.length;) {
      const batch: Group[] = [];
      let count = 0,
        bytes = 0;
      while (at < list.length) {
        count += list[at]!.rows;
        bytes += widestChunk(list[at]!);
        if (batch.length > 0 && (count > ROW_GROUP_ROWS || bytes > STORED_CHUNK_BYTES_MAX)) break;
        batch.push(list[at++]!);
      }
      mergeBatch(context, state, batch, merging);
    }
  }
}
/** Together they may be larger than they are one by one: then half as many are tried. */
function mergeBatch(context: SliceContext, state: TableState, batch: readonly Group[], merging: Merging): void {
  if (batch.length < 2 || mergeGroups(context, state, batch, merging)) return;
  const half = batch.length >> 1;
  mergeBatch(context, state, batch.slice(0, half), merging);
  mergeBatch(context, state, batch.slice(half), merging);
}
const widestChunk = (group: Group): number => {
  let widest = 0;
  for (const { meta } of group.chunks.values()) widest = Math.max(widest, meta.storedBytes);
  return widest;
};
function isMergeable(group: Group, oldestXmin: number): boolean {
  return (
    group.live &&
    group.file === null &&
    group.removedXid === 0 &&
    !group.meta.sorted &&
    group.meta.xid < oldestXmin &&
    group.rows < ROW_GROUP_ROWS >> 1 &&
    widestChunk(group) < STORED_CHUNK_BYTES_MAX >> 1 &&
    group.deletes.every((d) => d.committed && d.xid < oldestXmin)
  );
}

function columnOf(chunk: Chunk, context: SliceContext): StorageColumn {
  const entry = context.loader.pin(chunk);
  const phys = PHYS_NAMES[context.memory.bytes[entry.address + 1]!]!;
  context.cache.unpin(entry);
  const { attnum, encoding } = chunk.meta;
  return { attnum, name: `${attnum}`, type: TYPE_OF[phys], notNull: false, encoding };
}

/** False when long strings cut the rows into more than one group: then the groups stay as they are. */
function mergeGroups(
  context: SliceContext,
  state: TableState,
  groups: readonly Group[],
  { nextId, nextXid }: Merging,
): boolean {
  const user = [...groups[0]!.chunks.values()].filter((c) => !HIDDEN_ATTNUMS.includes(c.meta.attnum));
  const columns = user.map((c) => columnOf(c, context));
  const table: StorageTable = { tableId: state.tableId, name: '', columns, sortkey: [] };
  const writer = new TableWriter(context, state, table, {
    xid: groups.reduce((x, g) => Math.max(x, g.meta.xid), 0),
    statement: 0,
    sortRows: false,
    hidden: true,
    mode: 'memory',
    nextId,
  });
  const hidden = [INSERT_XID_ATTNUM, ROW_ID_ATTNUM].map((attnum) => ({ attnum, type: INT8 }));
  const feeder = new GroupFeeder(context, [...columns, ...hidden]);
  let result;
  try {
    for (const group of groups) feeder.feed(group, writer, { dropDeleted: false });
    result = writer.finish();
  } finally {
    writer.abort();
    feeder.free();
  }
  if (result.groups.length !== 1) return false;
  const merged = new Group({ ...result.groups[0]!, parts: packParts(groups) }, result.tail);
  merged.committed = true;
  let start = 0;
  const deletes = groups.flatMap((group) => {
    const moved = group.deletes.map((entry) => ({ entry, start }));
    start += group.rows;
    return moved;
  });
  if (deletes.length > 0) merged.addDelete(joinDeletes(deletes));
  state.merge(groups, merged, nextXid);
  for (const group of groups) {
    context.cache.drop(group);
    for (const chunk of group.chunks.values()) context.cache.drop(chunk);
  }
  return true;
}
function packParts(groups: readonly Group[]): number[] {
  const packed: number[] = [];
  for (const group of groups) {
    if (group.parts) group.parts.packInto(packed);
    else packRun(packed, group.id, 1, group.rows);
  }
  return packed;
}

export interface TailMoves {
  /** The superblock names the blocks: the tail bytes can go. */
  done(): void;
  undo(): void;
}
/** Writes tail groups larger than a small write to blocks and points their chunks there. */
export function moveTailsToBlocks(context: SliceContext, states: readonly TableState[]): TailMoves {
  const moved: { group: Group; metas: Map<number, ChunkMeta> }[] = [];
  const files: string[] = [];
  let sink: BlockSink | undefined;
  const undo = (): void => {
    for (const { group, metas } of moved) {
      group.file = null;
      for (const chunk of group.chunks.values()) chunk.meta = metas.get(chunk.meta.attnum)!;
    }
    sink?.abort();
    for (const name of files) context.disk.remove(`${context.directory}/${name}`);
  };
  try {
    for (const state of states) {
      const large = state.groups.filter((g) => g.live && g.file === null && g.storedBytes > SMALL_WRITE_BYTES_MAX);
      if (large.length === 0) continue;
      const name = blockFileName(context, state.tableId, large[0]!.meta.xid, 0);
      sink = new BlockSink(context, state.tableId, large[0]!.meta.xid, name, 'blocks');
      files.push(name);
      for (const group of large) {
        const chunks = [...group.chunks.values()].map((c) => ({ meta: { ...c.meta }, stored: c.data! }));
        sink.add({ meta: group.meta, chunks });
      }
      const { groups } = sink.finish();
      sink = undefined;
      groups.forEach((meta, i) => {
        const group = large[i]!;
        moved.push({ group, metas: new Map([...group.chunks.values()].map((c) => [c.meta.attnum, c.meta])) });
        group.file = name;
        for (const chunk of meta.chunks) group.chunks.get(chunk.attnum)!.meta = chunk;
      });
    }
  } catch (error) {
    undo();
    throw error;
  }
  return {
    undo,
    done: () => {
      for (const { group } of moved) for (const chunk of group.chunks.values()) chunk.data = undefined;
    },
  };
}
