/**
 * From a name and a signature to the procedure or function of users that is meant: on the search path, by the types of its
 * arguments.
 */
import { undefinedProcedure, undefinedRoutine } from '../../common/errors/routine-errors.ts';
import { undefinedSchema } from '../../common/errors/catalogue.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { TYPE_INFO } from '../../types/sql-type.ts';
import type { TypeRef } from '../parser/ast.ts';
import type { QualifiedName } from '../parser/ast.ts';
import type { RoutineReference } from '../parser/statements/routine.ts';
import { checkDatabase, spelled } from './names.ts';
import type { CatalogSnapshot, RoutineArgument, RoutineObject, SchemaObject } from './objects.ts';
import { typeOfVariable } from './value-types.ts';

/** Routines by schema and name, found once for each state of the catalog. */
const BY_NAME = new WeakMap<object, ReadonlyMap<string, readonly RoutineObject[]>>();
const keyOf = (schemaOid: number, name: string): string => `${schemaOid} ${name}`;

function byName(catalog: CatalogSnapshot): ReadonlyMap<string, readonly RoutineObject[]> {
  const state = catalog.state ?? catalog;
  const known = BY_NAME.get(state);
  if (known !== undefined) return known;
  const found = new Map<string, RoutineObject[]>();
  for (const routine of catalog.objects('routine')) {
    const key = keyOf(routine.schemaOid, routine.name);
    found.set(key, [...(found.get(key) ?? []), routine]);
  }
  BY_NAME.set(state, found);
  return found;
}

const schemasOf = (
  catalog: CatalogSnapshot,
  searchPath: readonly string[],
  name: QualifiedName,
): readonly SchemaObject[] => {
  checkDatabase(catalog, name);
  if (name.schema === undefined) return searchPath.flatMap((path) => catalog.schema(path) ?? []);
  const schema = catalog.schema(name.schema);
  if (schema === undefined) throw undefinedSchema(name.schema);
  return [schema];
};

/** All of the name and kind, those of the first schema of the path in front. */
export function routinesNamed(
  catalog: CatalogSnapshot,
  searchPath: readonly string[],
  kind: RoutineObject['kind'],
  name: QualifiedName,
): readonly RoutineObject[] {
  if (catalog.objects('routine').length === 0) return [];
  const known = byName(catalog);
  return schemasOf(catalog, searchPath, name)
    .flatMap((schema) => known.get(keyOf(schema.oid, name.name)) ?? [])
    .filter((routine) => routine.kind === kind);
}

export const inputsOf = ({ arguments: all }: Pick<RoutineObject, 'arguments'>): readonly RoutineArgument[] =>
  all.filter((a) => a.mode !== 'out');
export const outputsOf = ({ arguments: all }: Pick<RoutineObject, 'arguments'>): readonly RoutineArgument[] =>
  all.filter((a) => a.mode !== 'in');

const sameInputs = (routine: RoutineObject, types: readonly SqlType[]): boolean => {
  const inputs = inputsOf(routine);
  return inputs.length === types.length && inputs.every((a, i) => a.type.name === types[i]!.name);
};

/** p(integer, character varying), as messages name what was not found. */
export const shownSignature = (name: QualifiedName, types: readonly SqlType[]): string =>
  `${spelled(name)}(${types.map((t) => TYPE_INFO[t.name].sqlName).join(', ')})`;

export const argumentTypes = (types: readonly TypeRef[]): readonly SqlType[] => types.map(typeOfVariable);

/** The routine that DROP, ALTER, GRANT or SHOW names. */
export function requireRoutine(
  catalog: CatalogSnapshot,
  searchPath: readonly string[],
  { kind, name, types }: RoutineReference,
): RoutineObject {
  const named = routinesNamed(catalog, searchPath, kind, name);
  const given = types && argumentTypes(types);
  const found = given === undefined ? named : named.filter((routine) => sameInputs(routine, given));
  const missing = kind === 'procedure' ? undefinedProcedure : undefinedRoutine;
  if (found[0] === undefined) throw missing(shownSignature(name, given ?? []), name.pos + 1);
  return found[0];
}
