/**
 * Marks rows deleted: addresses become ascending row lists per row group. The change that goes into the commit record
 * names the groups as the log knows them, that is before small groups were merged in memory.
 */
import { serializableViolation } from '../common/errors/recorded-errors.ts';
import type { DeleteEntry, Group, RowPlace, TableState } from './row-group.ts';
import type { RowAddresses } from './row-addresses.ts';
import type { SliceChange } from './storage.ts';

export interface Deletion {
  readonly change: SliceChange;
  readonly entries: readonly { readonly group: Group; readonly entry: DeleteEntry }[];
}

export function deleteRows(
  slice: number,
  state: TableState,
  addresses: RowAddresses,
  xid: number,
  statement: number,
): Deletion {
  const byGroup = new Map<Group, Uint32Array[]>();
  for (const { groupId, rows } of addresses) {
    const { group, start } = whereIs(state, groupId);
    const left = rows.map((row) => row + start).filter((row) => mayDelete(group, row, state.tableId, xid));
    const lists = byGroup.get(group);
    if (lists === undefined) byGroup.set(group, [left]);
    else lists.push(left);
  }
  const entries: { group: Group; entry: DeleteEntry }[] = [];
  const deletes: { groupId: number; rows: Uint32Array }[] = [];
  let rowsDeleted = 0;
  for (const [group, lists] of byGroup) {
    const rows = lists.length === 1 ? lists[0]! : Uint32Array.from(lists.flatMap((l) => [...l])).sort();
    if (rows.length === 0) continue;
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

/** False when the transaction itself has deleted the row before. */
function mayDelete(group: Group, row: number, tableId: number, xid: number): boolean {
  const deletedBy = group.deletedBy(row);
  if (deletedBy === undefined) return true;
  // The scan saw the row, so whoever else deleted it has committed since the snapshot.
  if (deletedBy !== xid) throw rowChanged(tableId, xid, deletedBy);
  return false;
}

/** The group's place now; `start` is what is added to a row's number of before it was merged. */
function whereIs(state: TableState, id: number): RowPlace {
  const place = state.find(id);
  if (place === undefined || place.group.removedXid !== 0) {
    throw serializableViolation(`table ${state.tableId}: the rows were moved by a concurrent VACUUM`);
  }
  return place;
}

/** Under snapshot isolation the first to change a row wins; the second cannot build on what it did not see. */
const rowChanged = (tableId: number, xid: number, by: number): Error =>
  serializableViolation(
    `Serializable isolation violation on table - ${tableId}, transactions forming the cycle are: ${xid}, ${by}`,
  );

function asLogged(group: Group, rows: Uint32Array): { groupId: number; rows: Uint32Array }[] {
  if (group.parts === undefined) return [{ groupId: group.id, rows }];
  const lists: { groupId: number; rows: Uint32Array }[] = [];
  for (let at = 0; at < rows.length;) {
    const part = group.parts.at(rows[at]!);
    const from = at;
    while (at < rows.length && rows[at]! < part.start + part.rows) at++;
    lists.push({ groupId: part.id, rows: rows.subarray(from, at).map((r) => r - part.start) });
  }
  return lists;
}
