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
import { GroupFeeder } from './group-feeder.ts';
import { INSERT_XID_ATTNUM, ROW_ID_ATTNUM } from './hidden-columns.ts';
import type { Group, TableState } from './row-group.ts';
import { scanOrder } from './scan.ts';
import type { SliceContext } from './slice-context.ts';
import type { SliceChange, Steps, StorageTable, VacuumOptions, VacuumReport } from './storage.ts';
import { TableWriter } from './writer.ts';

/** Small groups are joined when at least this many lie about. */
const SMALL_GROUPS_MIN = 4;
const SMALL_GROUP_ROWS = ROW_GROUP_ROWS >> 2;

interface VacuumPlan {
  readonly sort: boolean;
  /** Groups to rewrite, in scan order. */
  readonly groups: ReadonlySet<Group>;
}

function planVacuum(candidates: readonly Group[], table: StorageTable, options: VacuumOptions): VacuumPlan {
  const groups = new Set<Group>();
  const rows = candidates.reduce((n, g) => n + g.rows, 0);
  const deleted = candidates.reduce((n, g) => n + g.deletedCount, 0);
  const removes = options.mode !== 'sort only' && options.mode !== 'recluster';
  const sorts = options.mode !== 'delete only' && table.sortkey.length > 0;
  if (removes && deleted > 0 && deleted * 100 >= rows * (100 - options.threshold)) {
    for (const group of candidates) if (group.deletedCount > 0) groups.add(group);
  }
  const unsorted = candidates.filter((g) => !g.meta.sorted);
  const sortedRows = candidates.reduce((n, g) => n + (g.meta.sorted ? g.rows : 0), 0);
  const wanted =
    options.mode === 'reindex' || options.threshold >= 100 || sortedRows * 100 < rows * options.threshold;
  const sort = sorts && unsorted.length > 0 && wanted;
  if (sort) for (const group of overlapping(candidates, unsorted, table.sortkey[0]!)) groups.add(group);
  if (options.mode === 'full' || options.mode === 'reindex') joinSmallGroups(sorts ? [] : unsorted, groups);
  return { sort, groups };
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
): Steps<VacuumReport> {
  const all = scanOrder(state, table.sortkey[0]).filter((g) => g.live);
  const candidates = all.filter((g) => g.removedXid === 0 && !g.hasPendingDeletes);
  const plan = planVacuum(candidates, table, options);
  const chosen = candidates.filter((g) => plan.groups.has(g));
  const before = totals(all);
  const results =
    chosen.length === 0 ? undefined : yield* rewrite(context, state, table, options, plan, chosen, sortBytesMax);
  const added = results?.flatMap((r) => r.groups) ?? [];
  const rowsAdded = added.reduce((n, g) => n + g.rows, 0);
  const rowsRemoved = chosen.reduce((n, g) => n + g.rows, 0);
  const blocksAdded = results?.reduce((n, r) => n + r.blocks, 0) ?? 0;
  const change: SliceChange = {
    slice: context.slice,
    tableId: table.tableId,
    xid: options.xid,
    statement: 0,
    groupsAdded: added,
    groupsRemoved: chosen.flatMap((g) => [...g.parts()].map((p) => p.id)),
    deletes: [],
    tail: new Uint8Array(0),
    rowsAdded,
    rowsDeleted: rowsRemoved - rowsAdded,
    blocksAdded,
  };
  return {
    change,
    rowsBefore: before.rows,
    rowsAfter: before.rows - rowsRemoved + rowsAdded,
    sortedRowsBefore: before.sorted,
    blocksBefore: before.blocks,
    blocksAfter: before.blocks - totals(chosen).blocks + blocksAdded,
    groupsRewritten: chosen.length,
    groupsKept: all.length - chosen.length,
  };
}

function totals(groups: readonly Group[]): { rows: number; sorted: number; blocks: number } {
  const blocks = new Set<string>();
  let rows = 0,
    sorted = 0;
  for (const group of groups) {
    rows += group.rows;
    if (group.meta.sorted) sorted += group.rows;
    for (const chunk of group.chunks.values()) if (chunk.blockKey) blocks.add(chunk.blockKey);
  }
  return { rows, sorted, blocks: blocks.size };
}

type Rewritten = ReturnType<TableWriter['finish']>;

/** With sorting everything goes through one sorting writer; else sorted and unsorted groups keep their region. */
function* rewrite(
  context: SliceContext,
  state: TableState,
  table: StorageTable,
  options: VacuumOptions,
  plan: VacuumPlan,
  chosen: readonly Group[],
  sortBytesMax: number | undefined,
): Steps<Rewritten[]> {
  if (plan.sort)
    return [
      yield* copyGroups(context, state, table, options, chosen, { sortRows: true, sorted: true, sortBytesMax }),
    ];
  const results: Rewritten[] = [];
  // A sorted group between two kept ones must not be joined with a later one, so each is rewritten by itself.
  for (const group of chosen) {
    if (!group.meta.sorted) continue;
    results.push(yield* copyGroups(context, state, table, options, [group], { sortRows: false, sorted: true }));
  }
  const unsorted = chosen.filter((g) => !g.meta.sorted);
  if (unsorted.length > 0) {
    results.push(yield* copyGroups(context, state, table, options, unsorted, { sortRows: false, sorted: false }));
  }
  return results;
}

function* copyGroups(
  context: SliceContext,
  state: TableState,
  table: StorageTable,
  options: VacuumOptions,
  groups: readonly Group[],
  how: { readonly sortRows: boolean; readonly sorted: boolean; readonly sortBytesMax?: number },
): Steps<Rewritten> {
  const writer = new TableWriter(context, state, table, {
    xid: options.xid,
    statement: 0,
    hidden: true,
    mode: 'blocks',
    nextId: context.nextGroupId,
    ...how,
  });
  const hidden = [INSERT_XID_ATTNUM, ROW_ID_ATTNUM].map((attnum) => ({ attnum, type: INT8 }));
  let feeder: GroupFeeder | undefined;
  try {
    feeder = new GroupFeeder(context, [...table.columns, ...hidden]);
    // SORT ONLY too: copied rows would lose their delete marks and come back. Older snapshots read the old groups.
    for (const group of groups) yield* feeder.feedSteps(group, writer, { dropDeleted: true });
    return yield* writer.finishSteps();
  } finally {
    // Without effect once it is finished; else also when the work ends between two steps.
    writer.abort();
    feeder?.free();
  }
}
