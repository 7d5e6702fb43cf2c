/** SVV_REDSHIFT_FUNCTIONS: functions, aggregates and stored procedures, one row per signature. */
import { schemaName } from './catalog-rows.ts';
import { argumentTypes, procedureTypeName, procRows } from './database-rows.ts';
import { columns, systemView } from './define.ts';

const TYPES: Readonly<Record<string, string>> = { a: 'AGGREGATE FUNCTION', p: 'STORED PROCEDURE' };

export default systemView({
  name: 'svv_redshift_functions',
  schema: 'pg_catalog',
  doc: 'functions, aggregates and stored procedures, one row per signature.',
  visibleTo: 'everyone',
  columns: columns(`
    database_name varchar(128), schema_name varchar(128), function_name varchar(128),
    function_type varchar(128), argument_type varchar(512), result_type varchar(128)
  `),
  rows: (ctx) =>
    procRows(ctx).map((row) => ({
      database_name: ctx.catalog.database.name,
      schema_name: schemaName(ctx, Number(row['pronamespace'])),
      function_name: row['proname'],
      function_type: TYPES[String(row['prokind'])] ?? 'REGULAR FUNCTION',
      argument_type: argumentTypes(row).join(', '),
      result_type: procedureTypeName(Number(row['prorettype'])),
    })),
});
