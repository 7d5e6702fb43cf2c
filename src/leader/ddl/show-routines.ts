/**
 * SHOW FUNCTIONS and PROCEDURES of a schema, and SHOW PARAMETERS of one of them. Functions are those of PG_PROC; there are
 * no procedures.
 */
import { shownSchema } from './show-context.ts';
import type { Listed, Show, ShowContext } from './show-context.ts';

const literal = (text: string): string => `'${text.replace(/[\\']/g, (c) => (c === "'" ? "''" : '\\\\'))}'`;

interface Routine {
  readonly name: string;
  readonly argumentTypes: readonly string[];
  readonly returns: string;
}

async function functionsOf(
  { session, transaction, services }: ShowContext,
  schemaOid: number,
  name?: string,
): Promise<readonly Routine[]> {
  const named = name === undefined ? '' : ` and proname = ${literal(name)}`;
  const { rows } = await services.query(
    session,
    transaction,
    `select proname, oidvectortypes(proargtypes), format_type(prorettype, null) from pg_catalog.pg_proc
     where pronamespace = ${schemaOid}${named} order by 1, 2`,
  );
  return rows.map(([proname, types, returns]) => ({
    name: proname ?? '',
    argumentTypes: types === null || types === '' ? [] : types!.split(', '),
    returns: returns ?? '',
  }));
}

export async function listFunctions(context: ShowContext, show: Show): Promise<readonly Listed[]> {
  const shown = shownSchema(context, show);
  if (shown === undefined) return [];
  const { schema } = shown;
  const database = shown.catalog.database.name;
  const found = await functionsOf(context, schema.oid);
  return found.map((f) => [
    f.name,
    [database, schema.name, f.name, String(f.argumentTypes.length), f.argumentTypes.join(', '), f.returns, null],
  ]);
}

export const listProcedures = (): readonly Listed[] => [];

export async function listParameters(context: ShowContext, show: Show): Promise<readonly Listed[]> {
  const { names, types = [], what } = show;
  const [name = '', ...outer] = [...names].reverse();
  const shown = shownSchema(context, { ...show, names: outer.length === 0 ? ['pg_catalog'] : [...outer].reverse() });
  const asked = types.map((t) => t.toLowerCase().trim());
  const found =
    shown !== undefined && what === 'function parameters' ? await functionsOf(context, shown.schema.oid, name) : [];
  const routine = found.find((f) => f.argumentTypes.join() === asked.join());
  if (shown === undefined || routine === undefined) return [];
  const { schema } = shown;
  const database = shown.catalog.database.name;
  const row = (ordinal: number, kind: string, type: string): Listed => [
    '',
    [database, schema.name, name, '', String(ordinal), kind, type, null, null, null],
  ];
  return [row(0, 'RETURN', routine.returns), ...routine.argumentTypes.map((type, i) => row(i + 1, 'IN', type))];
}
