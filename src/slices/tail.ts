/**
 * The tail: row groups of small writes, which live in the commit log and in memory. mergeTail joins many small groups that
 * every transaction sees into larger ones, in memory, so that scans stay fast; the commit log keeps naming the original
 * groups, and the merged group knows its parts. moveTailsToBlocks gives large tail groups blocks at a checkpoint.
 */
import { ROW_GROUP_ROWS, SMALL_WRITE_BYTES_MAX } from '../common/limits.ts';
import { PHYS_NAMES } from '../encodings/chunk-layout.ts';
import { FLOAT4, FLOAT8, INT4, INT8, TEXT, numeric, type Phys, type SqlType } from '../types/sql-type.ts';
import { BlockSink, blockFileName } from './block-file.ts';
import type { ChunkMeta, GroupMeta } from './disk-layout.ts';
import { GroupFeeder } from './group-feeder.ts';
import { HIDDEN_ATTNUMS, INSERT_XID_ATTNUM, ROW_ID_ATTNUM } from './hidden-columns.ts';
import { Group, type Chunk, type TableState } from './row-group.ts';
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

/** Merges small tail groups of a table when there are many; `nextId` gives ids of merged groups. */
export function mergeTail(context: SliceContext, state: TableState, oldestXmin: number, nextId: () => number): void {
  const small = state.groups.filter((g) => isMergeable(g, oldestXmin));
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
      let count = 0;
      while (at < list.length && (count === 0 || count + list[at]!.rows <= ROW_GROUP_ROWS)) {
        count += list[at]!.rows;
        batch.push(list[at++]!);
      }
      if (batch.length > 1) mergeGroups(context, state, batch, nextId);
    }
  }
}
function isMergeable(group: Group, oldestXmin: number): boolean {
  return (
    group.live &&
    group.file === null &&
    group.removedXid === 0 &&
    !group.meta.sorted &&
    group.meta.xid < oldestXmin &&
    group.rows < ROW_GROUP_ROWS >> 1 &&
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

function mergeGroups(context: SliceContext, state: TableState, groups: readonly Group[], nextId: () => number): void {
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
  // Long strings may have cut the rows into more than one group; then the small ones stay as they are.
  if (result.groups.length !== 1) return;
  const meta: GroupMeta = { ...result.groups[0]!, parts: packParts(groups) };
  const merged = new Group(meta, result.tail);
  merged.committed = true;
  let start = 0;
  for (const group of groups) {
    for (const d of group.deletes) merged.addDelete({ ...d, rows: d.rows.map((row) => row + start) });
    start += group.rows;
    state.remove(group);
  }
  state.add(merged);
  for (const group of groups) {
    context.cache.drop(group);
    for (const chunk of group.chunks.values()) context.cache.drop(chunk);
    // Addresses that a statement read before this merge still name the merged groups of an earlier merge.
    if (group.meta.parts)
      state.redirects.set(group.id, { group: merged, start: startOf(merged, group), rows: group.rows });
  }
}
function startOf(merged: Group, part: Group): number {
  const first = part.parts().next().value!;
  for (const p of merged.parts()) if (p.id === first.id) return p.start;
  return 0;
}
function packParts(groups: readonly Group[]): number[] {
  const packed: number[] = [];
  for (const group of groups) {
    for (const part of group.parts()) {
      const n = packed.length;
      if (n > 0 && packed[n - 3]! + packed[n - 2]! === part.id && packed[n - 1] === part.rows) packed[n - 2]!++;
      else packed.push(part.id, 1, part.rows);
    }
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
  const undo = (): void => {
    for (const { group, metas } of moved) {
      group.file = null;
      for (const chunk of group.chunks.values()) chunk.meta = metas.get(chunk.meta.attnum)!;
    }
    for (const name of files) context.disk.remove(`${context.directory}/${name}`);
  };
  try {
    for (const state of states) {
      const large = state.groups.filter((g) => g.live && g.file === null && g.storedBytes > SMALL_WRITE_BYTES_MAX);
      if (large.length === 0) continue;
      const name = blockFileName(context, state.tableId, large[0]!.meta.xid, 0);
      const sink = new BlockSink(context, state.tableId, large[0]!.meta.xid, name, 'blocks');
      files.push(name);
      for (const group of large) {
        const chunks = [...group.chunks.values()].map((c) => ({ meta: { ...c.meta }, stored: c.data! }));
        sink.add({ meta: group.meta, chunks });
      }
      sink.finish().groups.forEach((meta, i) => {
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
