/**
 * SHOW FUNCTIONS and PROCEDURES of a schema, and SHOW PARAMETERS of one of them. Functions of the server are those of
 * PG_PROC; those of users come from the catalog of the database that is asked for.
 */
import { TYPE_INFO, type SqlType, type TypeName } from '../../types/sql-type.ts';
import type { RoutineObject } from '../catalog/objects.ts';
import { inputTypes, resultOf, resultText } from '../catalog/routine-text.ts';
import { canonicalType } from '../parser/type-names.ts';
import { shownSchema, type ShownSchema } from './show-context.ts';
import type { Cells, Listed, Show, ShowContext } from './show-context.ts';

const literal = (text: string): string => `'${text.replace(/[\\']/g, (c) => (c === "'" ? "''" : '\\\\'))}'`;

interface Routine {
  readonly name: string;
  readonly argumentTypes: readonly string[];
  readonly returns: string;
}

async function builtInsOf(
  { session, transaction, services }: ShowContext,
  { catalog, schema }: ShownSchema,
  name?: string,
): Promise<readonly Routine[]> {
  if (catalog !== transaction.catalog() || schema.name !== 'pg_catalog') return [];
  const named = name === undefined ? '' : ` and proname = ${literal(name)}`;
  const { rows } = await services.query(
    session,
    transaction,
    `select proname, oidvectortypes(proargtypes), format_type(prorettype, null) from pg_catalog.pg_proc
     where pronamespace = ${schema.oid}${named} order by 1, 2`,
  );
  return rows.map(([proname, types, returns]) => ({
    name: proname ?? '',
    argumentTypes: types === null || types === '' ? [] : types!.split(', '),
    returns: returns ?? '',
  }));
}
const routinesOf = ({ catalog, schema }: ShownSchema, kind: RoutineObject['kind']): readonly RoutineObject[] =>
  catalog.objects('routine').filter((r) => r.schemaOid === schema.oid && r.kind === kind);

export async function listFunctions(context: ShowContext, show: Show): Promise<readonly Listed[]> {
  const shown = shownSchema(context, show);
  if (shown === undefined) return [];
  const row = ({ name, argumentTypes: types, returns }: Routine): Listed => [
    name,
    [shown.catalog.database.name, shown.schema.name, name, String(types.length), types.join(', '), returns, null],
  ];
  const own = routinesOf(shown, 'function').map((r) => ({
    name: r.name,
    argumentTypes: inputTypes(r),
    returns: resultText(r),
  }));
  return [...(await builtInsOf(context, shown)), ...own].map(row);
}

export function listProcedures(context: ShowContext, show: Show): readonly Listed[] {
  const shown = shownSchema(context, show);
  if (shown === undefined) return [];
  const { catalog, schema } = shown;
  return routinesOf(shown, 'procedure').map((r) => [
    r.name,
    [catalog.database.name, schema.name, r.name, resultText(r), inputTypes(r).join(', ')],
  ]);
}

/** Length, precision and scale. */
function sizes({ name, length, precision, scale }: SqlType): Cells {
  if (name === 'numeric') return [null, String(precision ?? 18), String(scale ?? 0)];
  const digits = { int2: '16', int4: '32', int8: '64', float4: '24', float8: '53' }[name as string] ?? null;
  const isWhole = name === 'int2' || name === 'int4' || name === 'int8';
  return [length === undefined ? null : String(length), digits, isWhole ? '0' : null];
}
/** Whatever spelling of a type was asked for. */
function asked(type: string): string {
  const bare = type
    .toLowerCase()
    .replace(/ *\(.*$/, '')
    .trim();
  const name = canonicalType(bare);
  return Object.hasOwn(TYPE_INFO, name) ? TYPE_INFO[name as TypeName].sqlName : bare;
}

export async function listParameters(context: ShowContext, show: Show): Promise<readonly Listed[]> {
  const { names, types = [], what } = show;
  const [name = '', ...outer] = [...names].reverse();
  const [schemaName] = outer;
  const path = schemaName === undefined ? ['pg_catalog', ...context.session.searchPath()] : [schemaName];
  const kind = what === 'function parameters' ? 'function' : 'procedure';
  const wanted = types.map(asked).join();
  for (const one of path) {
    const shown = shownSchema(context, { ...show, names: [...outer.slice(1).reverse(), one] });
    if (shown === undefined) continue;
    const { catalog, schema } = shown;
    const row = (parameter: string, ordinal: number, mode: string, type: string, size: Cells): Listed => [
      parameter,
      [catalog.database.name, schema.name, name, parameter, String(ordinal), mode, type, ...size],
    ];
    const own = routinesOf(shown, kind).find((r) => r.name === name && inputTypes(r).join() === wanted);
    if (own !== undefined) {
      const result = resultOf(own);
      const returned = kind === 'function' ? [row('', 0, 'RETURN', resultText(own), sizes(result))] : [];
      const given = own.arguments.map((a, i) =>
        row(a.name ?? '', i + 1, a.mode.toUpperCase(), asked(a.type.name), sizes(a.type)),
      );
      return [...returned, ...given];
    }
    const none: Cells = [null, null, null];
    const found = (kind === 'function' ? await builtInsOf(context, shown, name) : []).find(
      (f) => f.argumentTypes.join() === wanted,
    );
    if (found === undefined) continue;
    return [
      row('', 0, 'RETURN', found.returns, none),
      ...found.argumentTypes.map((type, i) => row('', i + 1, 'IN', type, none)),
    ];
  }
  return [];
}
