/**
 * After recovery the committed row groups are known exactly, so every other block file is a leftover: of a transaction that
 * a crash ended, of a group removed just before it, or of a checkpoint it cut off. Such a file carries this warehouse's and
 * this slice's mark in its first block and is removed; an empty one holds nothing and goes too. What carries another mark,
 * or none, was put there by somebody: it is named and left alone. A file that is named and not there is reported.
 */
import { isSystemError } from '../common/errors/fault.ts';
import { readBlockIdentity, BLOCK_HEADER_BYTES } from './disk-layout.ts';
import type { TableState } from './row-group.ts';
import type { SliceContext } from './slice-context.ts';

/** `isPinned`: an image names the file. */
export function sweepFiles(
  context: SliceContext,
  states: Iterable<TableState>,
  isPinned: (file: string) => boolean,
): readonly string[] {
  const { disk, directory } = context;
  const notes: string[] = [];
  const named = new Map<string, number>();
  for (const state of states) {
    for (const g of state.groups) if (g.file !== null && !g.removedCommitted) named.set(g.file, state.tableId);
    for (const g of state.groups) if (g.file !== null && !named.has(g.file)) named.set(g.file, -1);
  }
  const present = new Set(disk.list(directory));
  for (const [name, table] of named) {
    if (!present.has(name) && table >= 0) {
      notes.push(`${directory}/${name}: it is missing; queries that read it (table ${table}) will fail`);
    }
  }
  for (const name of present) {
    if (!/\.(blk|tmp)$/.test(name) || named.has(name) || isPinned(name)) continue;
    const strange = name.endsWith('.tmp') ? undefined : strangeness(context, name);
    if (strange !== undefined) {
      notes.push(`${directory}/${name}: ${strange}; it is left alone`);
      continue;
    }
    context.log(`removing ${name}: left by a transaction that did not commit`);
    try {
      disk.remove(`${directory}/${name}`);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      notes.push(`${directory}/${name}: no committed row names it, and it could not be removed: ${error.message}`);
    }
  }
  return notes;
}

/** Why a file that no group names may be somebody else's. */
function strangeness(context: SliceContext, name: string): string | undefined {
  const { disk, directory, slice, warehouse } = context;
  const file = disk.open(`${directory}/${name}`, 'read');
  try {
    const size = file.size();
    if (size === 0) return undefined;
    const head = new Uint8Array(Math.min(size, BLOCK_HEADER_BYTES));
    file.read(0, head);
    const block = readBlockIdentity(head);
    if (block === undefined) return 'no committed row names it, and it does not begin as a block file';
    if (block.warehouse !== warehouse) return 'it belongs to another warehouse';
    if (block.slice !== slice) return `it belongs to slice ${block.slice}`;
    if (!name.startsWith(`t${block.tableId}-x${block.xid}-`)) {
      return `it holds rows of table ${block.tableId} by transaction ${block.xid}, which its name does not say`;
    }
    return undefined;
  } finally {
    file.close();
  }
}
