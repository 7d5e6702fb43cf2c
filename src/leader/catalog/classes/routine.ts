/** Stored procedures and functions that users wrote: several may have one name, with other argument types. */
import { duplicateRoutine, undefinedRoutine } from '../../../common/errors/routine-errors.ts';
import { formatType } from '../../../types/sql-type.ts';
import type { RoutineObject } from '../objects.ts';
import type { ObjectClass } from './define.ts';

/** Types of what a call gives, without their lengths, as signatures name them. */
export const signatureOf = (routine: Pick<RoutineObject, 'arguments'>): string =>
  routine.arguments
    .filter((a) => a.mode !== 'out')
    .map((a) => formatType({ name: a.type.name }))
    .join(', ');

export const routine: ObjectClass<RoutineObject> = {
  kinds: { procedure: {}, function: {} },
  noun: 'function',
  uniqueIn: 'schema',
  nameKey: (object) => `${object.name}(${signatureOf(object)})`,
  catalog: { name: 'pg_proc', oid: 1255 },
  owned: true,
  privileges: { on: 'function', letters: { EXECUTE: 'X' } },
  duplicate: duplicateRoutine,
  missing: undefinedRoutine,
};
