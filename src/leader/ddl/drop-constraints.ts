/**
 * Constraints that go from a table, and the foreign keys that lead to them: RESTRICT refuses while there are any, CASCADE
 * drops them too, in whatever table they are. Used by ALTER TABLE DROP CONSTRAINT and DROP COLUMN.
 */
import { dependentObjects } from '../../common/errors/catalogue.ts';
import type { DdlContext } from './context.ts';
import { putObject } from '../catalog/changes.ts';
import { described } from '../catalog/classes/index.ts';
import { referencingTables } from './dependencies.ts';
import { lockResolved } from '../catalog/lock-by-name.ts';
import type { TableConstraintInfo, TableObject } from '../catalog/objects.ts';

/** The table without them; other tables are changed in the catalog. `what` goes, as a refusal names it. */
export async function withoutConstraints(
  { transaction }: DdlContext,
  table: TableObject,
  gone: readonly TableConstraintInfo[],
  cascade: boolean,
  what: string,
): Promise<TableObject> {
  const kept = table.constraints.filter((c) => !gone.includes(c));
  const holds = (keys: readonly TableConstraintInfo[], attnums: readonly number[]): boolean =>
    keys.some((k) => k.kind !== 'foreign' && k.attnums.join() === attnums.join());
  const leads = ({ references }: TableConstraintInfo): boolean =>
    references?.tableId === table.oid && holds(gone, references.attnums) && !holds(kept, references.attnums);
  const without = (t: TableObject): TableObject => ({ ...t, constraints: t.constraints.filter((c) => !leads(c)) });
  const others = await lockResolved(transaction, () => {
    const value = referencingTables(transaction.catalog(), table.oid).filter((t) => t.constraints.some(leads));
    const keys = [{ ...table, constraints: kept }, ...value].flatMap((t) =>
      t.constraints.filter(leads).map((c) => `constraint ${c.name} on ${described(t)}`),
    );
    if (!cascade && keys.length > 0) throw dependentObjects(what, keys);
    return { value, locks: new Map(value.map((t) => [t.oid, 'AccessExclusiveLock' as const])) };
  });
  for (const other of others) {
    putObject(transaction, without(other));
  }
  return without({ ...table, constraints: kept });
}
