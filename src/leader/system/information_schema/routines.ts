/**
 * information_schema.routines: functions and aggregates, one row per signature. Columns nobody measures here are
 * NULL and listed in `unknown`.
 */
import { TYPE_INFO } from '../../../types/sql-type.ts';
import { yesNo } from '../catalog-rows.ts';
import { procRows } from '../database-rows.ts';
import { columns, systemView } from '../define.ts';

const TYPE_NAMES = new Map(Object.values(TYPE_INFO).map((t) => [t.oid, t.sqlName]));

export default systemView({
  name: 'routines',
  schema: 'information_schema',
  doc: 'functions and aggregates, one row per signature.',
  visibleTo: 'everyone',
  functions: ['has_function_privilege(oid,text)'],
  columns: columns(`
    specific_catalog varchar(128), specific_schema varchar(128), specific_name varchar(128),
    routine_catalog varchar(128), routine_schema varchar(128), routine_name varchar(128),
    routine_type varchar(128), data_type varchar(128), routine_body varchar(128),
    routine_definition text, external_language varchar(128), is_deterministic varchar(3)
  `),
  unknown: ['routine_definition'],
  rows: (ctx) =>
    procRows(ctx).map((row) => ({
      specific_catalog: ctx.catalog.database.name,
      specific_schema: 'pg_catalog',
      specific_name: `${String(row['proname'])}_${String(row['oid'])}`,
      routine_catalog: ctx.catalog.database.name,
      routine_schema: 'pg_catalog',
      routine_name: row['proname'],
      routine_type: 'FUNCTION',
      data_type: TYPE_NAMES.get(Number(row['prorettype'])) ?? null,
      routine_body: 'EXTERNAL',
      external_language: 'INTERNAL',
      is_deterministic: yesNo(row['provolatile'] === 'i'),
    })),
});
