/** SVV_REDSHIFT_FUNCTIONS: built-in functions and aggregates, one row per signature. */
import { schemaName } from './catalog-rows.ts';
import { argumentTypes, procedureTypeName, procRows } from './database-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_redshift_functions',
  schema: 'pg_catalog',
  doc: 'built-in functions and aggregates, one row per signature.',
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
      function_type: row['proisagg'] === true ? 'AGGREGATE FUNCTION' : 'REGULAR FUNCTION',
      argument_type: argumentTypes(row).join(', '),
      result_type: procedureTypeName(Number(row['prorettype'])),
    })),
});
