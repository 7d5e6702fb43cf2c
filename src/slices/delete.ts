/**
 * Marks rows deleted: addresses become ascending row lists per row group. The change that goes into the commit record
 * names the groups as the log knows them, that is before small groups were merged in memory.
 */
import { serializableViolation } from '../common/errors/catalogue.ts';
import { ROW_BITS } from './hidden-columns.ts';
import type { DeleteEntry, Group, TableState } from './row-group.ts';
import type { SliceChange } from './storage.ts';

export interface Deletion {
  readonly change: SliceChange;
  readonly entries: readonly { readonly group: Group; readonly entry: DeleteEntry }[];
}

export function deleteRows(
  slice: number,
  state: TableState,
  addresses: readonly bigint[],
  xid: number,
  statement: number,
): Deletion {
  const byGroup = new Map<Group, number[]>();
  const mask = (1n << ROW_BITS) - 1n;
  // Addresses come in runs of one group.
  let last = -1;
  let at: Where | undefined;
  for (const address of addresses) {
    const id = Number(address >> ROW_BITS);
    if (id !== last || at === undefined) at = whereIs(state, byGroup, id);
    last = id;
    const { group } = at;
    const row = Number(address & mask) + at.start;
    const deletedBy = group.deletedBy(row);
    if (deletedBy === xid) continue;
    // The scan saw the row, so whoever deleted it has committed since the snapshot.
    if (deletedBy !== undefined) throw rowChanged(state.tableId, xid, deletedBy);
    at.rows.push(row);
  }
  const entries: { group: Group; entry: DeleteEntry }[] = [];
  const deletes: { groupId: number; rows: Uint32Array }[] = [];
  let rowsDeleted = 0;
  for (const [group, list] of byGroup) {
    if (list.length === 0) continue;
    const rows = Uint32Array.from(list)
      .sort()
      .filter((row, i, all) => i === 0 || row !== all[i - 1]);
    rowsDeleted += rows.length;
    entries.push({ group, entry: { xid, statement, rows, committed: false } });
    deletes.push(...asLogged(group, rows));
  }
  const change: SliceChange = {
    slice,
    tableId: state.tableId,
    xid,
    statement,
    groupsAdded: [],
    groupsRemoved: [],
    deletes,
    tail: new Uint8Array(0),
    rowsAdded: 0,
    rowsDeleted,
    blocksAdded: 0,
  };
  return { change, entries };
}

interface Where {
  readonly group: Group;
  /** What is added to a row's number of before the group was merged. */
  readonly start: number;
  readonly rows: number[];
}
function whereIs(state: TableState, byGroup: Map<Group, number[]>, id: number): Where {
  const moved = state.redirects.get(id);
  const group = moved?.group ?? state.find(id);
  if (group === undefined || group.removedXid !== 0) {
    throw serializableViolation(`table ${state.tableId}: the rows were moved by a concurrent VACUUM`);
  }
  let rows = byGroup.get(group);
  if (rows === undefined) byGroup.set(group, (rows = []));
  return { group, start: moved?.start ?? 0, rows };
}

/** Under snapshot isolation the first to change a row wins; the second cannot build on what it did not see. */
const rowChanged = (tableId: number, xid: number, by: number): Error =>
  serializableViolation(
    `Serializable isolation violation on table - ${tableId}, transactions forming the cycle are: ${xid}, ${by}`,
  );

function asLogged(group: Group, rows: Uint32Array): { groupId: number; rows: Uint32Array }[] {
  if (group.meta.parts === undefined) return [{ groupId: group.id, rows }];
  const lists: { groupId: number; rows: Uint32Array }[] = [];
  let at = 0;
  for (const part of group.parts()) {
    const from = at;
    while (at < rows.length && rows[at]! < part.start + part.rows) at++;
    if (at > from) lists.push({ groupId: part.id, rows: rows.subarray(from, at).map((r) => r - part.start) });
  }
  return lists;
}
