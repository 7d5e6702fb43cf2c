/**
 * Sorting a write by the table's sort key. Rows that fit into the budget are sorted in place; a larger write leaves sorted
 * runs in a temporary block file, which merge() reads back group by group and merges, so that one load ends fully sorted
 * however large it is. NULL keys come last.
 */
import { BATCH_ROWS } from '../common/limits.ts';
import { orderTag } from '../encodings/chunk-layout.ts';
import { BlockSink } from './block-file.ts';
import type { ColumnBuilder } from './column-builder.ts';
import { GroupEncoder, groupStringBytesMax } from './group-encoder.ts';
import { Group } from './row-group.ts';
import { roomFor, taken, type SliceContext } from './slice-context.ts';
import type { Steps } from './storage.ts';

/** Rows of a group in a run: small, because a merge holds one group of every run decoded. */
const RUN_GROUP_ROWS = 8192;
/** Part of the slice's memory that the runs of a merge may take; beside others, half of what they leave. */
const MERGE_MEMORY_SHARE = 0.25;
function mergeBytes({ pool }: SliceContext): number {
  const most = pool.size * MERGE_MEMORY_SHARE;
  return pool.makeRoom(most * 2) ? most : Math.min(most, pool.freeBytes / 2);
}
const KEY_COLUMN_BYTES = 16;
const CURSOR_BYTES = 16;
/** What the builders may take for a batch of merged rows. */
const EMIT_BYTES = 256 * 1024;

type Emit = (values: readonly number[], nulls: readonly number[], rows: number) => void;

interface KeyColumn {
  readonly phys: number;
  readonly values: number;
  readonly nulls: number;
}
function writeKey(context: SliceContext, at: number, columns: readonly KeyColumn[]): void {
  const { view } = context.memory;
  columns.forEach((c, i) => {
    view.setUint32(at + i * KEY_COLUMN_BYTES, c.phys, true);
    view.setUint32(at + i * KEY_COLUMN_BYTES + 4, c.values, true);
    view.setUint32(at + i * KEY_COLUMN_BYTES + 8, c.nulls, true);
  });
}

/** Rows that one step of a sort begins with, or merges. */
const SORT_STEP_ROWS = 65536;
/** Rows that sort_begin leaves in order next to each other. */
const BEGUN_ROWS = 16;

/** Sorts the builders' rows by the key builders, in place, in steps. */
export function* sortBuilders(
  context: SliceContext,
  builders: readonly ColumnBuilder[],
  keys: readonly ColumnBuilder[],
): Steps<void> {
  const rows = builders[0]!.rows;
  if (rows < 2) return;
  const { kernels } = context.memory;
  const held: number[] = [];
  const room = function* (bytes: number): Steps<number> {
    held.push(yield* taken(context, bytes));
    return held[held.length - 1]!;
  };
  try {
    const key = yield* room(keys.length * KEY_COLUMN_BYTES);
    writeKey(
      context,
      key,
      keys.map((b) => ({ phys: orderTag(b.type), values: b.values, nulls: b.nulls })),
    );
    const prefixes = yield* room(rows * 8);
    kernels.sort_prefixes(key, rows, prefixes);
    yield;
    let from = yield* room(rows * 4);
    let to = yield* room(rows * 4);
    let sorted = true;
    for (let start = 0; start < rows; start += SORT_STEP_ROWS) {
      const end = Math.min(rows, start + SORT_STEP_ROWS);
      if (kernels.sort_begin(key, keys.length, prefixes, start, end, from) === 0) sorted = false;
      yield;
    }
    if (sorted) return;
    for (let width = BEGUN_ROWS; width < rows; width *= 2) {
      const stride = Math.max(SORT_STEP_ROWS, width * 2);
      for (let start = 0; start < rows; start += stride) {
        const end = Math.min(rows, start + stride);
        kernels.sort_merge(key, keys.length, prefixes, rows, from, to, width, start, end);
        yield;
      }
      [from, to] = [to, from];
    }
    for (const builder of builders) {
      yield* builder.permute(from);
      yield;
    }
  } finally {
    for (const address of held) context.pool.free(address);
  }
}

/** One run while it is merged: its current group decoded, and where each column's vector lies. */
class RunCursor {
  private group = -1;
  private readonly held: number[] = [];
  readonly values: number[] = [];
  readonly nulls: number[] = [];
  readonly hasNulls: boolean[] = [];
  key = 0;
  prefixes = 0;
  rows = 0;
  private pinned: Group | undefined;

  constructor(
    private readonly context: SliceContext,
    private readonly groups: readonly Group[],
    private readonly builders: readonly ColumnBuilder[],
    private readonly keyColumns: readonly number[],
  ) {}
  /** Its vectors' memory. */
  *open(): Steps<void> {
    for (const builder of this.builders) {
      this.values.push(yield* this.room(RUN_GROUP_ROWS * builder.width));
      this.nulls.push(yield* this.room(RUN_GROUP_ROWS));
      this.hasNulls.push(false);
    }
    this.key = yield* this.room(this.keyColumns.length * KEY_COLUMN_BYTES);
    this.prefixes = yield* this.room(RUN_GROUP_ROWS * 8);
  }
  private *room(bytes: number): Steps<number> {
    this.held.push(yield* taken(this.context, bytes));
    return this.held[this.held.length - 1]!;
  }
  /** Of the next group's chunks, as they are read and decoded. */
  get nextBytes(): number {
    const group = this.groups[this.group + 1];
    return group === undefined ? 0 : 2 * decodedBytes(group);
  }

  /** Decodes the next group; false at the end of the run. Strings point into chunks pinned until the next call. */
  advance(): boolean {
    this.unpin();
    const group = this.groups[++this.group];
    if (group === undefined) {
      this.rows = 0;
      return false;
    }
    const { kernels } = this.context.memory;
    this.pinned = group;
    this.builders.forEach((builder, i) => {
      const { address } = this.context.loader.pin(group.chunks.get(builder.attnum)!);
      this.hasNulls[i] = kernels.chunk_decode(address, 0, group.rows, this.values[i]!, this.nulls[i]!) === 1;
    });
    this.rows = group.rows;
    const key = this.keyColumns.map((i) => ({
      phys: orderTag(this.builders[i]!.type),
      values: this.values[i]!,
      nulls: this.hasNulls[i] ? this.nulls[i]! : 0,
    }));
    writeKey(this.context, this.key, key);
    kernels.sort_prefixes(this.key, group.rows, this.prefixes);
    return true;
  }
  private unpin(): void {
    if (!this.pinned) return;
    for (const chunk of this.pinned.chunks.values()) {
      const entry = chunk.cached;
      if (!entry) continue;
      if (entry.pins > 0) this.context.cache.unpin(entry);
      this.context.cache.drop(chunk);
    }
    this.pinned = undefined;
  }
  free(): void {
    this.unpin();
    for (const address of this.held) this.context.pool.free(address);
    this.held.length = 0;
  }
}

/** A sorted run in a file of its own. */
interface Run {
  readonly file: string;
  readonly groups: readonly Group[];
}

export class SortRuns {
  private readonly files = new Set<string>();
  private runs: Run[] = [];
  constructor(
    private readonly context: SliceContext,
    private readonly builders: readonly ColumnBuilder[],
    private readonly keys: readonly ColumnBuilder[],
  ) {}
  get count(): number {
    return this.runs.length;
  }

  /** Sorts what the builders hold, writes it as a run and clears them. */
  *spill(): Steps<void> {
    yield* sortBuilders(this.context, this.builders, this.keys);
    const { builders } = this;
    this.runs.push(
      yield* this.write(function* (encode) {
        yield* encode();
        for (const builder of builders) builder.clear();
      }),
    );
  }
  /** A run of what `fill` has encoded from the builders. */
  private *write(fill: (encode: () => Steps<void>) => Steps<void>): Steps<Run> {
    const file = `run-${this.context.nextFileNumber()}.tmp`;
    this.files.add(file);
    const sink = new BlockSink(this.context, 0, 0, file, 'blocks');
    let id = 0;
    const columns = this.builders.map((builder) => ({ builder, encoding: 'raw' }));
    const encoder = new GroupEncoder(this.context, columns, {
      xid: 0,
      statement: 0,
      sorted: true,
      nextId: () => ++id,
      rowsMax: RUN_GROUP_ROWS,
    });
    let groups: readonly Group[] | undefined;
    try {
      yield* fill(() => encoder.encodeAll(sink));
      groups = sink.finish(false).groups.map((meta) => new Group(meta, undefined));
      return { file, groups };
    } finally {
      if (groups === undefined) sink.abort();
      encoder.free();
    }
  }

  /** Merges neighbours, again and again from the first on, until the runs that are left can be merged with the memory there is. */
  *reduce(): Steps<void> {
    for (let from = 0; this.affordable(0) < this.runs.length && this.runs.length > 2; from++) {
      if (from + 1 >= this.runs.length) from = 0;
      const neighbours = this.runs.slice(from, from + Math.max(2, this.affordable(from)));
      const { builders } = this;
      const stringBytesMax = groupStringBytesMax(this.context);
      const merge = (emit: Emit): Steps<void> => this.mergeRuns(neighbours, emit);
      const merged = yield* this.write(function* (encode) {
        const rows = merge((values, nulls, n) => builders.forEach((b, i) => b.append(values[i]!, nulls[i]!, n)));
        for (const _ of rows) {
          yield;
          const isFull = builders[0]!.rows >= RUN_GROUP_ROWS || builders.some((b) => b.stringBytes >= stringBytesMax);
          if (!isFull) continue;
          yield* encode();
          for (const builder of builders) builder.clear();
        }
        if (builders[0]!.rows > 0) yield* encode();
        for (const builder of builders) builder.clear();
      });
      this.runs.splice(from, neighbours.length, merged);
      for (const run of neighbours) this.remove(run);
    }
  }
  /** How many runs, from this one on, have room in a part of the slice's memory while they are merged. */
  private affordable(from: number): number {
    const vectors = this.builders.reduce((sum, b) => sum + RUN_GROUP_ROWS * (b.width + 1), RUN_GROUP_ROWS * 8);
    let left = mergeBytes(this.context);
    return (
      this.runs.slice(from).findIndex(({ groups }) => {
        const largest = groups.reduce((most, g) => Math.max(most, decodedBytes(g)), 0);
        left -= vectors + largest;
        return left < 0;
      }) >>> 0
    );
  }

  /** Calls `emit` with vectors (values, nulls or 0) of the next rows in key order, of all runs. */
  merge(emit: Emit): Steps<void> {
    return this.mergeRuns(this.runs, emit);
  }
  private *mergeRuns(runs: readonly Run[], emit: Emit): Steps<void> {
    const { context, builders } = this;
    const { kernels, view } = context.memory;
    const keyColumns = this.keys.map((k) => builders.indexOf(k));
    const cursors = runs.map(({ groups }) => new RunCursor(context, groups, builders, keyColumns));
    const held: number[] = [];
    const room = function* (bytes: number): Steps<number> {
      held.push(yield* taken(context, bytes));
      return held[held.length - 1]!;
    };
    try {
      for (const cursor of cursors) yield* cursor.open();
      const table = yield* room(cursors.length * CURSOR_BYTES);
      const picks = yield* room(BATCH_ROWS * 8);
      const bases = yield* room(cursors.length * 4);
      const outValues: number[] = [];
      const outNulls: number[] = [];
      for (const b of builders) {
        outValues.push(yield* room(BATCH_ROWS * b.width));
        outNulls.push(yield* room(BATCH_ROWS));
      }
      const load = function* (run: number): Steps<void> {
        const cursor = cursors[run]!;
        yield* roomFor(context, cursor.nextBytes);
        cursor.advance();
        const at = table + run * CURSOR_BYTES;
        view.setUint32(at, cursor.key, true);
        view.setUint32(at + 4, cursor.prefixes, true);
        view.setUint32(at + 8, 0, true);
        view.setUint32(at + 12, cursor.rows, true);
      };
      for (const run of cursors.keys()) yield* load(run);
      for (;;) {
        const count = kernels.merge_runs(table, cursors.length, this.keys.length, picks, BATCH_ROWS);
        if (count === 0) return;
        const nulls = builders.map((builder, i) => {
          cursors.forEach((c, run) => view.setUint32(bases + run * 4, c.values[i]!, true));
          kernels.gather_picks(bases, picks, count, builder.width, outValues[i]!);
          if (!cursors.some((c) => c.hasNulls[i])) return 0;
          cursors.forEach((c, run) => view.setUint32(bases + run * 4, c.hasNulls[i] ? c.nulls[i]! : 0, true));
          kernels.gather_picks(bases, picks, count, 1, outNulls[i]!);
          return outNulls[i]!;
        });
        yield* roomFor(context, EMIT_BYTES);
        emit(outValues, nulls, count);
        yield;
        for (const run of cursors.keys()) {
          const at = table + run * CURSOR_BYTES;
          const end = view.getUint32(at + 12, true);
          if (end > 0 && view.getUint32(at + 8, true) === end) yield* load(run);
        }
      }
    } finally {
      for (const cursor of cursors) cursor.free();
      for (const address of held) context.pool.free(address);
    }
  }

  private remove({ file, groups }: Run): void {
    for (const group of groups) for (const chunk of group.chunks.values()) this.context.cache.drop(chunk);
    this.removeFile(file);
  }
  private removeFile(file: string): void {
    this.context.loader.forget(file);
    this.context.disk.remove(`${this.context.directory}/${file}`);
    this.files.delete(file);
  }
  /** Removes the temporary files. */
  free(): void {
    for (const run of this.runs) this.remove(run);
    for (const file of [...this.files]) this.removeFile(file);
    this.runs = [];
  }
}

function decodedBytes(group: Group): number {
  let sum = 0;
  for (const { meta } of group.chunks.values()) sum += meta.memoryBytes;
  return sum;
}
