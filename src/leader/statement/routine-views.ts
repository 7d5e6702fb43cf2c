/** What host functions see of the routines of users. */
import type { LeaderView, RoutineView } from '../../functions/leader-context.ts';
import type { CatalogSnapshot, RoutineObject } from '../catalog/objects.ts';
import { argumentText, inputTypes, resultText, routineDdl } from '../catalog/routine-text.ts';
import { routinesNamed } from '../catalog/routines.ts';
import type { Session } from '../session/types.ts';

export function routineViews(
  catalog: CatalogSnapshot,
  session: Pick<Session, 'searchPath'>,
): Pick<LeaderView, 'routine' | 'routinesNamed'> {
  const view = (routine: RoutineObject): RoutineView => ({
    oid: routine.oid,
    name: routine.name,
    schemaOid: routine.schemaOid,
    schema: catalog.schemaByOid(routine.schemaOid)?.name ?? 'public',
    args: inputTypes(routine),
    declared: routine.arguments.map(argumentText).join(', '),
    result: resultText(routine),
    definition: routineDdl(catalog, routine),
  });
  return {
    routine(oid) {
      const found = catalog.object('routine', oid);
      return found && view(found);
    },
    routinesNamed(schema, name) {
      if (schema !== undefined && catalog.schema(schema) === undefined) return [];
      const qualified = { name, pos: 0, ...(schema === undefined ? {} : { schema }) };
      return (['function', 'procedure'] as const)
        .flatMap((kind) => routinesNamed(catalog, session.searchPath(), kind, qualified))
        .map(view);
    },
  };
}
