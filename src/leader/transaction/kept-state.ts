/**
 * A state of the whole warehouse that is kept beside the current one, and the way back to it. Blocks are immutable, so it is
 * the catalog as a value, counters, and an image on each slice (slices/images.ts) that names blocks. Going back is one commit
 * whose record holds the difference of the catalogs as changes, the counters, and the number of the image; a log that has
 * such a record needs nothing else to do it again. Made and restored by transaction-manager.ts.
 */
import type { TableId } from '../../common/ids.ts';
import { applyChanges } from '../catalog/catalog.ts';
import { CLUSTER, type CatalogChange } from '../catalog/changes.ts';
import { CLASS_NAMES } from '../catalog/classes/index.ts';
import type { CatalogObject } from '../catalog/objects.ts';
import { databaseOids, type CatalogState, type ObjectSpace } from '../catalog/state.ts';
import { leftoverTemporarySchemas } from '../catalog/temporary-schemas.ts';
import type { IdentityCounter } from './log-record.ts';
import type { TableChange } from './last-changes.ts';

/** What a log record says of the state that its commit goes back to. */
export interface RestoredState {
  readonly image: number;
  readonly identities: readonly IdentityCounter[];
  readonly lastChanges: readonly TableChange[];
}
export interface KeptState extends RestoredState {
  /** The newest commit in it. */
  readonly lsn: number;
  readonly catalog: CatalogState;
  readonly nextXid: number;
  readonly nextOid: number;
  /** Of each slice, the names of the files that make up its image. */
  readonly files: readonly (readonly string[])[];
}

/**
 * Changes that turn `now` into the state that was kept, and tables of it whose rows go: temporary ones, whose sessions are
 * over by then. A changed object is dropped and put, as a put leaves its statistics alone.
 */
export function wayBack(
  now: CatalogState,
  kept: CatalogState,
): { readonly catalog: readonly CatalogChange[]; readonly drops: readonly TableId[] } {
  const temporary = databaseOids(kept).map((database) => leftoverTemporarySchemas(kept, database));
  const target = temporary.reduce((state, { changes }) => applyChanges(state, changes), kept);
  // What the cluster has comes first, as it makes and ends the databases.
  const spaces = [CLUSTER, ...databaseOids(target)];
  const catalog = spaces.flatMap((space) => difference(space, now.spaces.get(space), target.spaces.get(space)!));
  return { catalog, drops: temporary.flatMap((t) => t.drops) };
}

function difference(database: number, now: ObjectSpace = {}, target: ObjectSpace): readonly CatalogChange[] {
  const drops: CatalogChange[] = [];
  const puts: CatalogChange[] = [];
  for (const name of CLASS_NAMES) {
    const before: ReadonlyMap<number, CatalogObject> = now[name]?.objects ?? new Map<number, CatalogObject>();
    const after: ReadonlyMap<number, CatalogObject> = target[name]?.objects ?? new Map<number, CatalogObject>();
    for (const [oid, object] of before) {
      const isReplaced = after.has(oid) && (after.get(oid) === object || name === 'database');
      if (!isReplaced) drops.push({ kind: 'drop-object', database, class: name, oid });
    }
    for (const [oid, object] of after) {
      if (before.get(oid) !== object) puts.push({ kind: 'put-object', database, object });
    }
  }
  return [...drops, ...puts];
}
