/** SHOW PROCEDURE: the statement that makes the procedure again. */
import { quoteName, quoteQualified } from '../catalog/names.ts';
import type { CatalogSnapshot, RoutineArgument, RoutineObject } from '../catalog/objects.ts';
import { requireRoutine } from '../catalog/routines.ts';
import { formatType } from '../../types/sql-type.ts';
import { recorded } from './recorded-command.ts';

export const SHOW_PROCEDURE_COLUMN = 'Stored Procedure Definition';

function argumentText({ name, mode, type }: RoutineArgument): string {
  const words = [mode === 'in' ? '' : mode.toUpperCase(), name === undefined ? '' : quoteName(name)];
  return [...words, formatType({ name: type.name })].filter((word) => word !== '').join(' ');
}
/** A dollar quote that the body does not hold. */
function dollarQuote(source: string): string {
  let tag = '$_$';
  for (let i = 1; source.includes(tag); i++) tag = `$_${i}$`;
  return tag;
}

export function procedureDdl(catalog: CatalogSnapshot, routine: RoutineObject): string {
  const schema = catalog.schemaByOid(routine.schemaOid)?.name ?? 'public';
  const quote = dollarQuote(routine.source);
  const lines = [
    `CREATE OR REPLACE PROCEDURE ${quoteQualified(schema, routine.name)}(${routine.arguments.map(argumentText).join(', ')})`,
    ...(routine.nonatomic ? [' NONATOMIC'] : []),
    ' LANGUAGE plpgsql',
    ...(routine.definer ? [' SECURITY DEFINER'] : []),
    ...(routine.settings ?? []).map(({ name, value }) => ` SET ${name} TO '${value.replaceAll("'", "''")}'`),
    `AS ${quote}${routine.source}${quote}`,
  ];
  return `${lines.join('\n')}\n`;
}

export default recorded('utility', {
  kind: 'show-procedure',
  doc: 'SHOW PROCEDURE',
  async run({ session, transaction }, { routine: reference }) {
    const catalog = transaction.catalog();
    const routine = requireRoutine(catalog, session.searchPath(), reference);
    const rows = [[procedureDdl(catalog, routine)]];
    return { tag: 'SHOW', rows: { columns: [SHOW_PROCEDURE_COLUMN], rows } };
  },
});
