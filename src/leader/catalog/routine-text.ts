/**
 * Routines of users as text: the statement that makes one again, its arguments, and what it gives. SHOW PROCEDURE, the
 * catalogs and pg_get_functiondef and its like print with these.
 */
import { formatType, TYPE_INFO, type SqlType } from '../../types/sql-type.ts';
import { quoteName, quoteQualified } from './names.ts';
import type { CatalogSnapshot, RoutineArgument, RoutineObject } from './objects.ts';
import { inputsOf, outputsOf } from './routines.ts';

/** Without its length, as signatures name it. */
export const plainType = (type: SqlType): string => formatType({ name: type.name });

/** `INOUT name type`. */
export function argumentText({ name, mode, type }: RoutineArgument): string {
  const words = [mode === 'in' ? '' : mode.toUpperCase(), name === undefined ? '' : quoteName(name)];
  return [...words, plainType(type)].filter((word) => word !== '').join(' ');
}
export const inputTypes = (routine: RoutineObject): readonly string[] =>
  inputsOf(routine).map((a) => plainType(a.type));

/** What a call gives: of a procedure its one output, a record of several, or nothing. */
export function resultOf(routine: RoutineObject): SqlType {
  if (routine.kind === 'function') return routine.returns!;
  const outputs = outputsOf(routine);
  return outputs.length === 0 ? { name: 'void' } : outputs.length === 1 ? outputs[0]!.type : { name: 'record' };
}
/** As SHOW and the catalogs name it. */
export const resultText = (routine: RoutineObject): string => TYPE_INFO[resultOf(routine).name].sqlName;

/** A dollar quote that the body does not hold. */
function dollarQuote(source: string): string {
  let tag = '$_$';
  for (let i = 1; source.includes(tag); i++) tag = `$_${i}$`;
  return tag;
}

export function routineDdl(catalog: Pick<CatalogSnapshot, 'schemaByOid'>, routine: RoutineObject): string {
  const { kind, name, source, returns } = routine;
  const schema = catalog.schemaByOid(routine.schemaOid)?.name ?? 'public';
  const quote = dollarQuote(source);
  const args = routine.arguments.map(argumentText).join(', ');
  const lines = [
    `CREATE OR REPLACE ${kind.toUpperCase()} ${quoteQualified(schema, name)}(${args})`,
    ...(returns === undefined ? [] : [` RETURNS ${formatType(returns)}`]),
    ...(routine.nonatomic ? [' NONATOMIC'] : []),
    ...(kind === 'function' ? [` ${routine.volatility.toUpperCase()}`] : []),
    ` LANGUAGE ${routine.language}`,
    ...(routine.definer ? [' SECURITY DEFINER'] : []),
    ...(routine.settings ?? []).map((s) => ` SET ${s.name} TO '${s.value.replaceAll("'", "''")}'`),
    `AS ${quote}${source}${quote}`,
  ];
  return `${lines.join('\n')}\n`;
}
