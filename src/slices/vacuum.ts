/**
 * VACUUM: rewrites the row groups that must be rewritten and leaves the others. Groups with deleted rows lose them; the
 * unsorted region is sorted and merged with the sorted groups whose key range it overlaps; groups without blocks are
 * written to blocks. The result is one change (groups added, groups removed) that becomes visible when the transaction
 * commits; readers with older snapshots go on reading the old groups until reclaim. Groups that a running transaction
 * has work in are left alone. It works in steps, between which the slice serves its queries and hears that it shall end: the
 * table's lock keeps writers away meanwhile.
 */
import { ROW_GROUP_ROWS } from '../common/limits.ts';
import { INT8 } from '../types/sql-type.ts';
import { BlockSink, blockFileName, type SinkResult } from './block-file.ts';
import type { GroupMeta } from './disk-layout.ts';
import { deletedRows, GroupFeeder } from './group-feeder.ts';
import { INSERT_XID_ATTNUM, ROW_ID_ATTNUM } from './hidden-columns.ts';
import { blockKeysOf, type Group, type TableState } from './row-group.ts';
import { scanOrder } from './scan.ts';
import { sparseGroups } from './sparse-groups.ts';
import type { SliceContext } from './slice-context.ts';
import type {
  SliceChange,
  Steps,
  StorageTable,
  TableTotals,
  VacuumOptions,
  VacuumProgress,
  VacuumReport,
} from './storage.ts';
import { TableWriter } from './writer.ts';

/** Small groups are joined when at least this many lie about. */
const SMALL_GROUPS_MIN = 4;
const SMALL_GROUP_ROWS = ROW_GROUP_ROWS >> 2;

interface VacuumPlan {
  /** Groups to merge into the sorted region. */
  readonly sort: ReadonlySet<Group>;
  /** Groups to write anew where they are, in scan order. */
  readonly copy: ReadonlySet<Group>;
}

function planVacuum(candidates: readonly Group[], table: StorageTable, options: VacuumOptions): VacuumPlan {
  const copy = new Set<Group>();
  const rows = candidates.reduce((n, g) => n + g.rows, 0);
  const deleted = candidates.reduce((n, g) => n + g.deletedCount, 0);
  const removes = options.mode !== 'sort only' && options.mode !== 'recluster';
  const sorts = options.mode !== 'delete only' && table.sortkey.length > 0;
  if (removes && deleted > 0 && deleted * 100 >= rows * (100 - options.threshold)) {
    for (const group of candidates) if (group.deletedCount > 0) copy.add(group);
  }
  const unsorted = candidates.filter((g) => !g.meta.sorted);
  const sortedRows = candidates.reduce((n, g) => n + (g.meta.sorted ? g.rows : 0), 0);
  const wanted =
    options.mode === 'reindex' || options.threshold >= 100 || sortedRows * 100 < rows * options.threshold;
  const sort = new Set<Group>();
  if (sorts && unsorted.length > 0 && wanted) {
    for (const group of overlapping(candidates, unsorted, table.sortkey[0]!)) sort.add(group);
  }
  if (options.mode === 'full' || options.mode === 'reindex') {
    joinSmallGroups(sorts ? [] : unsorted, copy);
    for (const group of sparseGroups(candidates.filter((g) => !sort.has(g)))) copy.add(group);
  }
  for (const group of sort) copy.delete(group);
  return { sort, copy };
}

/** The unsorted groups and every sorted group whose first key column overlaps theirs. */
function overlapping(candidates: readonly Group[], unsorted: readonly Group[], attnum: number): Group[] {
  let low: bigint | number | undefined, high: bigint | number | undefined;
  let bounded = true,
    boundedBelow = true;
  for (const group of unsorted) {
    const chunk = group.chunks.get(attnum);
    // NULL keys come last and unknown bounds may lie anywhere: both overlap everything behind the lowest value.
    if (chunk?.min === undefined || chunk.max === undefined) {
      if (chunk === undefined || chunk.meta.nullCount < group.rows) boundedBelow = false;
      bounded = false;
      continue;
    }
    if (chunk.meta.nullCount > 0) bounded = false;
    if (low === undefined || chunk.min < low) low = chunk.min;
    if (high === undefined || chunk.max > high) high = chunk.max;
  }
  return candidates.filter((group) => {
    if (!group.meta.sorted) return true;
    const chunk = group.chunks.get(attnum);
    if (chunk?.min === undefined || chunk.max === undefined || low === undefined || high === undefined) return true;
    if (boundedBelow && chunk.meta.nullCount === 0 && chunk.max < low) return false;
    return !(bounded && chunk.min > high);
  });
}

function joinSmallGroups(unsorted: readonly Group[], groups: Set<Group>): void {
  const small = unsorted.filter((g) => g.rows < SMALL_GROUP_ROWS);
  const tails = small.filter((g) => g.file === null);
  if (small.length >= SMALL_GROUPS_MIN) for (const group of small) groups.add(group);
  else for (const group of tails) groups.add(group);
}

export function* vacuumTable(
  context: SliceContext,
  state: TableState,
  table: StorageTable,
  options: VacuumOptions,
  sortBytesMax?: number,
  tell: (progress: VacuumProgress) => void = () => undefined,
): Steps<VacuumReport> {
  const all = scanOrder(state, table.sortkey[0]).filter((g) => g.live);
  const candidates = all.filter((g) => g.removedXid === 0 && !g.hasPendingDeletes);
  const plan = planVacuum(candidates, table, options);
  const chosen = candidates.filter((g) => plan.sort.has(g) || plan.copy.has(g));
  let rowsDone = 0;
  const rows = chosen.reduce((n, g) => n + g.rows, 0);
  const read = (more: number, sorts: boolean): void => {
    rowsDone += more;
    tell({ tableId: table.tableId, xid: options.xid, phase: sorts ? 'sort' : 'delete', rows, rowsDone });
  };
  const work: Work = { context, state, table, options, sortBytesMax, read };
  const written = chosen.length === 0 ? undefined : yield* rewrite(work, plan, candidates);
  const added = written?.groups ?? [];
  const rowsAdded = added.reduce((n, g) => n + g.rows, 0);
  const change: SliceChange = {
    slice: context.slice,
    tableId: table.tableId,
    xid: options.xid,
    statement: 0,
    groupsAdded: added,
    groupsRemoved: chosen.flatMap((g) => Array.from(g.placesAsWritten(), (p) => p.id)),
    deletes: [],
    tail: new Uint8Array(0),
    rowsAdded,
    rowsDeleted: rows - rowsAdded,
    blocksAdded: written?.blocks ?? 0,
    sortedRowsAdded: sortedRows(added) - sortedRows(chosen.map((g) => g.meta)),
  };
  const gone = new Set(chosen);
  const kept = all.filter((g) => !gone.has(g));
  return {
    change,
    before: totals(all),
    after: totals(kept, added),
    groupsRewritten: chosen.length,
    groupsKept: kept.length,
  };
}

const sortedRows = (groups: readonly Pick<GroupMeta, 'sorted' | 'rows'>[]): number =>
  groups.reduce((n, g) => n + (g.sorted ? g.rows : 0), 0);

function totals(groups: readonly Group[], added: readonly GroupMeta[] = []): TableTotals {
  const blocks = new Set<string>();
  let rows = 0,
    sortedRows = 0,
    deletedRows = 0;
  for (const meta of [...groups.map((g) => g.meta), ...added]) {
    rows += meta.rows;
    if (meta.sorted) sortedRows += meta.rows;
  }
  const add = (attnum: number, keys: readonly string[]): void =>
    keys.forEach((key) => blocks.add(`${attnum}:${key}`));
  for (const group of groups) {
    deletedRows += group.deletedCount;
    for (const chunk of group.chunks.values()) add(chunk.meta.attnum, chunk.blockKeys);
  }
  for (const { file, chunks } of added) for (const c of chunks) add(c.attnum, blockKeysOf(c, file));
  return { rows, sortedRows, blocks: blocks.size, deletedRows };
}

interface Work {
  readonly context: SliceContext;
  readonly state: TableState;
  readonly table: StorageTable;
  readonly options: VacuumOptions;
  readonly sortBytesMax: number | undefined;
  /** So many rows more were read. */
  read(rows: number, sorts: boolean): void;
}

/** Everything goes into one file, so that chunks of many groups share blocks. */
function* rewrite(work: Work, plan: VacuumPlan, candidates: readonly Group[]): Steps<SinkResult> {
  const { context, table, options } = work;
  const name = blockFileName(context, table.tableId, options.xid, 0);
  const sink = new BlockSink(context, table.tableId, options.xid, name, 'blocks');
  let result: SinkResult | undefined;
  try {
    const merged = candidates.filter((g) => plan.sort.has(g));
    if (merged.length > 0) yield* copyGroups(work, sink, merged, { sortRows: true, sorted: true });
    for (const run of sortedRuns(candidates, plan.copy)) {
      yield* copyGroups(work, sink, run, { sortRows: false, sorted: true });
    }
    const unsorted = candidates.filter((g) => !g.meta.sorted && plan.copy.has(g));
    if (unsorted.length > 0) yield* copyGroups(work, sink, unsorted, { sortRows: false, sorted: false });
    result = sink.finish();
    return result;
  } finally {
    if (result === undefined) sink.abort();
  }
}

/** Sorted groups to copy that follow one another: a group between them that stays ends the run, or order would be lost. */
function sortedRuns(candidates: readonly Group[], copy: ReadonlySet<Group>): Group[][] {
  const runs: Group[][] = [];
  let open: Group[] | undefined;
  for (const group of candidates) {
    if (!group.meta.sorted) continue;
    if (!copy.has(group)) open = undefined;
    else if (open) open.push(group);
    else runs.push((open = [group]));
  }
  return runs;
}

function* copyGroups(
  { context, state, table, options, sortBytesMax, read }: Work,
  sink: BlockSink,
  groups: readonly Group[],
  how: { readonly sortRows: boolean; readonly sorted: boolean },
): Steps<void> {
  const writer = new TableWriter(context, state, table, {
    xid: options.xid,
    statement: 0,
    hidden: true,
    mode: 'blocks',
    nextId: context.nextGroupId,
    sortBytesMax,
    sink,
    ...how,
  });
  const hidden = [INSERT_XID_ATTNUM, ROW_ID_ATTNUM].map((attnum) => ({ attnum, type: INT8 }));
  let feeder: GroupFeeder | undefined;
  try {
    read(0, how.sortRows);
    feeder = new GroupFeeder(context, [...table.columns, ...hidden]);
    // SORT ONLY too: copied rows would lose their delete marks and come back. Older snapshots read the old groups.
    for (const group of groups) {
      yield* feeder.feedSteps(group, writer, { drops: deletedRows(group) });
      read(group.rows, how.sortRows);
    }
    yield* writer.finishSteps();
  } finally {
    // Without effect once it is finished; else also when the work ends between two steps.
    writer.abort();
    feeder?.free();
  }
}
