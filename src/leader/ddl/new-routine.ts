/**
 * A new procedure or function in the catalog, or a new version of one: its schema, arguments and owner.
 */
import {
  changedKind,
  changedOutArguments,
  changedReturnType,
  duplicateRoutine,
  invalidRoutine,
  tooLargeRoutine,
  tooManyRoutines,
} from '../../common/errors/routine-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { ROUTINE_ARGUMENTS_MAX, ROUTINE_BYTES_MAX, ROUTINES_MAX } from '../../common/limits.ts';
import { sameType, type SqlType } from '../../types/sql-type.ts';
import { putObject } from '../catalog/changes.ts';
import { keptName } from '../catalog/classes/index.ts';
import { initialAcl } from '../catalog/default-acl.ts';
import { creationTarget } from '../catalog/creation-target.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import type { RoutineArgument, RoutineObject } from '../catalog/objects.ts';
import { requireOwner, requirePrivilege } from '../catalog/privileges.ts';
import { outputsOf } from '../catalog/routines.ts';
import { typeOfVariable } from '../catalog/value-types.ts';
import type { QualifiedName, TypeRef } from '../parser/ast.ts';
import type { RoutineParameter } from '../parser/statements/routine.ts';
import type { DdlContext } from './context.ts';

export function routineArguments(
  given: readonly RoutineParameter[],
  typeOf: (ref: TypeRef) => SqlType = typeOfVariable,
): readonly RoutineArgument[] {
  const found = given.map(({ name, mode, type }): RoutineArgument => ({
    ...(name === undefined ? {} : { name }),
    mode,
    type: typeOf(type),
  }));
  for (const [i, { name }] of found.entries()) {
    const again = name !== undefined && found.some((other, j) => j < i && other.name === name);
    if (again) throw invalidRoutine(`parameter name "${name}" used more than once`);
  }
  const max = ROUTINE_ARGUMENTS_MAX;
  if (found.filter((a) => a.mode !== 'out').length > max) throw invalidRoutine(`more than ${max} input arguments`);
  if (found.filter((a) => a.mode !== 'in').length > max) throw invalidRoutine(`more than ${max} output arguments`);
  return found;
}

/** Errors inside the body stand where they are in the statement, when the body is written as it is. */
export async function atBody<T>(
  body: { readonly text: string; readonly pos: number },
  text: string,
  read: () => T | Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SqlError && error.position !== undefined) {
      const start = text.indexOf(body.text, body.pos);
      error.position = start < 0 ? body.pos + 1 : start + error.position;
    }
    throw error;
  }
}

type New = Omit<RoutineObject, 'oid' | 'schemaOid' | 'name' | 'ownerOid' | 'createdAtMicros' | 'acl'>;

/** What a call gives is the same as before. */
function checkReplaced(old: RoutineObject, made: New): void {
  if (old.kind !== made.kind) throw changedKind(old.name, old.kind);
  const before = outputsOf(old);
  const now = outputsOf(made);
  const same =
    before.length === now.length &&
    before.every((a, i) => a.type.name === now[i]!.type.name && a.name === now[i]!.name);
  const returns = old.returns === undefined ? made.returns === undefined : sameType(old.returns, made.returns!);
  if (!same || !returns) throw old.kind === 'procedure' ? changedOutArguments() : changedReturnType();
}

/** Puts it in the catalog. */
export async function putRoutine(
  { services, session, transaction }: DdlContext,
  name: QualifiedName,
  replace: boolean,
  made: New,
): Promise<void> {
  transaction.requireXid();
  const language = transaction.catalog().named('language', made.language);
  if (language !== undefined) requirePrivilege(transaction.catalog(), session.user, language, 'U');
  if (Buffer.byteLength(made.source) > ROUTINE_BYTES_MAX) throw tooLargeRoutine();
  const nextOid = (): number => services.transactions.nextOid();
  const creates = made.kind === 'procedure' ? 'CREATE OR REPLACE PROCEDURE' : 'CREATE OR REPLACE FUNCTION';
  const target = await creationTarget(session, transaction, name, false, nextOid, creates);
  const key = keptName({ ...made, name: target.name } as RoutineObject);
  const old = await lockUses(transaction, () => {
    const found = transaction.catalog().named('routine', key, target.schema.oid);
    if (found !== undefined && !replace) throw duplicateRoutine(target.name);
    if (found !== undefined) {
      requireOwner(session.user, found);
      checkReplaced(found, made);
    }
    return { value: found, changes: found === undefined ? [] : [found] };
  });
  if (old === undefined && transaction.catalog().objects('routine').length >= ROUTINES_MAX)
    throw tooManyRoutines(String(ROUTINES_MAX));
  const ownerOid = old?.ownerOid ?? session.user.oid;
  putObject(transaction, {
    ...made,
    oid: old?.oid ?? nextOid(),
    schemaOid: target.schema.oid,
    name: target.name,
    ownerOid,
    createdAtMicros: old?.createdAtMicros ?? services.clock.nowMicros(),
    acl: old?.acl ?? initialAcl(transaction.catalog(), `${made.kind}s`, ownerOid, target.schema.oid),
  });
}
