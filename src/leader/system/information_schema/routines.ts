/**
 * information_schema.routines: functions, aggregates and procedures, one row per signature. Columns nobody measures here are
 * NULL and listed in `unknown`.
 */
import { TYPE_INFO } from '../../../types/sql-type.ts';
import { PG_CATALOG_OID, schemaName, yesNo } from '../catalog-rows.ts';
import { procRows } from '../database-rows.ts';
import { columns, systemView } from '../define.ts';
import { LANGUAGE_OIDS } from '../routine-rows.ts';

const TYPE_NAMES = new Map(Object.values(TYPE_INFO).map((t) => [t.oid, t.sqlName]));

const languageName = (oid: number): string =>
  Object.entries(LANGUAGE_OIDS)
    .find(([, known]) => known === oid)![0]
    .toUpperCase();

export default systemView({
  name: 'routines',
  schema: 'information_schema',
  doc: 'functions, aggregates and procedures, one row per signature; bodies show to their owners.',
  visibleTo: 'everyone',
  functions: ['has_function_privilege(oid,text)'],
  columns: columns(`
    specific_catalog varchar(128), specific_schema varchar(128), specific_name varchar(128),
    routine_catalog varchar(128), routine_schema varchar(128), routine_name varchar(128),
    routine_type varchar(128), data_type varchar(128), routine_body varchar(128),
    routine_definition text, external_language varchar(128), is_deterministic varchar(3)
  `),
  rows: (ctx) => {
    const { user } = ctx.session;
    return procRows(ctx).map((row) => {
      const schema = schemaName(ctx, Number(row['pronamespace']));
      const isBuiltIn = row['pronamespace'] === PG_CATALOG_OID;
      const language = isBuiltIn ? 'INTERNAL' : languageName(Number(row['prolang']));
      const isMine = !isBuiltIn && (user.superuser || row['proowner'] === user.oid);
      return {
        specific_catalog: ctx.catalog.database.name,
        specific_schema: schema,
        specific_name: `${String(row['proname'])}_${String(row['oid'])}`,
        routine_catalog: ctx.catalog.database.name,
        routine_schema: schema,
        routine_name: row['proname'],
        routine_type: row['prokind'] === 'p' ? 'PROCEDURE' : 'FUNCTION',
        data_type: TYPE_NAMES.get(Number(row['prorettype'])) ?? null,
        routine_body: language === 'SQL' ? 'SQL' : 'EXTERNAL',
        routine_definition: isMine ? row['prosrc'] : null,
        external_language: language,
        is_deterministic: yesNo(row['provolatile'] === 'i'),
      };
    });
  },
});
