/**
 * What host functions see of the server itself: system relations by name and oid, built-in functions by name and oid
 * with the type names that pg_get_function_arguments and regproc print. Made once, at start.
 */
import type { SqlFunction } from '../../functions/registry.ts';
import type { ProcedureView, SystemCatalogView } from '../../functions/leader-context.ts';
import { argumentTypes, procedureTypeName, builtInRows } from './database-rows.ts';
import { systemRelationByOid, systemRelationOid } from './registry.ts';

export function systemCatalog(functions: readonly SqlFunction[]): SystemCatalogView {
  const byOid = new Map<number, ProcedureView>();
  const byName = new Map<string, ProcedureView[]>();
  for (const row of builtInRows({ functions })) {
    const procedure: ProcedureView = {
      oid: Number(row['oid']),
      name: String(row['proname']),
      args: argumentTypes(row),
      result: procedureTypeName(Number(row['prorettype'])),
    };
    byOid.set(procedure.oid, procedure);
    byName.set(procedure.name, [...(byName.get(procedure.name) ?? []), procedure]);
  }
  return {
    relationOid: systemRelationOid,
    relationByOid: systemRelationByOid,
    procedure: (oid) => byOid.get(oid),
    proceduresNamed: (name) => byName.get(name) ?? [],
  };
}
