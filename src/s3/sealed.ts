/**
 * Objects that were written and wait under a name of their own in the root's folder of temporary files, and clearing up
 * after those that were given up. Used by the leader, when a statement has failed and at its start.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HIDDEN } from './key-path.ts';

export const temporaryFolder = (root: string): string => join(root, `${HIDDEN}-tmp`);

/** Removes every temporary file of one token. */
export function dropTemporary(root: string, token: string): void {
  let names: string[];
  try {
    names = readdirSync(temporaryFolder(root));
  } catch {
    return;
  }
  for (const name of names) if (name.startsWith(token)) rmSync(join(temporaryFolder(root), name), { force: true });
}
